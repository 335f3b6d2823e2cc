import ArgumentParser
import Storage

/// `longwell verify`: recompute the event chains of a study.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that nothing in a study's database was changed, removed or lost.",
    discussion: """
      Recomputes every chain of events and compares the stored rows with what the events say.
      Leaves with 1 where something is wrong.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Flag(help: "Print the findings as JSON.")
  var json = false

  func run() async throws {
    let database = try StudyPlaces(directory).openResearch()
    let findings = try await database.verify()
    try? database.close()
    if json {
      try Console.json(VerifyDocument(findings))
    } else if findings.isEmpty {
      Console.out("All chains hold; nothing is missing.")
    } else {
      for finding in findings { Console.out(TerminalText.safe(finding.description)) }
    }
    guard findings.isEmpty else { throw CommandFailure(.problems, "") }
  }
}

/// What `verify` found, for programs.
struct VerifyDocument: Encodable {
  struct Finding: Encodable {
    var kind, chain, description: String
  }

  var ok: Bool
  var findings: [Finding]

  init(_ findings: [ChainFinding]) {
    ok = findings.isEmpty
    self.findings = findings.map {
      Finding(kind: $0.kind.rawValue, chain: $0.chain, description: $0.description)
    }
  }
}
