import Foundation
import Instruments
import Storage
import Studies
import Testing

@testable import Collection

/// Strata of what people answered, in the small study: `mood` is the mean of `m1` and `6 - m2`.
@Suite("Arms balanced by what was answered")
struct AllocationStrataTests {
  private func desk(_ stage: Stage, _ allocation: String) async throws -> StudyDesk {
    let edited = try EditedStudy()
    try edited.edit(
      "study.yaml",
      edits: [
        ("version: 1.0.0", "version: 1.1.0"),
        ("languages: [en]", "languages: [en]\nsites: [main, other]"),
        ("{ method: simple, after: baseline }", allocation),
      ])
    return try await stage.desk.publish(try edited.folder(), for: .everyone, now: Stage.start).desk
  }

  private func randomise(_ well: Double?, at desk: StudyDesk, site: String) async throws -> String {
    var generator = SystemRandomNumberGenerator()
    let name = try await desk.enrol(
      Enrolment(zone: "Europe/Amsterdam", site: site), agreeingTo: ["surveys"], now: Stage.start,
      using: &generator
    ).participant.pseudonym
    let occasion = try #require(
      try await desk.database.read {
        try $0.occasion(of: name, plan: "baseline", index: 0)
      })
    let session = try await desk.begin(occasion.uuid, of: name, now: Stage.start).session.uuid
    for (instrument, item, number) in [("mood", "m1", well), ("use", "used", 0)] {
      try await desk.save(
        AnswerToSave(
          session: session, instrument: instrument, item: item,
          answer: number.map { .number($0) }), now: Stage.start)
    }
    try await desk.submit(session, now: Stage.start)
    return name
  }

  @Test(arguments: ["mood.mood", "mood.m1"])
  func `draws are balanced within levels and sites, stored, and made again by the audit`(
    value: String
  ) async throws {
    let stage = try await Stage()
    let desk = try await desk(
      stage,
      "{ method: permuted-blocks, block_sizes: [2], after: baseline, "
        + "strata: [site, { id: severity, of: \(value), cut: [3] }] }")
    var names: [String] = []
    for place in 0..<24 {
      let well: Double? = [2, 3, 5, nil][place % 4]
      names.append(
        try await randomise(well, at: desk, site: place.isMultiple(of: 3) ? "other" : "main"))
    }
    let audit = try await desk.auditAllocation()
    #expect(audit.count == 24 && audit.allSatisfy(\.agrees))
    for (place, draw) in audit.enumerated() {
      let level = ["below 3", "3 or more", "3 or more", "unknown"][place % 4]
      #expect(draw.allocation.stratum.hasSuffix(";severity=\(level)"))
    }
    let strata = Dictionary(grouping: audit.map(\.allocation), by: \.stratum)
    #expect(strata.count == 6)
    for draws in strata.values {
      let arms = Dictionary(grouping: draws, by: \.arm).mapValues(\.count)
      #expect(abs((arms["usual"] ?? 0) - (arms["supportive"] ?? 0)) <= 1)
    }
    // What the seed gave stays what it gave when the answers are gone.
    _ = try await desk.withdraw(
      names[0], .stopAndErase, now: Stage.start, erasingAt: ErasurePlaces())
    #expect(try await desk.auditAllocation().allSatisfy(\.agrees))
    #expect(try await stage.database.verify() == [])
  }

  @Test(.enabled(if: Stage.canTamper))
  func `a level that the answers do not give is found by the audit`() async throws {
    let stage = try await Stage()
    let desk = try await desk(
      stage,
      "{ method: minimisation, after: baseline, "
        + "strata: [{ id: severity, of: mood.mood, cut: [3] }] }")
    for well in [2.0, 4, 5] { _ = try await randomise(well, at: desk, site: "main") }
    try stage.tamper("UPDATE allocations SET stratum = 'severity=below 3' WHERE draw = 3")
    #expect(try await desk.auditAllocation().map(\.agrees) == [true, true, false])
  }
}
