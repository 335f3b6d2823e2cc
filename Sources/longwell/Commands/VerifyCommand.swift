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

      The last hash of the study's chain is printed: kept elsewhere, and given again as --head, it
      shows that the end of the chain was not cut off.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Option(help: ArgumentHelp("A hash that verify printed before.", valueName: "hash"))
  var head: String?

  @Flag(help: "Print the findings as JSON.")
  var json = false

  func run() async throws {
    let places = StudyPlaces(directory)
    if head == nil, places.isUnfinished {
      Console.out(
        "Nothing was begun: whoever made the database was interrupted before its first row.")
      return
    }
    let database = try places.openResearch()
    let report = try await database.report(expecting: head)
    try? database.close()
    let findings = report.findings
    if json {
      try Console.json(VerifyDocument(report))
    } else if findings.isEmpty {
      Console.out("All chains hold; nothing is missing.")
      if let head = report.head {
        Console.out("The study's chain ends with event \(head.number): \(head.hash)")
      }
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

  var head: String?

  init(_ report: ChainReport) {
    ok = report.findings.isEmpty
    head = report.head?.hash
    findings = report.findings.map {
      Finding(kind: $0.kind.rawValue, chain: $0.chain, description: $0.description)
    }
  }
}
