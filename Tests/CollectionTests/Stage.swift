import Collection
import Definitions
import Foundation
import Identities
import Instruments
import Storage
import Studies
import Testing

/// A small study with an empty database in a folder that is gone when the test is.
final class Stage: Sendable {
  /// Monday 2026-01-12T10:00Z, 11:00 in Amsterdam; clocks change on 29 March, after the study.
  static let start = Date(timeIntervalSince1970: 1_768_212_000)
  static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures")
  static let fixture = fixtures.appendingPathComponent("small")

  let folder: URL
  let desk: StudyDesk

  init(
    kind: DatabaseKind = .real, secrets: Secrets = .system, allocationSeed: UInt64 = 1,
    withIdentities: Bool = false, fixture: String = "small"
  ) async throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("longwell-collection-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let database = try ResearchDatabase.open(
      at: folder.appendingPathComponent("longwell.db"), mode: .create(kind: kind),
      secrets: secrets)
    let identities =
      try withIdentities
      ? IdentityDatabase.open(
        at: folder.appendingPathComponent("identities.db"), key: .forRehearsal(seed: 1),
        creating: true) : nil
    desk = try await StudyDesk.open(
      database, identities: identities, publishing: try Self.study(fixture),
      allocationSeed: allocationSeed, now: Self.start)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var database: ResearchDatabase { desk.database }

  static func study(_ name: String = "small") throws -> StudyFolder {
    var problems = Problems()
    let folder = StudyFolder.load(
      directory: fixtures.appendingPathComponent(name), problems: &problems)
    return try #require(folder, "\(problems.list)")
  }

  /// A moment so many hours after the start.
  static func after(hours: Double) -> Date { start.addingTimeInterval(hours * 3600) }

  // MARK: Ways to get somewhere

  func enrol(
    now: Date = Stage.start, isTest: Bool = false, consenting: Bool = true,
    site: String? = nil
  ) async throws -> String {
    var generator = SystemRandomNumberGenerator()
    let participant = try await desk.enrol(
      Enrolment(
        zone: "Europe/Amsterdam", site: site, isTest: isTest,
        isSimulated: database.kind == .simulated),
      now: now, using: &generator)
    if consenting {
      try await desk.consent(participant.pseudonym, to: ["surveys"], now: now)
    }
    return participant.pseudonym
  }

  func occasion(_ plan: String, _ index: Int = 0, of pseudonym: String) async throws
    -> OccasionRecord
  {
    let found = try await database.read {
      try $0.occasion(of: pseudonym, plan: plan, index: index)
    }
    return try #require(found)
  }

  func begin(
    _ plan: String, _ index: Int = 0, of pseudonym: String, now: Date = Stage.start
  ) async throws -> UUID {
    let occasion = try await occasion(plan, index, of: pseudonym)
    return try await desk.begin(occasion.uuid, of: pseudonym, now: now).session.uuid
  }

  @discardableResult
  func save(
    _ item: String, _ answer: Answer?, in session: UUID, key: String? = nil,
    now: Date = Stage.start
  ) async throws -> SaveOutcome {
    try await desk.save(
      AnswerToSave(
        session: session, instrument: item.hasPrefix("m") ? "mood" : "use", item: item,
        answer: answer, clientKey: key), now: now)
  }

  /// A participant with a submitted baseline.
  func randomised(isTest: Bool = false, site: String? = nil) async throws -> String {
    let pseudonym = try await enrol(isTest: isTest, site: site)
    let session = try await begin("baseline", of: pseudonym)
    try await save("m1", .number(4), in: session)
    try await save("used", .number(0), in: session)
    try await desk.submit(session, now: Stage.start)
    return pseudonym
  }
}

/// Expects a refusal and returns it.
func refusal(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async -> CollectionError? {
  await #expect(throws: CollectionError.self, sourceLocation: sourceLocation) { try await body() }
}
