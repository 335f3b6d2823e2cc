import Foundation
import Identities
import Storage

/// Where a real study's key files are: outside its folder, so that a copy of the folder tells nobody
/// who took part or which arm comes next.
struct KeyFolder {
  let url: URL

  /// The key of the contacts.
  var contacts: URL { url.appending(path: "contacts.key") }
  /// The secret that arms are drawn from.
  var allocation: URL { url.appending(path: "allocation.key") }
  /// The secret that personal links are made with.
  var links: URL { url.appending(path: "links.key") }

  /// The key that backups are encrypted under, unless a passphrase is asked for.
  var backup: URL { url.appending(path: "backup.key") }
  /// What was erased: kept here, because it must survive the loss of the study's folder.
  var ledger: ErasureLedger { ErasureLedger(at: url.appending(path: "erasures.jsonl")) }

  /// The folder that a study's `data/keys.path` names.
  ///
  /// - Throws: ``CommandFailure`` where the study has people but its keys are not known.
  static func existing(_ places: StudyPlaces) throws -> KeyFolder {
    guard let line = try? String(contentsOf: places.keyPointer, encoding: .utf8),
      let path = line.split(whereSeparator: \.isNewline).first
    else {
      throw CommandFailure(
        .unreadable,
        "\(places.keyPointer.path): found no path, expected that of the study's key folder")
    }
    return KeyFolder(url: URL(filePath: String(path), directoryHint: .isDirectory))
  }

  /// Makes a new key folder with all keys, and notes its place in the study's `data/`.
  ///
  /// It lies in `LONGWELL_KEYS`, or else in `~/.config/longwell/keys`, under a name that no other
  /// study has.
  ///
  /// - Throws: `IdentityError`, or the file system's error.
  static func make(for study: String, _ places: StudyPlaces) throws -> KeyFolder {
    let environment = ProcessInfo.processInfo.environment
    let parent =
      environment["LONGWELL_KEYS"].map { URL(filePath: $0, directoryHint: .isDirectory) }
      ?? homeFolder(environment)
      .appending(path: ".config/longwell/keys", directoryHint: .isDirectory)
    let name = "\(study)-\(UUID().uuidString.prefix(8).lowercased())"
    let keys = KeyFolder(
      url: parent.appending(path: name, directoryHint: .isDirectory).absoluteURL)
    try FileManager.default.createDirectory(
      at: keys.url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    _ = try SecretKey.create(at: keys.contacts)
    _ = try SecretKey.create(at: keys.allocation)
    _ = try SecretKey.create(at: keys.links)
    // There from the start, so that a copy of the keys without it is told from one in which nobody was erased.
    try keys.ledger.create()
    try Data((keys.url.path + "\n").utf8).write(to: places.keyPointer, options: .atomic)
    return keys
  }

  private static func homeFolder(_ environment: [String: String]) -> URL {
    environment["HOME"].map { URL(filePath: $0, directoryHint: .isDirectory) }
      ?? FileManager.default.homeDirectoryForCurrentUser
  }
}
