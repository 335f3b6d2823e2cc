import Definitions
import Foundation
import Instruments
import LocalTime
import Storage
import Studies
import Testing

@testable import Collection

struct PublishingTests {
  private static let next = ("version: 1.0.0", "version: 1.1.0")

  private func occasions(of name: String, at desk: StudyDesk) async throws -> [OccasionRecord] {
    try await desk.database.read { try $0.occasions(of: name) }
  }

  @Test func `for new participants, those who take part go on as before`() async throws {
    let stage = try await Stage()
    let old = try await stage.enrol()
    let before = try await occasions(of: old, at: stage.desk)
    let edited = try EditedStudy()
    try edited.edit("study.yaml", edits: [Self.next, ("times: 2", "times: 3")])
    let publishing = try await stage.desk.publish(
      try edited.folder(), for: .newParticipants, now: Stage.after(hours: 1))
    #expect(publishing.publication.number == 2)
    #expect(publishing.publication.appliesTo == .newParticipants)
    let desk = publishing.desk
    let late = try await stage.desk.refreshed()
    #expect(late.current.publication == desk.current.publication)
    #expect(try await late.refreshed().versions.count == 2)
    #expect(desk.isUpToDate(with: try edited.folder()))
    #expect(try await occasions(of: old, at: desk) == before)
    var generator = SystemRandomNumberGenerator()
    let new = try await desk.enrol(
      Enrolment(zone: "Europe/Amsterdam"), agreeingTo: ["surveys"], now: Stage.after(hours: 2),
      using: &generator)
    #expect(new.participant.publication == 2)
    #expect(new.planned == 4)
    #expect(try await stage.database.verify() == [])
  }

  @Test func `for everyone, what has not opened follows, what has opened stays`() async throws {
    let stage = try await Stage()
    let name = try await stage.randomised()
    // The first week has opened at 19 January 08:00Z and is not begun.
    let now = Stage.after(hours: 7 * 24 + 1)
    let edited = try EditedStudy()
    try edited.edit(
      "study.yaml",
      edits: [
        Self.next, ("times: 2", "times: 3"), ("time: \"09:00\"", "time: \"10:00\""),
        ("instruments: [mood]", "instruments: [mood, use]"),
      ])
    let publishing = try await stage.desk.publish(try edited.folder(), for: .everyone, now: now)
    #expect(publishing.participants == 1)
    #expect(publishing.change == PlanChange(moved: 1))
    #expect(publishing.added == 1)
    let planned = try await occasions(of: name, at: publishing.desk)
    #expect(planned.map(\.plan) == ["baseline", "week", "week", "week"])
    #expect(planned.map(\.publication) == [1, 1, 2, 2])
    #expect(
      planned.map(\.opensLocal).dropFirst() == [
        "2026-01-19T09:00:00", "2026-01-26T10:00:00", "2026-02-02T10:00:00",
      ])
    #expect(planned.map(\.instruments.count) == [2, 1, 2, 2])
    let opened = try await publishing.desk.begin(planned[1].uuid, of: name, now: now)
    #expect(opened.session.publication == 1)
    #expect(opened.instruments.map(\.id) == ["mood"])
    let later = try await publishing.desk.begin(
      planned[2].uuid, of: name, now: Stage.after(hours: 14 * 24))
    #expect(later.session.publication == 2)
    #expect(later.instruments.map(\.id) == ["mood", "use"])
    let participant = try await stage.database.read { try $0.participant(name) }
    #expect(participant?.publication == 2)
    #expect(try await stage.database.verify() == [])
  }

  @Test func `a begun session finishes on its version`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    let session = try await stage.begin("baseline", of: name)
    try await stage.save("m1", .number(4), in: session)
    let edited = try EditedStudy()
    try edited.edit("study.yaml", edits: [Self.next])
    try edited.edit("instruments/mood.yaml", edits: [("version: 1.0.0", "version: 1.0.1")])
    let desk = try await stage.desk.publish(
      try edited.folder(), for: .everyone, now: Stage.after(hours: 1)
    ).desk
    try await desk.save(
      AnswerToSave(session: session, instrument: "use", item: "used", answer: .number(0)),
      now: Stage.after(hours: 1))
    let submission = try await desk.submit(session, now: Stage.after(hours: 1))
    #expect(submission.session.publication == 1)
    #expect(submission.session.instruments.map(\.version) == ["1.0.0", "1.0.0"])
    #expect(submission.allocation != nil)
    #expect(try await desk.auditAllocation().allSatisfy(\.agrees))
    #expect(try await stage.database.verify() == [])
  }

  @Test func `nothing is published twice, and nothing that is no later version`() async throws {
    let stage = try await Stage()
    let edited = try EditedStudy()
    let same = await refusal {
      _ = try await stage.desk.publish(
        try edited.folder(), for: .everyone, now: Stage.start)
    }
    #expect(same?.code == .nothingToPublish)
    try edited.edit("study.yaml", edits: [("title: A small study", "title: Another title")])
    let problems = try await stage.desk.publicationProblems(
      of: try edited.folder(), for: .newParticipants, now: Stage.start)
    #expect(problems.list.map(\.suggestion) == ["1.0.1"])
    await #expect(throws: Problems.self) {
      _ = try await stage.desk.publish(
        try edited.folder(), for: .everyone, now: Stage.start)
    }
    #expect(try await stage.database.read { try $0.publications().count } == 1)
  }

  @Test(arguments: [
    ("study.yaml", "id: small", "id: smaller", "the id 'smaller'"),
    ("study.yaml", "- id: week", "- id: weekly", ""),
    ("study.yaml", "- id: baseline", "- id: start", "no occasion 'baseline'"),
    ("study.yaml", "instruments: [mood, use]", "instruments: [mood]", "no instrument 'use'"),
    ("study.yaml", "weight: 1", "weight: 2", "other arms"),
    ("study.yaml", "{ id: recontact }", "{ id: logs }", "other parts of the consent"),
    ("consent/v1.en.md", " ", "  ", "another consent text"),
    ("instruments/use.yaml", "id: used", "id: usage", "no item 'used'"),
  ])
  func `what would orphan data is refused at its place`(
    file: String, old: String, new: String, found: String
  ) async throws {
    let stage = try await Stage()
    _ = try await stage.randomised()
    let edited = try EditedStudy()
    try edited.edit("study.yaml", edits: [Self.next])
    if old.hasPrefix("- id: baseline") {
      try edited.edit(
        "study.yaml",
        edits: [("after: baseline", "after: start"), ("after baseline", "after start")])
    }
    if file.hasSuffix("use.yaml") {
      try edited.edit(file, edits: [("used", "usage")])
    } else {
      try edited.edit(file, edits: [(old, new)])
    }
    let problems = try await stage.desk.publicationProblems(
      of: try edited.folder(), for: .newParticipants, now: Stage.start)
    guard !found.isEmpty else {
      // Nobody has answered it: it may go.
      #expect(problems.list == [])
      return
    }
    #expect(problems.list.contains { $0.found.contains(found) }, "\(problems.list)")
    #expect(problems.list.allSatisfy { $0.place.file.hasPrefix(edited.url.path) })
    #expect(problems.list.allSatisfy { !$0.expected.isEmpty })
  }

  /// Two variables of one name, on 1 to 5 and on 0 to 100 or 1 to 7.
  @Test(arguments: [
    ("type: slider, range: [0, 100]", "without options that people have chosen"),
    ("type: likert, range: [0, 100]", "between other ends"),
    ("type: likert, range: [1, 7]", "between other ends"),
    ("type: single, options: { 1: a, 2: b, 3: c, 4: d, 5: e, 6: f }", nil),
  ])
  func `an item keeps the scale of the answers it has`(
    scale: String, mismatch: String?
  ) async throws {
    let stage = try await Stage()
    _ = try await stage.randomised()
    let edited = try EditedStudy()
    try edited.edit("study.yaml", edits: [Self.next])
    try edited.edit(
      "instruments/mood.yaml",
      edits: [
        ("version: 1.0.0", "version: 2.0.0"), (", reverse: true", ""), ("mood: 4.5", "mood: 3.5"),
        (
          "type: likert, options: { 1: Not at all, 2: A little, 3: Some, 4: Much, 5: Completely }",
          scale
        ),
      ])
    let problems = try await stage.desk.publicationProblems(
      of: try edited.folder(), for: .newParticipants, now: Stage.start)
    #expect(
      problems.list.filter { $0.severity == .error }.map(\.found)
        == (mismatch.map { ["the item 'm1' \($0)"] } ?? []))
  }

  @Test(arguments: [
    ("words", "2.1.0", true), ("words", "2.1.1", false), ("comment", "2.1.0", false),
  ])
  func `other words of an overlay need a higher version`(
    change: String, version: String, isRefused: Bool
  ) async throws {
    let stage = try await Stage(fixture: "carrying")
    var generator = SystemRandomNumberGenerator()
    let joining = try await stage.desk.enrol(
      Enrolment(zone: "Europe/Amsterdam", site: "accra"), agreeingTo: ["surveys"],
      now: Stage.start, using: &generator)
    let occasion = try #require(
      try await stage.database.read {
        try $0.occasions(of: joining.participant.pseudonym).first { $0.instruments.contains("low") }
      })
    _ = try await stage.desk.begin(
      occasion.uuid, of: joining.participant.pseudonym, now: occasion.opens)
    let edited = try EditedStudy("carrying")
    try edited.edit("study.yaml", edits: [("version: 1.0.0", "version: 1.0.1")])
    try edited.edit(
      "overlays/accra/low.en.yaml",
      edits: [
        ("version: 2.1.0", "version: \(version)"),
        change == "words"
          ? ("I was low.", "I was down.") : ("author: Team", "author: Team # as before"),
      ])
    let problems = try await stage.desk.publicationProblems(
      of: try edited.folder(), for: .everyone, now: occasion.opens)
    #expect(
      problems.list.filter { $0.severity == .error }.map(\.found)
        == (isRefused ? ["other words under version 2.1.0, which people may have read"] : []))
  }

  @Test(arguments: [
    ("prompt", "1.0.0", true), ("prompt", "1.0.1", false), ("comment", "1.0.0", false),
  ])
  func `other content of an instrument needs a higher version`(
    change: String, version: String, isRefused: Bool
  ) async throws {
    let stage = try await Stage()
    _ = try await stage.randomised()
    let edited = try EditedStudy()
    try edited.edit("study.yaml", edits: [Self.next])
    let edits =
      change == "prompt"
      ? [("I feel well.", "I feel fine.")] : [("title: Mood", "title: Mood # so")]
    try edited.edit(
      "instruments/mood.yaml", edits: edits + [("version: 1.0.0", "version: \(version)")])
    let problems = try await stage.desk.publicationProblems(
      of: try edited.folder(), for: .everyone, now: Stage.start)
    #expect(
      problems.list.filter { $0.severity == .error }.map(\.found)
        == (isRefused ? ["other content under version 1.0.0, which people have answered"] : []))
  }

  @Test func `texts are compared line by line`() throws {
    let edited = try EditedStudy()
    let text = edited.url.appending(path: "consent/v1.en.md")
    try Data("# One\n\nTwo.\nThree.\n".utf8).write(to: text)
    let old = try edited.folder()
    try Data("# One\n\nTwo, again.\nThree.\nFour.\n".utf8).write(to: text)
    let lines = try edited.folder().differences(from: old).map {
      "\($0.path): \($0.old ?? "-") to \($0.new ?? "-")"
    }
    #expect(
      lines == ["line 3: Two. to -", "line 3: - to Two, again.", "line 5: - to Four."])
  }

  private static let diary = """
      - { id: diary, days: 1-14, time: "20:00", open_for: 3h, instruments: [mood] }
      - { id: prompt, random: { per_day: 3, between: ["09:00", "18:00"], apart: 1h }, days: 1-14, \
    open_for: 30m, instruments: [mood] }

    """

  /// Changes to days and prompts on the fifth day, and whether people can go on with them.
  @Test(arguments: [
    ("per_day: 3", "per_day: 2", false),
    ("days: 1-14, time", "days: 3-14, time", false),
    ("days: 1-14, time", "days: 1-14, weekdays: [monday], time", false),
    ("days: 1-14, time", "days: 1-20, time", true),
    ("days: 1-14, time", "days: 1-7, time", true),
    ("time: \"20:00\"", "time: \"21:00\"", true),
    ("[\"09:00\", \"18:00\"]", "[\"10:00\", \"19:00\"]", true),
    ("days: 1-14, open_for: 30m", "days: 1-21, open_for: 20m", true),
  ])
  func `what opens after a publication is what a newcomer would have then, or it is refused`(
    old: String, new: String, isAccepted: Bool
  ) async throws {
    let edited = try EditedStudy()
    try edited.edit("study.yaml", edits: [("occasions:\n", "occasions:\n" + Self.diary)])
    let stage = try await Stage()
    let desk = try await StudyDesk.open(
      ResearchDatabase.open(
        at: stage.folder.appending(path: "diary.db"), mode: .create(kind: .real),
        secrets: .system),
      publishing: try edited.folder(), allocationSeed: 1, now: Stage.start)
    var generator = SeededGenerator(seed: 1)
    let name = try await desk.enrol(
      Enrolment(zone: "Europe/Amsterdam"), agreeingTo: ["surveys"], now: Stage.start,
      using: &generator
    ).participant.pseudonym
    let now = Stage.after(hours: 4 * 24)
    try edited.edit("study.yaml", edits: [Self.next, (old, new)])
    let folder = try edited.folder()
    #expect(
      try await desk.publicationProblems(of: folder, for: .newParticipants, now: now).list == [])
    guard isAccepted else {
      await #expect(throws: Problems.self) {
        try await desk.publish(folder, for: .everyone, now: now)
      }
      let problems = try await desk.publicationProblems(of: folder, for: .everyone, now: now)
      #expect(problems.list.map(\.found).allSatisfy { $0.contains("has begun") })
      return
    }
    let published = try await desk.publish(folder, for: .everyone, now: now).desk
    let participant = try #require(try await desk.database.read { try $0.participant(name) })
    let fresh = folder.study.plannedOccasions(
      enrolled: participant.enrolled, zone: try #require(TimeZone(identifier: participant.zone)),
      seed: participant.uuid.scheduleSeed)
    let all = try await occasions(of: name, at: published)
    let planned = all.filter { $0.opens > now && $0.state == .planned }
    // A prompt that has opened under the old version is not asked again at its new hour.
    let begun = Set(all.filter { $0.opens <= now }.map { "\($0.plan) \($0.index)" })
    let fromNow = fresh.filter {
      $0.opens.instant > now && !begun.contains("\($0.id) \($0.index)")
    }
    let words = { (id: String, index: Int, opens: Date) in "\(id) \(index) \(opens)" }
    #expect(
      planned.map { words($0.plan, $0.index, $0.opens) }.sorted()
        == fromNow.map { words($0.id, $0.index, $0.opens.instant.wholeMilliseconds) }.sorted())
    #expect(try await published.examine(now: now, channels: []) == [])
  }

  @Test func `differences are shown value by value`() throws {
    let edited = try EditedStudy()
    let old = try edited.folder()
    try edited.edit(
      "study.yaml", edits: [Self.next, ("times: 2", "times: 3"), ("- { id: recontact }", "")])
    let lines = try edited.folder().differences(from: old).map {
      "\($0.document) \($0.path): \($0.old ?? "-") to \($0.new ?? "-")"
    }
    #expect(
      lines == [
        "small version: 1.0.0 to 1.1.0", "small consent.parts.recontact: { id: recontact } to -",
        "small occasions.week.times: 2 to 3",
      ])
  }
}
