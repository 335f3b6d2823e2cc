import ArgumentParser
import Collection
import Foundation
import Storage
import Studies

/// `longwell allocation`: what holders of the seed can prove about the arms.
struct AllocationCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "allocation", abstract: "Audit how arms were assigned.",
    subcommands: [AllocationAuditCommand.self])
}

/// `longwell allocation audit`: every draw made again from the secret seed.
struct AllocationAuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Make every draw again from the secret seed, and compare.",
    discussion: """
      Needs the study's key folder. Prints how many draws agree, the arms by stratum, and every draw
      that does not agree. Leaves with 1 where one does not. The table names the arms: keep it from
      analysts who are blinded.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Flag(help: "Print every draw as JSON.")
  var json = false

  func run() async throws {
    let door = try await StudyDoor.open(directory, for: .answering, now: Date())
    let draws = try await door.desk.auditAllocation()
    if json {
      try Console.json(AllocationAuditDocument(draws))
    } else {
      Console.out(lines(of: draws, arms: door.desk.current.study.arms.map(\.id)))
    }
    guard draws.allSatisfy(\.agrees) else { throw CommandFailure(.problems, "") }
  }

  private func lines(of draws: [AuditedDraw], arms: [String]) -> String {
    guard !draws.isEmpty else { return "Nobody has been randomised." }
    let strata = Dictionary(grouping: draws, by: \.allocation.stratum)
    var table = TextTable(header: ["stratum"] + arms)
    table.rows = strata.sorted { $0.key < $1.key }.map { stratum, draws in
      [stratum.isEmpty ? "everybody" : TerminalText.safe(stratum)]
        + arms.map { arm in String(draws.count { $0.allocation.arm == arm }) }
    }
    let wrong = draws.filter { !$0.agrees }.map { draw in
      "draw \(draw.allocation.draw) of \(draw.allocation.pseudonym): found "
        + "\(TerminalText.safe(draw.allocation.arm)), the seed gives \(draw.expected ?? "none")"
    }
    let summary = "\(draws.count - wrong.count) of \(draws.count) draws agree with the seed."
    return (wrong + table.lines + ["", summary]).joined(separator: "\n")
  }
}

/// What the audit found, for programs.
struct AllocationAuditDocument: Encodable {
  struct Draw: Encodable {
    var draw: Int
    var participant, stratum, arm, method: String
    var expected: String?
    var agrees: Bool
  }

  var ok: Bool
  var draws: [Draw]

  init(_ audited: [AuditedDraw]) {
    ok = audited.allSatisfy(\.agrees)
    draws = audited.map {
      Draw(
        draw: $0.allocation.draw, participant: $0.allocation.pseudonym,
        stratum: $0.allocation.stratum, arm: $0.allocation.arm, method: $0.allocation.method,
        expected: $0.expected, agrees: $0.agrees)
    }
  }
}
