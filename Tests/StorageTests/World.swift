import Foundation
import GRDB
import Storage

/// A folder that is gone when the test is.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("longwell-storage-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  var database: URL { url.appendingPathComponent("longwell.db") }

  deinit { try? FileManager.default.removeItem(at: url) }
}

/// A study with one publication, ready for participants.
struct World {
  static let start = Date(timeIntervalSince1970: 1_800_000_000)
  static let hash = String(repeating: "a", count: 64)

  let folder: TemporaryFolder
  let database: ResearchDatabase

  init(secrets: Secrets = .system, kind: DatabaseKind = .simulated) async throws {
    folder = try TemporaryFolder()
    database = try ResearchDatabase.open(
      at: folder.database, mode: .create(kind: kind), secrets: secrets)
    _ = try await database.write { transaction in
      try transaction.publish(
        studyID: "quickstart", version: "1.0.0", contentHash: World.hash,
        definitions: [
          DefinitionRecord(kind: .study, id: "quickstart", version: "1.0.0", bytes: [1, 2, 3])
        ], at: World.start)
    }
  }

  /// Changes the file as somebody with an SQLite shell would.
  func tamper(_ sql: String) throws {
    let queue = try DatabaseQueue(path: folder.database.path)
    try queue.inDatabase { database in
      try database.execute(sql: "PRAGMA foreign_keys = OFF")
      try database.execute(sql: sql)
    }
    try queue.close()
  }
}

extension ResearchTransaction {
  /// Enrols one participant with a planned occasion for each index.
  @discardableResult
  func enrol(_ pseudonym: String, occasions: Int = 1, isTest: Bool = false) throws -> [UUID] {
    let now = World.start
    try insert(
      ParticipantRecord(
        uuid: secrets.uuid(for: pseudonym), pseudonym: pseudonym, isTest: isTest, enrolled: now,
        zone: "Europe/Amsterdam", publication: 1), zoneDataVersion: "2026a")
    try insert(
      ConsentRecord(
        version: 1, part: "surveys", isAgreed: true, textHash: World.hash, language: "en",
        decided: now), of: pseudonym)
    let planned = (0..<occasions).map { plannedOccasion($0, of: pseudonym) }
    try insert(planned, of: pseudonym, at: now)
    return planned.map(\.uuid)
  }

  /// An occasion as the plan has it, or so many seconds later, or opened by the participant.
  func plannedOccasion(
    _ index: Int, of pseudonym: String, later seconds: Double = 0, isEvent: Bool = false
  ) -> OccasionRecord {
    let opens = World.start.addingTimeInterval(Double(index) * 604_800 + seconds)
    return OccasionRecord(
      uuid: secrets.uuid(for: "\(pseudonym) \(index)"), pseudonym: pseudonym, plan: "week",
      index: index, opens: opens, opensLocal: "2027-01-15T09:00:00", offsetSeconds: 3600,
      zone: "Europe/Amsterdam", zoneDataVersion: "2026a",
      closes: opens.addingTimeInterval(172_800), graceEnds: opens.addingTimeInterval(259_200),
      instruments: ["needs-6"], isEvent: isEvent, stateSince: World.start)
  }

  /// Begins the session of an occasion.
  func begin(_ occasion: UUID, of pseudonym: String, at now: Date = World.start) throws -> UUID {
    let uuid = secrets.uuid(for: "session of \(occasion)")
    try insert(
      SessionRecord(
        uuid: uuid, occasion: occasion, pseudonym: pseudonym, begun: now, lastActive: now,
        publication: 1,
        instruments: [
          SessionInstrument(
            id: "needs-6", version: "1.0.0", contentHash: World.hash, language: "nl",
            overlay: SessionOverlay(
              id: "longwell/needs-6.nl", version: "1.0.0", hash: World.hash, isReviewed: false),
            itemOrder: ["n02", "n01"])
        ]))
    return uuid
  }

  /// Saves one number.
  @discardableResult
  func answer(
    _ item: String, _ number: Double, in session: UUID, key: String? = nil,
    at now: Date = World.start
  ) throws -> SaveOutcome {
    try save(
      ResponseToSave(
        session: session, instrument: "needs-6", item: item, answer: .number(number),
        clientKey: key), at: now)
  }

  /// Submits with one score and one item left blank.
  func finish(_ session: UUID, at now: Date = World.start) throws {
    try submit(
      session, isLate: false,
      unanswered: [("needs-6", "n06", .leftBlank)],
      scores: [
        ScoreRecord(
          session: session, instrument: "needs-6", name: "satisfaction", version: "1.0.0",
          scoringHash: World.hash, value: 4.25, answered: 3, items: 3, isProrated: false,
          computed: now)
      ], at: now)
  }
}
