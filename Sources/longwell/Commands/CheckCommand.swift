import ArgumentParser
import Definitions
import Foundation

/// `longwell check`: find every mistake in a file or folder.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Find every mistake in an instrument, a study folder or an analysis plan.",
    discussion: """
      Reports all problems at once, each with file, line and column, what was found, what was
      expected, and the nearest name that would be right. A study folder is checked with its
      instruments, its texts, its simulation and its plans; worked examples are run.
      Leaves with 1 where something is wrong; warnings alone are no problem.
      """)

  @Argument(help: ArgumentHelp("A YAML file, or a study folder.", valueName: "path"))
  var path: String

  @Flag(help: "Print the problems as JSON.")
  var json = false

  func run() throws {
    let report = try DefinitionCheck.run(URL(filePath: path))
    if json {
      try Console.json(CheckDocument(report))
    } else {
      for problem in report.problems.sorted { Console.out(TerminalText.safe(problem.description)) }
      Console.out(summary(of: report))
    }
    guard !report.problems.hasErrors else { throw CommandFailure(.problems, "") }
  }

  private func summary(of report: DefinitionCheck.Report) -> String {
    let errors = report.problems.errorCount
    let warnings = report.problems.list.count - errors
    let counts = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }
      .map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
    let checked = TerminalText.safe(report.checked)
    return counts.isEmpty
      ? "\(checked): no problem found" : "\(checked): " + counts.joined(separator: ", ")
  }
}

/// What `check` found, for programs.
struct CheckDocument: Encodable {
  struct Entry: Encodable {
    var severity, file: String
    var line, column: Int
    var found, expected: String
    var suggestion: String?
  }

  var checked: String
  var ok: Bool
  var problems: [Entry]

  init(_ report: DefinitionCheck.Report) {
    checked = report.checked
    ok = !report.problems.hasErrors
    problems = report.problems.sorted.map {
      Entry(
        severity: $0.severity.rawValue, file: $0.place.file, line: $0.place.line,
        column: $0.place.column, found: $0.found, expected: $0.expected, suggestion: $0.suggestion)
    }
  }
}
