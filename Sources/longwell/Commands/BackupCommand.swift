import ArgumentParser
import Collection
import Foundation
import Storage

/// `longwell backup`: a study in one encrypted file.
struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Write a study into one encrypted file, while it goes on.",
    discussion: """
      The file holds the databases as they are at one moment, and the study's definitions, but no
      keys: without those nobody reads the contacts in it. It is encrypted under backup.key in the
      study's key folder, made the first time, or under a passphrase. Keep copies of the key folder
      apart from the backups: a lost key cannot be made again.

      Who is erased later is still in it. restore erases them again, by the ledger of erasures that
      lies in the key folder too.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Option(help: ArgumentHelp("The file to write; one that exists is refused.", valueName: "file"))
  var out: String

  @OptionGroup var secret: BackupSecretOptions

  @Flag(help: "Print what is in the backup as JSON.")
  var json = false

  func run() async throws {
    let now = Date()
    let door = try await StudyDoor.open(directory, for: .reading, now: now)
    let keys = door.isRehearsal ? nil : try? KeyFolder.existing(door.places)
    let manifest = try await StudyBackup.write(
      door.desk, contacts: door.places.identities, companions: door.places.companions(),
      to: URL(filePath: out), under: try secret.forWriting(keys),
      now: try await door.moment(now))
    if json {
      try Console.json(manifest)
    } else {
      for file in manifest.files { Console.out("\(file.path)  \(file.bytes) bytes") }
      Console.out("Backup written to \(out).")
    }
  }
}

extension StudyPlaces {
  /// The small files that a restored folder needs: its definitions, and what `data/` holds beside
  /// the databases. Never a key, never a link to somewhere else.
  func companions() -> [StudyBackup.Companion] {
    let definitions = ["study.yaml", "simulation.yaml"].map { folder.appending(path: $0) }
    let folders = ["consent", "texts", "instruments", "overlays", "analysis"]
      .flatMap { files(below: folder.appending(path: $0, directoryHint: .isDirectory)) }
    let beside = [keyPointer, addressFile, SimulationRecord.url(self)]
    let root = folder.standardizedFileURL.path + "/"
    return (definitions + folders + beside).filter(isCompanion).compactMap { url in
      let path = url.standardizedFileURL.path
      guard path.hasPrefix(root) else { return nil }
      return StudyBackup.Companion(path: String(path.dropFirst(root.count)), url: url)
    }
  }

  private func files(below folder: URL) -> [URL] {
    let found = FileManager.default.enumerator(
      at: folder, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles])
    return (found?.compactMap { $0 as? URL } ?? []).sorted { $0.path < $1.path }
  }

  private func isCompanion(_ url: URL) -> Bool {
    let kind = try? FileManager.default.attributesOfItem(atPath: url.path)[.type]
    return kind as? FileAttributeType == .typeRegular && url.pathExtension != "key"
  }
}
