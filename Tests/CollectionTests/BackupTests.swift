import Crypto
import Foundation
import Identities
import Instruments
import Storage
import Testing

@testable import Collection

struct BackupTests {
  private static let passphrase = BackupSecret.passphrase("correct horse battery staple")
  private static let key = BackupSecret.key(.forRehearsal(seed: 7))

  /// A folder that is gone when the test is.
  private final class Folder: Sendable {
    let url = FileManager.default.temporaryDirectory
      .appending(path: "longwell-backup-\(UUID().uuidString)", directoryHint: .isDirectory)

    init() throws {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
  }

  private func write(
    _ stage: Stage, to url: URL, under secret: BackupSecret = key, now: Date = Stage.start
  ) async throws -> BackupManifest {
    try await StudyBackup.write(
      stage.desk, contacts: stage.folder.appending(path: "identities.db"),
      companions: [
        StudyBackup.Companion(
          path: "study.yaml", url: Stage.fixture.appending(path: "study.yaml"))
      ], to: url, under: secret, now: now)
  }

  /// Backup under load, erasure, restore: the erased person does not come back.
  @Test func `a backup restores to the same chains, and not to erased people`() async throws {
    let stage = try await Stage(withIdentities: true)
    let folder = try Folder()
    var words = PlantedWords()
    var generator = SystemRandomNumberGenerator()
    let joining = try await stage.desk.enrol(
      Enrolment(
        zone: "Europe/Amsterdam", isSimulated: false, contact: ContactDetails(name: words.next())),
      agreeingTo: ["surveys"], now: Stage.start, using: &generator)
    let name = joining.participant.pseudonym
    let session = try await stage.begin("baseline", of: name)
    for _ in 0..<20 { try await stage.save("note", .text(words.next()), in: session) }

    let file = folder.url.appending(path: "study.backup")
    let load = Task { for _ in 0..<12 { _ = try await stage.randomised() } }
    let manifest = try await write(stage, to: file)
    try await load.value
    #expect(
      manifest.files.map(\.path) == ["data/longwell.db", "data/identities.db", "study.yaml"])
    #expect(try words.found(in: folder.url) == [:], "a backup is encrypted")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).count == 1)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: stage.folder.path)
        .allSatisfy { !$0.hasPrefix(".copy") })
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)

    let ledger = ErasureLedger(at: folder.url.appending(path: "erasures.jsonl"))
    let receipt = try await stage.desk.withdraw(
      name, .stopAndErase, now: Stage.after(hours: 2),
      erasingAt: ErasurePlaces(
        contacts: stage.folder.appending(path: "identities.db"), ledger: ledger))
    #expect(receipt.backups == 1)
    #expect(receipt.erasure?.completed != nil)

    let place = folder.url.appending(path: "restored", directoryHint: .isDirectory)
    let staged = try StagedStudy.open(file, under: Self.key, for: place)
    #expect(try words.found(in: staged.folder) != [:], "the backup held it")
    let settled = try await staged.settle(
      try ledger.wishes(), ledger: ledger, now: Stage.after(hours: 3))
    #expect(settled.findings == [])
    #expect(settled.replayed.map(\.pseudonym) == [name])
    #expect(settled.pending == [])
    #expect(try staged.move(to: place, replacing: false, now: Stage.start) == nil)
    #expect(try words.found(in: place) == [:])
    let database = try ResearchDatabase.open(
      at: place.appending(path: "data/longwell.db"), mode: .existing)
    #expect(try await database.verify() == [])
    #expect(try await database.read { try $0.participant(name)?.status } == .erased)
    let contacts = try IdentityDatabase.open(
      at: place.appending(path: "data/identities.db"), key: .forRehearsal(seed: 1),
      creating: false)
    #expect(try await contacts.contact(of: name) == nil)
    #expect(
      try Data(contentsOf: place.appending(path: "study.yaml"))
        == Data(contentsOf: Stage.fixture.appending(path: "study.yaml")))
  }

  @Test func `a restore never goes over a study without being told`() async throws {
    let stage = try await Stage(withIdentities: true)
    let folder = try Folder()
    let file = folder.url.appending(path: "study.backup")
    _ = try await write(stage, to: file)
    let place = folder.url.appending(path: "place", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(
      at: place.appending(path: "data"), withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: place.appending(path: "study.yaml"))
    try Data("old".utf8).write(to: place.appending(path: "data/longwell.db"))

    let refused = try StagedStudy.open(file, under: Self.key, for: place)
    let error = #expect(throws: BackupError.self) {
      try refused.move(to: place, replacing: false, now: Stage.start)
    }
    #expect(error?.code == .exists)
    #expect(
      try Data(contentsOf: place.appending(path: "data/longwell.db")) == Data("old".utf8))

    let staged = try StagedStudy.open(file, under: Self.key, for: place)
    #expect(!FileManager.default.fileExists(atPath: refused.folder.path), "left-overs are removed")
    let aside = try #require(try staged.move(to: place, replacing: true, now: Stage.start))
    #expect(try Data(contentsOf: aside.appending(path: "longwell.db")) == Data("old".utf8))
    #expect(try Data(contentsOf: place.appending(path: "study.yaml")) == Data("mine".utf8))
    try ResearchDatabase.open(
      at: place.appending(path: "data/longwell.db"), mode: .existing
    ).close()
    let again = await #expect(throws: BackupError.self) { _ = try await write(stage, to: file) }
    #expect(again?.code == .exists)
  }

  @Test func `the wrong secret opens nothing, and says which one is needed`() async throws {
    let stage = try await Stage(withIdentities: true)
    let folder = try Folder()
    let place = folder.url.appending(path: "place")
    let keyed = folder.url.appending(path: "keyed")
    let worded = folder.url.appending(path: "worded")
    _ = try await write(stage, to: keyed)
    _ = try await write(stage, to: worded, under: Self.passphrase)
    try StagedStudy.open(worded, under: Self.passphrase, for: place).discard()
    let cases: [(URL, BackupSecret, BackupError.Code)] = [
      (keyed, .key(.forRehearsal(seed: 8)), .doesNotOpen), (keyed, Self.passphrase, .needsKey),
      (worded, .passphrase("correct horse battery stable"), .doesNotOpen),
      (worded, Self.key, .needsPassphrase),
      (Stage.fixture.appending(path: "study.yaml"), Self.key, .foreignFile),
      (folder.url.appending(path: "nothing"), Self.key, .unusable),
    ]
    for (file, secret, code) in cases {
      let error = #expect(throws: BackupError.self) {
        try StagedStudy.open(file, under: secret, for: place)
      }
      #expect(error?.code == code)
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
        == ["keyed", "worded"])
  }

  /// Every byte of a small file changed, every length that it can be cut to, chunks exchanged.
  @Test func `a file that was changed or cut anywhere is refused`() throws {
    let folder = try Folder()
    let file = folder.url.appending(path: "sealed")
    let content = (0..<150_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let whole = try sealed(content, in: file)
    #expect(try unsealed(whole, count: content.count, in: file) == content)
    let chunk = SealedFile.chunkCount + SealedFile.tagCount
    let header = SealedFile.headerCount
    var damaged: [[UInt8]] = []
    for position in Array(0..<header) + Array(stride(from: header, to: whole.count, by: 1009)) {
      var bytes = whole
      bytes[position] ^= 1
      damaged.append(bytes)
    }
    for length in [0, 1, header - 1, header, header + 16, header + chunk, header + 2 * chunk]
      + Array(stride(from: header + 1, to: whole.count, by: 7001)) + [whole.count - 1]
    {
      damaged.append(Array(whole.prefix(length)))
    }
    damaged.append(whole + [0])
    damaged.append(whole + whole.suffix(chunk))
    let start = Array(whole.prefix(header))
    let first = Array(whole[header..<header + chunk])
    let second = Array(whole[header + chunk..<header + 2 * chunk])
    let rest = Array(whole.suffix(from: header + 2 * chunk))
    damaged.append(start + second + first + rest)
    damaged.append(start + first + rest)
    for bytes in damaged {
      #expect(throws: (any Error).self) {
        try unsealed(bytes, count: content.count, in: file)
      }
    }
  }

  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 131_072])
  func `contents of every length come back`(count: Int) throws {
    let folder = try Folder()
    let file = folder.url.appending(path: "sealed")
    let content = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    let whole = try sealed(content, in: file)
    #expect(try unsealed(whole, count: count, in: file) == content)
  }

  private func sealed(_ content: [UInt8], in file: URL) throws -> [UInt8] {
    try Data().write(to: file)
    let handle = try FileHandle(forWritingTo: file)
    var writer = try SealedWriter(to: handle, under: Self.key)
    for start in stride(from: 0, to: content.count, by: 40_000) {
      try writer.write(content[start..<min(start + 40_000, content.count)])
    }
    try writer.finish()
    try handle.close()
    return Array(try Data(contentsOf: file))
  }

  private func unsealed(_ bytes: [UInt8], count: Int, in file: URL) throws -> [UInt8] {
    try Data(bytes).write(to: file)
    let handle = try FileHandle(forReadingFrom: file)
    var reader = try SealedReader(from: handle, path: file.path, under: Self.key)
    let content = try reader.read(count)
    try reader.expectEnd()
    return content
  }

  @Test(arguments: [
    ("data/longwell.db", true), ("study.yaml", true), ("../x", false), ("/etc/passwd", false),
    ("a//b", false), ("a/../../b", false), (".", false), ("", false), ("a/", false),
    ("a\u{0}b", false),
  ])
  func `paths stay within the folder`(path: String, isInside: Bool) {
    #expect(StudyBackup.isInside(path) == isInside)
  }
}
