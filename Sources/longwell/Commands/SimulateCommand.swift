import ArgumentParser
import Collection
import Foundation
import Rehearsal
import Storage

/// `longwell simulate`: let simulated people live through a study.
struct SimulateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Let simulated people live through a study, with a stated true effect.",
    discussion: """
      They enrol, consent, answer, miss, break off and withdraw as simulation.yaml in the study
      folder says, through the same doors as real people. One seed gives one study, to the byte of
      its exports. An earlier simulation in the folder is replaced; real people's data never are.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Option(help: ArgumentHelp("How many people enrol.", valueName: "n"))
  var participants = 60

  @Option(help: ArgumentHelp("The seed of everything drawn by chance.", valueName: "s"))
  var seed: UInt64 = 1

  @Flag(help: "Print what happened as JSON.")
  var json = false

  func validate() throws {
    guard (1...1_000_000).contains(participants) else {
      throw ValidationError("--participants takes a whole number from 1 to 1000000")
    }
  }

  func run() async throws {
    let (desk, plan, _) = try await SimulationDoor.run(
      StudyPlaces(directory), participants: participants, seed: seed, label: "Simulating")
    let outcome = try await SimulationOutcome(desk, plan: plan, seed: seed)
    try desk.database.close()
    if json {
      try Console.json(outcome)
    } else {
      Console.out(outcome.lines.joined(separator: "\n"))
    }
  }
}
