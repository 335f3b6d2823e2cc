import Collection
import Definitions
import Foundation
import Instruments
import Storage
import Studies
import Testing

/// Scores computed again under another version of their instrument.
struct RescoringTests {
  /// A stage with one submitted session of known answers, and the session.
  private func stage() async throws -> (stage: Stage, session: UUID) {
    let stage = try await Stage()
    let session = try await stage.begin("baseline", of: try await stage.enrol())
    try await stage.save("m1", .number(5), in: session)
    try await stage.save("m2", .number(2), in: session)
    try await stage.save("used", .number(0), in: session)
    try await stage.desk.submit(session, now: Stage.start)
    return (stage, session)
  }

  /// The desk after a version of the study was published with a changed `mood`.
  private func publish(
    _ stage: Stage, replacing changes: [(String, String)]
  ) async throws -> StudyDesk {
    let documents = stage.desk.current.definitions.documents.map { document -> StudyDocument in
      guard document.id == "mood" else { return document }
      let text = changes.reduce(String(decoding: document.bytes, as: UTF8.self)) {
        $0.replacing($1.0, with: $1.1)
      }
      return StudyDocument(
        kind: .instrument, id: "mood", version: "2.0.0",
        bytes: Array(text.replacing("version: 1.0.0", with: "version: 2.0.0").utf8))
    }
    var problems = Problems()
    let folder = try #require(
      StudyFolder.load(documents: documents, problems: &problems), "\(problems.list)")
    _ = try await stage.database.write { transaction in
      try transaction.publish(
        studyID: folder.study.id, version: "2.0.0", contentHash: folder.contentHash,
        definitions: documents.compactMap { document in
          DefinitionRecord.Kind(rawValue: document.kind.rawValue).map {
            DefinitionRecord(
              kind: $0, id: document.id, version: document.version, bytes: document.bytes)
          }
        }, at: Stage.after(hours: 1))
    }
    return try await StudyDesk.open(stage.database, allocationSeed: 1, now: Stage.after(hours: 1))
  }

  /// The desk after a version was published that no longer turns the second item.
  private func unreversed(_ stage: Stage) async throws -> StudyDesk {
    let source = try #require(stage.desk.current.definitions.instruments["mood"]).source
    let text = String(decoding: source, as: UTF8.self)
    let tests = try #require(text.range(of: "tests:"))
    return try await publish(
      stage,
      replacing: [
        (", reverse: true", ""), (String(text[tests.lowerBound...]), "imported: from a test\n"),
      ])
  }

  @Test func `a wrong key is mended by publishing the right one`() async throws {
    let (stage, _) = try await stage()
    let edited = try EditedStudy()
    try edited.edit("study.yaml", edits: [("version: 1.0.0", "version: 1.1.0")])
    try edited.edit(
      "instruments/mood.yaml",
      edits: [
        ("version: 1.0.0", "version: 1.1.0"), (", reverse: true", ""),
        ("scores: { mood: 4.5 }", "scores: { mood: 3.5 }"),
      ])
    let publishing = try await stage.desk.publish(
      try edited.folder(), for: .newParticipants, now: Stage.after(hours: 1))
    let result = try await publishing.desk.rescore(now: Stage.after(hours: 2))
    #expect(result.versions["mood"] == "1.1.0" && result.changed == 1)
    let rows = try await stage.database.read { try $0.scoreRows() }
      .filter { $0.score.name == "mood" }
    #expect(rows.map(\.score.value) == [4.5, 3.5])
    #expect(rows.map(\.isCurrent) == [false, true])
    let found = try await publishing.desk.examine(now: Stage.after(hours: 3), channels: [])
    #expect(!found.contains { $0.kind == .staleScore })
    #expect(try await stage.database.verify() == [])
  }

  @Test func `another version's scores become current, and both are kept`() async throws {
    let (stage, session) = try await stage()
    let desk = try await unreversed(stage)
    let stale = try await desk.staleScores()
    #expect(stale.map(\.instrument) == ["mood"] && stale.map(\.names) == [["mood"]])
    #expect(stale.map(\.session) == [session])
    let findings = try await desk.examine(now: Stage.after(hours: 2), channels: [])
    #expect(findings.map(\.kind) == [.staleScore])
    #expect(findings.first?.detail == "mood mood; see longwell rescore")
    let result = try await desk.rescore(now: Stage.after(hours: 2))
    #expect(try await desk.examine(now: Stage.after(hours: 2), channels: []) == [])
    #expect(result.versions["mood"] == "2.0.0")
    #expect(result.looked == 2 && result.rescored == 1 && result.changed == 1)
    let rows = try await stage.database.read { try $0.scoreRows() }
      .filter { $0.score.name == "mood" }
    // m1 is 5 and m2 is 2, which the first version turned to 4.
    #expect(rows.map(\.score.value) == [4.5, 3.5])
    #expect(rows.map(\.isCurrent) == [false, true])
    #expect(rows.map(\.score.version) == ["1.0.0", "2.0.0"])
    #expect(rows[0].score.computed < rows[1].score.computed)
    #expect(try await desk.staleScores().isEmpty)
    #expect(try await stage.database.verify() == [])
  }

  @Test func `going back makes the first ones current again, on the chain`() async throws {
    let (stage, _) = try await stage()
    let desk = try await unreversed(stage)
    _ = try await desk.rescore(instrument: "mood", now: Stage.after(hours: 2))
    let back = try await desk.rescore(
      instrument: "mood", version: "1.0.0", now: Stage.after(hours: 3))
    #expect(back.rescored == 1 && back.changed == 1)
    let rows = try await stage.database.read { try $0.scoreRows() }
      .filter { $0.score.name == "mood" }
    #expect(rows.count == 2 && rows.map(\.isCurrent) == [true, false])
    #expect(try await stage.database.verify() == [])
    // Now the first version's scores are out of date again.
    #expect(try await desk.staleScores().count == 1)
    let events = try await stage.database.read { snapshot in
      let name = try #require(try snapshot.participantRows().first).participant
      return try snapshot.events(of: .participant(name.uuid)).map(\.kind)
    }
    #expect(events.count { $0 == .scoresRecomputed } == 2)
  }

  @Test func `nothing is done twice, nor where two versions score alike`() async throws {
    let (stage, _) = try await stage()
    let desk = try await publish(stage, replacing: [("title: ", "title: New ")])
    #expect(desk.current.publication.number == 2)
    #expect(try await desk.staleScores().isEmpty)
    #expect(try await desk.rescore(now: Stage.after(hours: 2)).rescored == 0)
    let changed = try await unreversed(stage)
    #expect(try await changed.rescore(now: Stage.after(hours: 2)).rescored == 1)
    #expect(try await changed.rescore(now: Stage.after(hours: 3)).rescored == 0)
  }

  @Test func `a version that was never published is refused with those that were`() async throws {
    let (stage, _) = try await stage()
    let error = await refusal {
      _ = try await stage.desk.rescore(
        instrument: "mood", version: "9.0.0", now: Stage.after(hours: 1))
    }
    #expect(error?.code == .unknownInstrument)
    #expect(error?.description.contains("published: 1.0.0") == true)
    #expect(
      await refusal { _ = try await stage.desk.rescore(instrument: "nope", now: Stage.start) }?.code
        == .unknownInstrument)
  }
}

/// Answers after which somebody must look after a participant.
struct SafetyTests {
  @Test func `an answer of concern is listed as soon as it is kept`() async throws {
    let stage = try await Stage(fixture: "carrying")
    let name = try await stage.enrol(site: "leiden")
    let noon = Stage.after(hours: 1)
    let occasion = try await stage.occasion("day", of: name)
    let session = try await stage.desk.begin(occasion.uuid, of: name, now: noon)
    func save(_ item: String, _ number: Double) async throws {
      try await stage.desk.save(
        AnswerToSave(
          session: session.session.uuid, instrument: "low", item: item, answer: .number(number)),
        now: noon)
    }
    try await save("down", 1)
    try await save("fine", 1)
    #expect(try await stage.desk.concerns().isEmpty)
    try await save("down", 2)
    let concerns = try await stage.desk.concerns()
    let concern = try #require(concerns.first)
    #expect(concerns.count == 1)
    #expect(concern.pseudonym == name && concern.item == "down" && concern.instrument == "low")
    #expect(concern.due == noon.addingTimeInterval(86_400))
    #expect(concern.alert == "doctor@example.org")
    // Reversed: 0 is as bad as it gets.
    try await save("fine", 0)
    #expect(try await stage.desk.concerns().count == 2)
    #expect(try await stage.desk.concerns(since: Stage.after(hours: 2)).isEmpty)
    try await save("down", 0)
    #expect(try await stage.desk.concerns().map(\.item) == ["fine"])
  }

  @Test func `participants are shown the study's text in their language`() async throws {
    let stage = try await Stage(fixture: "carrying")
    var generator = SystemRandomNumberGenerator()
    let participant = try await stage.desk.enrol(
      Enrolment(zone: "Europe/Amsterdam", site: "leiden", language: "nl"), now: Stage.start,
      using: &generator)
    try await stage.desk.consent(participant.pseudonym, to: ["surveys"], now: Stage.start)
    let occasion = try await stage.occasion("day", of: participant.pseudonym)
    let session = try await stage.desk.begin(
      occasion.uuid, of: participant.pseudonym, now: Stage.after(hours: 1))
    let notice = try #require(try stage.desk.safetyNotice(for: session))
    #expect(notice.text == "Je staat er niet alleen voor.\n")
    #expect(notice.contact == "Study doctor, +31 71 000 0000")
    let small = try await Stage()
    let name = try await small.enrol()
    let other = try await small.desk.session(try await small.begin("baseline", of: name))
    #expect(try small.desk.safetyNotice(for: other) == nil)
  }

  @Test func `exploratory cut-offs are computed where the study says so`() async throws {
    let stage = try await Stage(fixture: "carrying")
    let name = try await stage.enrol(site: "leiden")
    let occasion = try await stage.occasion("day", of: name)
    let session = try await stage.desk.begin(occasion.uuid, of: name, now: Stage.after(hours: 1))
      .session.uuid
    for (item, number) in [("down", 2.0), ("fine", 1)] {
      try await stage.desk.save(
        AnswerToSave(session: session, instrument: "low", item: item, answer: .number(number)),
        now: Stage.after(hours: 1))
    }
    let submission = try await stage.desk.submit(session, now: Stage.after(hours: 1))
    let values = submission.scores.filter { $0.instrument == "low" }
    #expect(values.map(\.name) == ["flag", "sum"] && values.map(\.value) == [1, 4])
  }
}
