import Collection
import Foundation
import Identities
import Storage
import Testing

struct LinkTests {
  /// The same study with the key of its links.
  private func withKey(_ stage: Stage, seed: UInt64 = 7) async throws -> StudyDesk {
    try await StudyDesk.open(
      stage.database, allocationSeed: 1, linkKey: .forRehearsal(seed: seed), now: Stage.start)
  }

  private func holder(_ text: String, at desk: StudyDesk) async throws -> String? {
    try await desk.database.read { try desk.participant(holding: text, in: $0)?.pseudonym }
  }

  @Test func `a link is the same each time, and leads to its participant alone`() async throws {
    let stage = try await Stage()
    let desk = try await withKey(stage)
    let (ada, ben) = (try await stage.enrol(), try await stage.enrol())
    let first = try await desk.token(of: ada, now: Stage.start)
    let again = try await desk.token(of: ada, now: Stage.after(hours: 5))
    let other = try await desk.token(of: ben, now: Stage.start)
    #expect(first == again)
    #expect(first.generation == 1)
    #expect(first.text != other.text)
    #expect(try await holder(first.text, at: desk) == ada)
    #expect(try await holder(other.text, at: desk) == ben)
    #expect(try await stage.database.verify() == [])
  }

  @Test func `a token has 130 bits in 26 characters that cannot be misread`() async throws {
    let stage = try await Stage()
    let desk = try await withKey(stage)
    let token = try await desk.token(of: try await stage.enrol(), now: Stage.start)
    #expect(token.text.count == 26)
    #expect(token.text.allSatisfy { "0123456789abcdefghjkmnpqrstvwxyz".contains($0) })
    #expect(!"\(token) \(String(reflecting: token))".contains(token.text))
    var dumped = ""
    dump(token, to: &dumped)
    #expect(!dumped.contains(token.text))
  }

  @Test func `a revoked link leads nowhere, the new one to the same participant`() async throws {
    let stage = try await Stage()
    let desk = try await withKey(stage)
    let name = try await stage.enrol()
    var earlier: [String] = [try await desk.token(of: name, now: Stage.start).text]
    for generation in 2...4 {
      let token = try await desk.revokeToken(of: name, now: Stage.start)
      #expect(token.generation == generation)
      #expect(try await desk.token(of: name, now: Stage.start) == token)
      for text in earlier { #expect(try await holder(text, at: desk) == nil) }
      #expect(try await holder(token.text, at: desk) == name)
      earlier.append(token.text)
    }
    #expect(try await stage.database.verify() == [])
  }

  @Test func `no token is in the database's files`() async throws {
    let stage = try await Stage()
    let desk = try await withKey(stage)
    let token = try await desk.token(of: try await stage.enrol(), now: Stage.start)
    for name in try FileManager.default.contentsOfDirectory(atPath: stage.folder.path) {
      let bytes = try Data(contentsOf: stage.folder.appendingPathComponent(name))
      #expect(bytes.range(of: Data(token.text.utf8)) == nil, "\(name)")
    }
  }

  @Test(arguments: ["", "x", "0123456789abcdefghjkmnpqrs", "'; DROP TABLE links; --", "ÅÅÅÅ"])
  func `what is no token leads nowhere`(text: String) async throws {
    let stage = try await Stage()
    let desk = try await withKey(stage)
    _ = try await desk.token(of: try await stage.enrol(), now: Stage.start)
    #expect(try await holder(text, at: desk) == nil)
  }

  @Test func `without the key, or with another one, no link is made`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    let keyless = await refusal { _ = try await stage.desk.token(of: name, now: Stage.start) }
    #expect(keyless?.code == .noLinkKey)
    _ = try await withKey(stage).token(of: name, now: Stage.start)
    let other = try await withKey(stage, seed: 8)
    let refused = await refusal { _ = try await other.token(of: name, now: Stage.start) }
    #expect(refused?.code == .noLinkKey)
    let unknown = await refusal {
      _ = try await withKey(stage).token(of: "P-222222", now: Stage.start)
    }
    #expect(unknown?.code == .unknownParticipant)
  }

  @Test(arguments: [
    ("https://study.example.org", "https://study.example.org"),
    ("https://example.org:8443/panel/", "https://example.org:8443/panel"),
    ("http://localhost:8080", "http://localhost:8080"),
    (" https://a.example \n", "https://a.example"),
  ])
  func `an address is kept without its last slash`(text: String, kept: String) {
    #expect(LinkAddress(text)?.description == kept)
  }

  @Test(arguments: [
    "", "example.org", "http://example.org", "ftp://example.org", "https://", "https://a.org/?x=1",
    "https://a.org/#x", "https://me@a.org", "https://a b.org", "https://a.org/p\u{202E}",
  ])
  func `what no link can begin with is no address`(text: String) {
    #expect(LinkAddress(text) == nil)
  }
}
