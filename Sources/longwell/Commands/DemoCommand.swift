import Analysis
import ArgumentParser
import Collection
import Foundation
import Rehearsal
import Storage

/// `longwell demo`: the whole way from a template to a report.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Run a study with simulated people, from enrolment to report and export.",
    discussion: """
      Simulates the people of one of the studies that travel with Longwell, lets them donate their
      logs where the study takes logs, carries out its plan, and exports its data: study/,
      results/report.html and export/ in the folder named.

        longwell demo                         # quickstart: seconds
        longwell demo companion-rct trial     # two arms, four weeks, evenings, logs: under two minutes
      """)

  @Argument(help: ArgumentHelp("The study: a template's name.", valueName: "study"))
  var study = "quickstart"

  @Argument(help: ArgumentHelp("The folder to write to; an earlier demo there is replaced."))
  var directory = "longwell-demo"

  @Option(help: ArgumentHelp("How many simulated people enrol.", valueName: "n"))
  var participants = 120

  @Option(help: ArgumentHelp("The seed of everything drawn by chance.", valueName: "s"))
  var seed: UInt64 = 1

  func validate() throws {
    guard (1...1_000_000).contains(participants) else {
      throw ValidationError("--participants takes a whole number from 1 to 1000000")
    }
    guard StudyTemplate.names.contains(study) else {
      throw ValidationError(
        "found the study '\(TerminalText.safe(study))', expected one of "
          + "\(StudyTemplate.names.joined(separator: ", ")); the folder comes after it")
    }
  }

  func run() async throws {
    let folder = URL(filePath: directory, directoryHint: .isDirectory)
    let places = StudyPlaces(folder.appending(path: "study", directoryHint: .isDirectory))
    try removeEarlierDemo(folder, places)
    try StudyTemplate.write(study, to: places.folder)
    Console.raw("Study: \(places.folder.path), made from the template \(study)")
    let simulated = try await SimulationDoor.run(
      places, participants: participants, seed: seed, label: "Simulating \(participants) people")
    let desk = simulated.desk
    var bar = ProgressBar("Donating logs")
    let donors = try await RehearsedDonations.take(
      simulated.outcome.use, to: desk, seed: seed, now: simulated.outcome.end
    ) { bar.show($0, of: $1) }
    let outcome = try await SimulationOutcome(desk, plan: simulated.plan, seed: seed)
    Console.out(outcome.lines.joined(separator: "\n") + "\n")
    if donors > 0 {
      Console.out("\(donors) people donated the export of an AI service; no text of it was kept.\n")
    }
    Console.raw("Analysing")
    let analysis = try await AnalysisDoor.carryOut(
      places.folder.appending(path: "analysis/\(study).yaml"), database: desk.database,
      into: folder.appending(path: "results", directoryHint: .isDirectory), now: Date())
    let export = folder.appending(path: "export", directoryHint: .isDirectory)
    let tables = try await ExportDoor.write(
      desk, into: export, formats: [.csv], isBlinded: false, at: simulated.outcome.end)
    try desk.database.close()
    Console.out(analysis.summary)
    for warning in analysis.warnings { Console.raw("Note: \(TerminalText.safe(warning))") }
    Console.out("\nExport: \(export.path), \(tables.count) tables with a codebook")
    Console.out("Report: \(analysis.report.path)")
  }

  /// An earlier demo is recognised by its simulated study; anything else is left alone.
  private func removeEarlierDemo(_ folder: URL, _ places: StudyPlaces) throws {
    let manager = FileManager.default
    guard manager.fileExists(atPath: folder.path) else { return }
    let entries = try manager.contentsOfDirectory(atPath: folder.path)
    guard !entries.isEmpty else { return }
    guard Set(entries).isSubset(of: ["study", "results", "export"]),
      SimulationRecord.read(places) != nil,
      try !places.hasResearch || places.openResearch().kind == .simulated
    else {
      throw CommandFailure(
        .refused,
        "\(folder.path): the folder holds something other than an earlier demo; name another one")
    }
    for entry in entries { try manager.removeItem(at: folder.appending(path: entry)) }
  }
}
