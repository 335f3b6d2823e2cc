import Analysis
import ArgumentParser
import Collection
import Foundation
import Storage

/// `longwell demo`: the whole way from a template to a report.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Run the quickstart study with simulated people, from enrolment to report.")

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
  }

  func run() async throws {
    let folder = URL(filePath: directory, directoryHint: .isDirectory)
    let places = StudyPlaces(folder.appending(path: "study", directoryHint: .isDirectory))
    let results = folder.appending(path: "results", directoryHint: .isDirectory)
    try removeEarlierDemo(folder, places)
    try StudyTemplate.write("quickstart", to: places.folder)
    Console.raw("Study: \(places.folder.path), made from the template quickstart")
    let (desk, plan) = try await SimulationDoor.run(
      places, participants: participants, seed: seed, label: "Simulating \(participants) people")
    let outcome = try await SimulationOutcome(desk, plan: plan, seed: seed)
    Console.out(outcome.lines.joined(separator: "\n") + "\n")
    Console.raw("Analysing")
    let analysis = try await AnalysisDoor.carryOut(
      places.folder.appending(path: "analysis/quickstart.yaml"), database: desk.database,
      into: results, now: Date())
    try desk.database.close()
    Console.out(analysis.summary)
    Console.out("\nReport: \(analysis.report.path)")
  }

  /// An earlier demo is recognised by its simulated study; anything else is left alone.
  private func removeEarlierDemo(_ folder: URL, _ places: StudyPlaces) throws {
    let manager = FileManager.default
    guard manager.fileExists(atPath: folder.path) else { return }
    let entries = try manager.contentsOfDirectory(atPath: folder.path)
    guard !entries.isEmpty else { return }
    guard Set(entries).isSubset(of: ["study", "results"]), SimulationRecord.read(places) != nil,
      try !places.hasResearch || places.openResearch().kind == .simulated
    else {
      throw CommandFailure(
        .refused,
        "\(folder.path): the folder holds something other than an earlier demo; name another one")
    }
    for entry in entries { try manager.removeItem(at: folder.appending(path: entry)) }
  }
}
