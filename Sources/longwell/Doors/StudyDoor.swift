import Collection
import Foundation
import Identities
import Storage
import Studies

/// A running study as the commands reach it.
struct StudyDoor {
  /// What a command is going to do, and so which keys it needs.
  enum Purpose {
    /// Reads or closes: no key.
    case reading
    /// Answers and submits: the secret that arms are drawn from.
    case answering
    /// Makes personal links: their key.
    case linking
    /// Takes logs: the contacts' database, which has the participants' own keys.
    case donating
    /// Enrols: all keys, and the contacts.
    case enrolling
  }

  let places: StudyPlaces
  let desk: StudyDesk

  /// Whether time can be chosen here: nobody in it is real.
  var isRehearsal: Bool { desk.database.kind == .simulated }

  /// Opens a study that has begun.
  ///
  /// Says on standard error where the folder's definitions are not the ones that hold.
  ///
  /// - Throws: ``CommandFailure``, or what the rooms below refuse.
  static func open(
    _ directory: String, for purpose: Purpose, now: Date
  ) async throws -> StudyDoor {
    let places = StudyPlaces(directory)
    let database = try places.openResearch()
    let desk =
      switch database.kind {
      case .simulated: try await rehearsalDesk(places, database, now: now)
      case .real: try await desk(places, database, for: purpose, publishing: nil, now: now)
      }
    let door = StudyDoor(places: places, desk: desk)
    door.warnOfChanges()
    door.warnOfExposure()
    await door.finishErasures(now: now)
    return door
  }

  /// Starts a study that nobody has joined yet.
  ///
  /// - Parameter isRehearsal: whether its people are not real; real people are refused there ever after.
  static func start(
    _ directory: String, isRehearsal: Bool, now: Date
  ) async throws -> StudyDoor {
    let places = StudyPlaces(directory)
    let folder = try places.loadFolder()
    try places.makeDataFolder()
    guard !isRehearsal else {
      try SimulationRecord(participants: 0, seed: UInt64.random(in: 0...UInt64(Int64.max)))
        .write(places)
      let database = try ResearchDatabase.open(
        at: places.research, mode: .openOrCreate(kind: .simulated), secrets: .system)
      let desk = try await rehearsalDesk(places, database, publishing: folder, now: now)
      return StudyDoor(places: places, desk: desk)
    }
    if !FileManager.default.fileExists(atPath: places.keyPointer.path) {
      _ = try KeyFolder.make(for: folder.study.id, places)
    }
    let database = try ResearchDatabase.open(
      at: places.research, mode: .openOrCreate(kind: .real), secrets: .system)
    let desk = try await desk(
      places, database, for: .enrolling, publishing: folder, now: now)
    return StudyDoor(places: places, desk: desk)
  }

  /// Opens a study, or starts it where nobody has joined yet.
  ///
  /// - Throws: ``CommandFailure``, or what the rooms below refuse.
  static func openOrStart(
    _ directory: String, for purpose: Purpose, now: Date
  ) async throws -> StudyDoor {
    guard StudyPlaces(directory).hasResearch else {
      return try await start(directory, isRehearsal: false, now: now)
    }
    return try await open(directory, for: purpose, now: now)
  }

  /// Does something with a study that nobody has joined yet, in a folder that is gone afterwards: no keys, no
  /// data, nothing of it stays.
  ///
  /// - Throws: what the folder's mistakes or the work come to.
  static func trying<Outcome: Sendable>(
    _ directory: String, now: Date, _ work: (StudyDesk) async throws -> Outcome
  ) async throws -> Outcome {
    let folder = try StudyPlaces(directory).loadFolder()
    let place = FileManager.default.temporaryDirectory
      .appending(path: "longwell-trial-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(at: place) }
    let database = try ResearchDatabase.open(
      at: place.appending(path: "longwell.db"), mode: .create(kind: .real), secrets: .system)
    let desk = try await StudyDesk.open(
      database, publishing: folder, allocationSeed: 0, now: now)
    return try await work(desk)
  }

  private static func rehearsalDesk(
    _ places: StudyPlaces, _ database: ResearchDatabase, publishing folder: StudyFolder? = nil,
    now: Date
  ) async throws -> StudyDesk {
    let key = SecretKey.forRehearsal(seed: SimulationRecord.read(places)?.seed ?? 0)
    return try await StudyDesk.open(
      database, publishing: folder, allocationSeed: key.seed(for: "allocation"), linkKey: key,
      now: now)
  }

  private static func desk(
    _ places: StudyPlaces, _ database: ResearchDatabase, for purpose: Purpose,
    publishing folder: StudyFolder?, now: Date
  ) async throws -> StudyDesk {
    // Reading draws no arm, so no secret is needed for it.
    guard purpose != .reading else {
      return try await StudyDesk.open(database, allocationSeed: 0, now: now)
    }
    let keys = try KeyFolder.existing(places)
    if purpose == .linking {
      return try await StudyDesk.open(
        database, allocationSeed: 0, linkKey: try SecretKey.load(from: keys.links), now: now)
    }
    if purpose == .donating {
      return try await StudyDesk.open(
        database, identities: try openIdentities(places, keys), allocationSeed: 0, now: now)
    }
    let seed = try SecretKey.load(from: keys.allocation).seed(for: "allocation")
    guard purpose == .enrolling else {
      return try await StudyDesk.open(database, allocationSeed: seed, now: now)
    }
    let identities = try openIdentities(places, keys)
    let desk = try await StudyDesk.open(
      database, identities: identities, publishing: folder, allocationSeed: seed,
      linkKey: try SecretKey.load(from: keys.links), now: now)
    _ = try await desk.settlePendingEnrolments(now: now)
    return desk
  }

  private static func openIdentities(
    _ places: StudyPlaces, _ keys: KeyFolder
  ) throws -> IdentityDatabase {
    try IdentityDatabase.open(
      at: places.identities, key: SecretKey.load(from: keys.contacts), creating: true)
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
