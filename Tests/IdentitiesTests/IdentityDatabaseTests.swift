import Foundation
import GRDB
import Identities
import Testing

struct IdentityDatabaseTests {
  static let now = Date(timeIntervalSince1970: 1_800_000_000)

  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("longwell-identities-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private var database: URL { folder.appendingPathComponent("identities.db") }
  private var keyFile: URL { folder.appendingPathComponent("contacts.key") }

  @Test func `a contact comes back, after closing too`() async throws {
    let key = try SecretKey.create(at: keyFile)
    let contact = ContactDetails(name: "Ama Ké \"x\"", email: "ama@example.org")
    let first = try IdentityDatabase.open(at: database, key: key, creating: true)
    try await first.store(contact, of: "P-222222", at: Self.now)
    try await first.store(ContactDetails(), of: "P-333333", at: Self.now)
    try first.close()

    let second = try IdentityDatabase.open(
      at: database, key: SecretKey.load(from: keyFile), creating: false)
    #expect(try await second.contact(of: "P-222222") == contact)
    #expect(try await second.contact(of: "P-333333") == ContactDetails())
    #expect(try await second.contact(of: "P-444444") == nil)
    #expect(try await second.pseudonyms() == ["P-222222", "P-333333"])
  }

  @Test func `no file holds a name or an address, while it is stored or after`() async throws {
    let key = try SecretKey.create(at: keyFile)
    let identities = try IdentityDatabase.open(at: database, key: key, creating: true)
    try await identities.store(
      ContactDetails(name: "Planted Name", email: "planted@example.org"), of: "P-222222",
      at: Self.now)
    func holdsPlanted() throws -> Bool {
      try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        .contains { file in
          let bytes = try Data(contentsOf: file)
          return ["Planted", "planted"].contains { bytes.range(of: Data($0.utf8)) != nil }
        }
    }
    #expect(try !holdsPlanted())
    #expect(try await identities.remove("P-222222"))
    #expect(try await identities.remove("P-222222") == false)
    #expect(try await identities.contact(of: "P-222222") == nil)
    #expect(try !holdsPlanted())
  }

  @Test func `another key does not open the contacts`() async throws {
    let key = SecretKey.forRehearsal(seed: 1)
    try IdentityDatabase.open(at: database, key: key, creating: true).close()
    let error = #expect(throws: IdentityError.self) {
      try IdentityDatabase.open(at: database, key: .forRehearsal(seed: 2), creating: false)
    }
    #expect(error?.code == .wrongKey)
  }

  @Test(arguments: [
    "UPDATE contacts SET email = (SELECT email FROM contacts WHERE pseudonym = 'P-333333')",
    "UPDATE contacts SET email = name",
    "UPDATE contacts SET email = x'00'",
  ])
  func `a field changed or moved does not open`(sql: String) async throws {
    let key = SecretKey.forRehearsal(seed: 1)
    let identities = try IdentityDatabase.open(at: database, key: key, creating: true)
    for name in ["P-222222", "P-333333"] {
      try await identities.store(
        ContactDetails(name: "A \(name)", email: "\(name)@example.org"), of: name, at: Self.now)
    }
    try await DatabaseQueue(path: database.path).write { try $0.execute(sql: sql) }
    let error = await #expect(throws: IdentityError.self) {
      try await identities.contact(of: "P-222222")
    }
    #expect(error == IdentityError(.damaged, "P-222222"))
  }

  @Test func `a missing file is not created in passing`() throws {
    let error = #expect(throws: IdentityError.self) {
      try IdentityDatabase.open(at: database, key: .forRehearsal(seed: 1), creating: false)
    }
    #expect(error?.code == .fileMissing)
  }

  @Test func `a foreign file is refused`() throws {
    try Data(repeating: 65, count: 5000).write(to: database)
    let error = #expect(throws: IdentityError.self) {
      try IdentityDatabase.open(at: database, key: .forRehearsal(seed: 1), creating: true)
    }
    #expect(error?.code == .foreignFile)
  }

  @Test func `a contact prints nothing of itself`() {
    let contact = ContactDetails(name: "Planted", email: "planted@example.org")
    var dumped = ""
    dump(contact, to: &dumped)
    #expect(!"\(contact) \(String(reflecting: contact)) \(dumped)".lowercased().contains("planted"))
  }
}
