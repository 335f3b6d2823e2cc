import Collection
import Foundation
import Identities
import Storage
import Studies

/// A running study as the commands reach it.
struct StudyDoor {
  let places: StudyPlaces
  let desk: StudyDesk

  /// Opens a study, starting it where nobody has been enrolled yet.
  ///
  /// - Parameter starting: whether a study without a database is started; otherwise refused.
  /// - Throws: ``CommandFailure``, or what the rooms below refuse.
  static func open(_ directory: String, starting: Bool = false, now: Date) async throws -> StudyDoor
  {
    let places = StudyPlaces(directory)
    if !places.hasResearch, starting { return try await start(places, now: now) }
    let database = try places.openResearch()
    switch database.kind {
    case .simulated:
      let key = SecretKey.forRehearsal(seed: SimulationRecord.read(places)?.seed ?? 0)
      let desk = try await StudyDesk.open(
        database, allocationSeed: key.seed(for: "allocation"), now: now)
      return StudyDoor(places: places, desk: desk)
    case .real:
      let keys = try KeyFolder.existing(places)
      let identities = try IdentityDatabase.open(
        at: places.identities, key: SecretKey.load(from: keys.contacts), creating: false)
      let seed = try SecretKey.load(from: keys.allocation).seed(for: "allocation")
      let desk = try await StudyDesk.open(
        database, identities: identities, publishing: try? places.loadFolder(),
        allocationSeed: seed, now: now)
      _ = try await desk.settlePendingEnrolments(now: now)
      return StudyDoor(places: places, desk: desk)
    }
  }

  private static func start(_ places: StudyPlaces, now: Date) async throws -> StudyDoor {
    let folder = try places.loadFolder()
    try places.makeDataFolder()
    let keys =
      FileManager.default.fileExists(atPath: places.keyPointer.path)
      ? try KeyFolder.existing(places) : try KeyFolder.make(for: folder.study.id, places)
    let seed = try SecretKey.load(from: keys.allocation).seed(for: "allocation")
    let identities = try IdentityDatabase.open(
      at: places.identities, key: SecretKey.load(from: keys.contacts), creating: true)
    let database = try ResearchDatabase.open(
      at: places.research, mode: .openOrCreate(kind: .real), secrets: .system)
    let desk = try await StudyDesk.open(
      database, identities: identities, publishing: folder, allocationSeed: seed, now: now)
    return StudyDoor(places: places, desk: desk)
  }

  /// What somebody typed as a pseudonym.
  ///
  /// - Throws: ``CommandFailure`` for what cannot be one.
  static func pseudonym(_ typed: String) throws -> String {
    guard let pseudonym = Pseudonym.read(typed) else {
      throw CommandFailure(
        .usage,
        "--participant: found \(TerminalText.safe(typed)), expected a pseudonym such as P-7K3M9Q")
    }
    return pseudonym
  }
}

extension StudyDoor {
  /// Closes occasions whose window has passed, so that tables call them missed. Simulated people live
  /// in simulated time, where the clock on the wall says nothing.
  func closeWhatExpired(now: Date) async throws {
    guard desk.database.kind == .real else { return }
    _ = try await desk.closeExpired(now: now)
  }
}
