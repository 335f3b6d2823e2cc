import Foundation
import Identities
import Testing

struct LogKeyTests {
  @Test func `a key is random, stays the same, and goes with its person`() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("longwell-log-keys-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("identities.db")
    let identities = try IdentityDatabase.open(
      at: url, key: .forRehearsal(seed: 1), creating: true)
    func code(_ pseudonym: String) async throws -> [UInt8] {
      try await identities.logKey(of: pseudonym).authenticationCode(for: [1])
    }
    let first = try await code("P-222222")
    #expect(try await code("P-222222") == first)
    #expect(try await code("P-333333") != first)

    try await identities.store(ContactDetails(name: "A"), of: "P-222222", at: .distantPast)
    #expect(try await IdentityDatabase.eraseLogKeys(of: ["P-222222"], from: url))
    #expect(try await identities.contact(of: "P-222222")?.name == "A")
    #expect(try await code("P-222222") != first)

    let other = try await code("P-333333")
    #expect(try await IdentityDatabase.erase(["P-333333"], from: url))
    #expect(try await code("P-333333") != other)
    try identities.close()
  }
}
