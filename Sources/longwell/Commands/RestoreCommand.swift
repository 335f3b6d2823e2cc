import ArgumentParser
import Collection
import Foundation
import Storage

/// `longwell restore`: a study out of a backup.
struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Make a study's folder again from a backup, without those who were erased since.",
    discussion: """
      The backup is checked to its last byte and its chains are verified before anything is put into
      place. Who was erased after it was made is erased again, by the ledger of erasures: the one in
      the study's key folder, the one named with --ledger, and that of the data which are replaced. A
      ledger that lacks an erasure which the backup or those data know is refused: it was cut.

      Leaves with 1 where the chains in the backup do not hold; it is restored as it was.
      """)

  @Argument(help: ArgumentHelp("The backup.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("The folder to restore to.", valueName: "dir"))
  var to: String

  @OptionGroup var secret: BackupSecretOptions

  @Option(
    help: ArgumentHelp(
      "The study's key folder, where it is no longer where it was.", valueName: "dir"))
  var keys: String?

  @Option(help: ArgumentHelp("A ledger of erasures: erasures.jsonl.", valueName: "file"))
  var ledger: String?

  @Flag(help: "Restore without a ledger: nobody was erased after the backup.")
  var noLedger = false

  @Flag(help: "Put aside the data that the folder holds.")
  var replace = false

  @Flag(help: "Print what was restored as JSON.")
  var json = false

  func validate() throws {
    guard ledger == nil || !noLedger else {
      throw ValidationError("either --ledger or --no-ledger")
    }
  }

  func run() async throws {
    let now = Date()
    let place = URL(filePath: to, directoryHint: .isDirectory).standardizedFileURL
    let there = StudyPlaces(place)
    let hasData = FileManager.default.fileExists(atPath: there.data.path)
    guard replace || !hasData else { throw StagedStudy.inTheWay(place) }
    let named = keys.map { KeyFolder(url: URL(filePath: $0, directoryHint: .isDirectory)) }
    let staged = try StagedStudy.open(
      URL(filePath: file), under: try secret.forReading(named ?? (try? .existing(there))),
      for: place)
    do {
      let known = try keyFolder(named, of: staged)
      let noted = try noted(known, of: staged)
      let settlement = try await staged.settle(
        try await (noted ?? []) + wishes(replaced: hasData ? there : nil),
        noted: noLedger ? nil : noted.map { Set($0.map(\.uuid)) },
        ledger: ledger.map { ErasureLedger(at: URL(filePath: $0)) } ?? known?.ledger, now: now)
      let aside = try staged.move(to: place, replacing: replace, now: now)
      try tell(staged.manifest, settlement, aside: aside)
    } catch {
      staged.discard()
      throw error
    }
  }

  /// The key folder of the study, where it is on this machine; its place is noted in the data.
  private func keyFolder(_ named: KeyFolder?, of staged: StagedStudy) throws -> KeyFolder? {
    guard !staged.isSimulated else { return nil }
    let places = StudyPlaces(staged.folder)
    if let named {
      try Data((named.url.absoluteURL.standardizedFileURL.path + "\n").utf8)
        .write(to: places.keyPointer, options: .atomic)
    }
    guard let folder = try? KeyFolder.existing(places),
      FileManager.default.fileExists(atPath: folder.url.path)
    else { return nil }
    return folder
  }

  /// What was erased after the backup, as far as the data say that are replaced.
  private func wishes(replaced there: StudyPlaces?) async throws -> [ErasureRecord] {
    guard let there, there.hasResearch else { return [] }
    let database = try there.openResearch()
    let wishes = try await database.read { try $0.erasures() }
    try database.close()
    return wishes
  }

  /// What was erased after the backup, as far as any ledger says; nil where there is none.
  private func noted(_ keys: KeyFolder?, of staged: StagedStudy) throws -> [ErasureRecord]? {
    var wishes: [ErasureRecord] = []
    if let ledger {
      guard FileManager.default.fileExists(atPath: ledger) else {
        throw CommandFailure(.unreadable, "--ledger: there is no file \(TerminalText.safe(ledger))")
      }
      wishes += try ErasureLedger(at: URL(filePath: ledger)).wishes()
    }
    if let keys { wishes += try keys.ledger.wishes() }
    guard ledger == nil, keys?.ledger.exists != true else { return wishes }
    guard staged.isSimulated || noLedger else { throw BackupError(.ledgerMissing, file) }
    return nil
  }

  private func tell(
    _ manifest: BackupManifest, _ settlement: StagedStudy.Settlement, aside: URL?
  ) throws {
    if json {
      try Console.json(RestoreDocument(manifest, settlement, aside: aside))
    } else {
      Console.out("Restored \(manifest.study) \(manifest.version) to \(to).")
      Console.out("Erased again: \(settlement.replayed.count).")
      if !settlement.pending.isEmpty {
        Console.out("Erasures pending: \(settlement.pending.count); longwell verify says why.")
      }
      if let aside {
        Console.out("The data that were there are in \(aside.path); remove them when all is well.")
      }
      for finding in settlement.findings { Console.out(TerminalText.safe(finding.description)) }
      if settlement.findings.isEmpty { Console.out("All chains hold; nothing is missing.") }
    }
    guard settlement.findings.isEmpty else { throw CommandFailure(.problems, "") }
  }
}

/// What `restore` did, for programs.
struct RestoreDocument: Encodable {
  var study, version, kind: String
  var erasedAgain: [String]
  var pending: Int
  var findings: [String]
  var aside: String?

  enum CodingKeys: String, CodingKey {
    case study, version, kind, pending, findings, aside
    case erasedAgain = "erased_again"
  }

  init(_ manifest: BackupManifest, _ settlement: StagedStudy.Settlement, aside: URL?) {
    study = manifest.study
    version = manifest.version
    kind = manifest.kind
    erasedAgain = settlement.replayed.map(\.pseudonym)
    pending = settlement.pending.count
    findings = settlement.findings.map(\.description)
    self.aside = aside?.path
  }
}
