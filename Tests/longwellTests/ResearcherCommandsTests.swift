import Foundation
import Testing

@Suite("Who may sign in is said on the command line")
struct ResearcherCommandsTests {
  private static let password = "planted horse battery"

  private struct Credentials: Decodable {
    var researcher: String
    var secret: String
    var address: String
    var codes: [String]

    enum CodingKeys: String, CodingKey {
      case researcher
      case secret = "totp_secret"
      case address = "totp_uri"
      case codes = "recovery_codes"
    }
  }

  private struct Team: Decodable {
    struct Person: Decodable {
      var name, role: String
      var sites: [String]?
      var revoked: String?
    }

    struct Token: Decodable {
      var token, researcher, label: String
      var scopes: [String]
      var revoked: String?
    }

    var researchers: [Person]
    var tokens: [Token]
  }

  private func run(
    _ arguments: [String], in scratch: ScratchFolder, input: String = ""
  ) throws -> Command.Outcome {
    try Command.run(["researcher"] + arguments, in: scratch.url, input: input)
  }

  private func team(_ scratch: ScratchFolder) throws -> Team {
    let listed = try run(["list", "study", "--json"], in: scratch)
    #expect(listed.status == 0, "\(listed.errors)")
    return try JSONDecoder().decode(Team.self, from: Data(listed.output.utf8))
  }

  @Test("added, changed, renewed and revoked, each on record")
  func walk() throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    let weak = try run(["add", "study", "ann", "--role", "owner"], in: scratch, input: "short\n")
    #expect(weak.status != 0 && weak.errors.contains("12 to 256 characters"))
    #expect(weak.output.isEmpty, "no app is set up for nothing")
    #expect(!weak.errors.contains("short"))
    let added = try run(
      ["add", "study", "Ann@example.org", "--role", "owner", "--json"], in: scratch,
      input: Self.password + "\n")
    #expect(added.status == 0, "\(added.errors)")
    let credentials = try JSONDecoder().decode(Credentials.self, from: Data(added.output.utf8))
    #expect(credentials.researcher == "ann@example.org" && credentials.codes.count == 8)
    #expect(credentials.secret.count == 32)
    #expect(credentials.address.contains("secret=\(credentials.secret)"))
    let shown = try run(
      ["add", "study", "bob", "--role", "analyst"], in: scratch, input: Self.password + "\n")
    #expect(shown.status == 0 && shown.output.contains("▄") && shown.output.contains("Added bob"))
    #expect(!shown.output.contains(Self.password))
    let twice = try run(
      ["add", "study", "bob", "--role", "viewer"], in: scratch, input: Self.password + "\n")
    #expect(twice.status != 0 && twice.errors.contains("taken"))
    #expect(try run(["change", "study", "bob", "--role", "viewer"], in: scratch).status == 0)
    let token = try run(
      ["token", "study", "bob", "--scope", "metrics", "--scope", "study", "--label", "Prometheus"],
      in: scratch)
    #expect(token.output.wholeMatch(of: #/longwell_[0-9a-z]{26}\n/#) != nil, "\(token.errors)")
    let before = try team(scratch)
    #expect(before.researchers.map(\.role) == ["owner", "viewer"])
    #expect(before.tokens.map(\.scopes) == [["metrics", "study"]])
    let name = try #require(before.tokens.first?.token)
    #expect(try run(["revoke-token", "study", name], in: scratch).status == 0)
    #expect(try run(["revoke", "study", "bob"], in: scratch).status == 0)
    let renewed = try run(
      ["renew", "study", "ann@example.org", "--json"], in: scratch, input: "another horse battery\n"
    )
    #expect(renewed.status == 0 && renewed.output != added.output)
    let after = try team(scratch)
    #expect(after.researchers.map { $0.revoked != nil } == [false, true])
    #expect(after.tokens.allSatisfy { $0.revoked != nil })
    #expect(try run(["revoke", "study", "bob"], in: scratch).status != 0)
    let verified = try Command.run(["verify", "study"], in: scratch.url)
    #expect(verified.status == 0, "\(verified.output) \(verified.errors)")
    for (file, bytes) in try scratch.contents(of: "study/data") {
      for secret in [Self.password, credentials.secret, credentials.codes[0]] {
        #expect(bytes.firstRange(of: Data(secret.utf8)) == nil, "\(file)")
      }
    }
  }
}
