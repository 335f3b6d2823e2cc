import Analysis
import ArgumentParser
import Collection
import Definitions
import Foundation
import Storage

/// `longwell analyse`: from a plan to a report.
struct AnalyseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyse",
    abstract: "Carry out an analysis plan: tables, models, figures, report.",
    discussion: """
      Writes report.html (one file, to read or print), results.json (every number at full
      precision), tables/ and figures/ to the folder named by --out.
      """)

  @Argument(help: ArgumentHelp("The analysis plan, a YAML file.", valueName: "plan"))
  var plan: String

  @Option(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var study: String

  @Option(help: ArgumentHelp("The folder to write to; files of the same names are replaced."))
  var out: String

  @Flag(help: "Print results.json instead of the tables.")
  var json = false

  @OptionGroup var clock: ClockOption

  func run() async throws {
    let now = try clock.moment()
    let door = try await StudyDoor.open(study, for: .reading, now: now)
    try await door.closeWhatExpired(clock)
    let folder = URL(filePath: out, directoryHint: .isDirectory)
    let outcome = try await AnalysisDoor.carryOut(
      URL(filePath: plan), database: door.desk.database, into: folder, now: now)
    if json {
      let results = try Data(contentsOf: folder.appending(path: "results.json"))
      FileHandle.standardOutput.write(results)
      return
    }
    Console.out(outcome.summary)
    for warning in outcome.warnings { Console.raw("Note: \(TerminalText.safe(warning))") }
    Console.out("\nReport: \(outcome.report.path)")
    guard outcome.failures.isEmpty else {
      throw CommandFailure(.problems, "a model of the plan could not be fitted; see the report")
    }
  }
}
