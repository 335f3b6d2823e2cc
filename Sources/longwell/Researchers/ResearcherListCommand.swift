import ArgumentParser
import Collection
import Foundation
import LocalTime
import Storage

/// `longwell researcher list`: the study team and the tokens of its programs.
struct ResearcherListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the study team and the tokens of its programs.")

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Flag(help: "Print the list as JSON.")
  var json = false

  func run() async throws {
    let door = try await StudyDoor.open(directory, for: .reading, now: Date())
    let people = try await door.desk.researchers()
    let tokens = try await door.desk.apiTokens()
    if json { return try Console.json(TeamDocument(people, tokens)) }
    guard !people.isEmpty else { return Console.out("Nobody yet; longwell researcher add.") }
    var table = TextTable(header: ["name", "role", "sites", "added", "revoked"])
    table.leftColumns = Set(0..<5)
    table.rows = people.map {
      [
        $0.name, $0.role.rawValue, $0.sites?.joined(separator: ", ") ?? "all", $0.added.utcText,
        $0.revoked?.utcText ?? "",
      ]
    }
    Console.out(table.lines.joined(separator: "\n"))
    guard !tokens.isEmpty else { return }
    let names = Dictionary(people.map { ($0.uuid, $0.name) }, uniquingKeysWith: { $1 })
    var list = TextTable(header: ["token", "of", "for", "scopes", "until", "revoked"])
    list.leftColumns = Set(0..<6)
    list.rows = tokens.map {
      [
        $0.uuid.uuidString.lowercased(), names[$0.researcher] ?? "", TerminalText.safe($0.label),
        $0.scopes.joined(separator: ", "), $0.ends.utcText, $0.revoked?.utcText ?? "",
      ]
    }
    Console.out("\n" + list.lines.joined(separator: "\n"))
  }
}

/// What `researcher list --json` prints. No credential is in it.
struct TeamDocument: Encodable {
  struct Person: Encodable {
    var name, role, added: String
    var sites: [String]?
    var revoked: String?
  }

  struct Token: Encodable {
    var token, researcher, label, made, ends: String
    var scopes: [String]
    var revoked: String?
  }

  var researchers: [Person]
  var tokens: [Token]

  init(_ people: [ResearcherRecord], _ tokens: [APITokenRecord]) {
    let names = Dictionary(people.map { ($0.uuid, $0.name) }, uniquingKeysWith: { $1 })
    researchers = people.map {
      Person(
        name: $0.name, role: $0.role.rawValue, added: $0.added.utcText, sites: $0.sites,
        revoked: $0.revoked?.utcText)
    }
    self.tokens = tokens.map {
      Token(
        token: $0.uuid.uuidString.lowercased(), researcher: names[$0.researcher] ?? "",
        label: $0.label, made: $0.made.utcText, ends: $0.ends.utcText, scopes: $0.scopes,
        revoked: $0.revoked?.utcText)
    }
  }
}
