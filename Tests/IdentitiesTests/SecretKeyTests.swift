import Foundation
import Identities
import Testing

struct SecretKeyTests {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("longwell-keys-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private var file: URL { folder.appendingPathComponent("allocation.key") }

  private func code(_ body: () throws -> SecretKey) -> IdentityError.Code? {
    (#expect(throws: IdentityError.self) { try body() })?.code
  }

  @Test func `a key file is its owner's, and is never replaced`() throws {
    let key = try SecretKey.create(at: file)
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(code { try SecretKey.create(at: file) } == .keyFileExists)
    let loaded = try SecretKey.load(from: file)
    #expect(loaded.seed(for: "x") == key.seed(for: "x"))
  }

  @Test func `a key that others can read is refused`() throws {
    _ = try SecretKey.create(at: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file.path)
    #expect(code { try SecretKey.load(from: file) } == .keyFileExposed)
  }

  @Test(arguments: [0, 31, 33])
  func `a file of another length is no key`(count: Int) throws {
    try Data(repeating: 1, count: count).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    #expect(code { try SecretKey.load(from: file) } == .keyFileUnusable)
  }

  @Test func `a lost key is said to be lost`() {
    #expect(code { try SecretKey.load(from: file) } == .keyFileMissing)
  }

  @Test func `seeds differ by purpose and by key`() {
    let key = SecretKey.forRehearsal(seed: 1)
    #expect(key.seed(for: "allocation") == SecretKey.forRehearsal(seed: 1).seed(for: "allocation"))
    #expect(key.seed(for: "allocation") != key.seed(for: "other"))
    #expect(
      key.seed(for: "allocation") != SecretKey.forRehearsal(seed: 2).seed(for: "allocation"))
    #expect("\(key)" == "a secret key")
  }
}
