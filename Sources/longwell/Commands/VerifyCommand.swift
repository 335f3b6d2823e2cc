import ArgumentParser
import LocalTime
import Storage

/// `longwell verify`: recompute the event chains of a study.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that nothing in a study's database was changed, removed or lost.",
    discussion: """
      Recomputes every chain of events and compares the stored rows with what the events say.
      Leaves with 1 where something is wrong. What was erased is not: chains hold without it.

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
      for line in Self.lines(report.erasures) { Console.out(line) }
    } else {
      for finding in findings { Console.out(TerminalText.safe(finding.description)) }
    }
    guard findings.isEmpty else { throw CommandFailure(.problems, "") }
  }
}

extension VerifyCommand {
  /// How many erasures there were, and those that are not complete.
  private static func lines(_ erasures: [ErasureRecord]) -> [String] {
    let complete = erasures.count { $0.completed != nil }
    return (complete > 0 ? ["Erasures that are complete: \(complete)."] : [])
      + erasures.filter { $0.completed == nil }.map { erasure in
        let what = erasure.removed == nil ? "nothing is removed yet" : "copies may be left in files"
        return "Erasure pending: \(erasure.pseudonym), asked for on \(erasure.requested.utcText); "
          + "\(what)."
      }
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
  /// How many erasures are complete, and of whom they are pending.
  var erased: Int
  var pendingErasures: [String]

  enum CodingKeys: String, CodingKey {
    case ok, findings, head, erased
    case pendingErasures = "pending_erasures"
  }

  init(_ report: ChainReport) {
    ok = report.findings.isEmpty
    head = report.head?.hash
    erased = report.erasures.count { $0.completed != nil }
    pendingErasures = report.erasures.filter { $0.completed == nil }.map(\.pseudonym)
    findings = report.findings.map {
      Finding(kind: $0.kind.rawValue, chain: $0.chain, description: $0.description)
    }
  }
}
