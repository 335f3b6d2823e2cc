import Analysis
import ArgumentParser
import Definitions
import Foundation
import Rehearsal
import Studies

/// `longwell power`: how many people a study needs, by simulation of its own plan.
struct PowerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "power",
    abstract: "Find a plan's power, type I error, bias and coverage by simulated studies.",
    discussion: """
      In each replicate the people of the study's simulation.yaml enrol, answer, miss and leave as it
      says, and a model of the plan is fitted to their scores; once with the effects stated, once with
      none. --effect names a coefficient of the primary model, or MODEL.TERM of another, and gives its
      value; what simulation.yaml says of the arms, of change or of sites gives way to it. Every share
      comes with the interval that the number of replicates leaves.

        longwell power my-study my-study/analysis/companion-rct.yaml \\
          --effect 'week:arm[supportive]=0.1' --participants 100,200,400 --replicates 1000

      Use of AI systems, journeys, pauses and conditions are not simulated here; longwell simulate has
      them.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "study"))
  var directory: String

  @Argument(help: ArgumentHelp("The analysis plan, a YAML file.", valueName: "plan"))
  var plan: String

  @Option(
    help: ArgumentHelp("An effect, TERM=VALUE; once for each.", valueName: "term=value"))
  var effect: [String] = []

  @Option(
    help: ArgumentHelp("How many people enrol; several joined by commas.", valueName: "n"))
  var participants = PeopleCounts(counts: [200])

  @Option(help: ArgumentHelp("How many studies are simulated for each.", valueName: "n"))
  var replicates = 1000

  @Option(help: ArgumentHelp("The seed of everything drawn by chance.", valueName: "s"))
  var seed: UInt64 = 1

  @Flag(help: "Print every number as JSON.")
  var json = false

  func validate() throws {
    guard (10...1_000_000).contains(replicates) else {
      throw ValidationError("--replicates takes a whole number from 10 to 1000000")
    }
    guard !effect.isEmpty else {
      throw ValidationError(
        "--effect is missing: name a coefficient and its value, such as "
          + "--effect 'week:arm[supportive]=0.1'")
    }
  }

  func run() async throws {
    let analysis = try PowerDoor.open(StudyPlaces(directory), plan: URL(filePath: plan), effect)
    var results: [PowerResult] = []
    for count in participants.counts {
      var bar = ProgressBar("\(count) people")
      do {
        results.append(
          try await analysis.run(
            participants: count, replicates: replicates, seed: seed
          ) { bar.show($0, of: $1) })
      } catch let problem as PowerProblem {
        throw CommandFailure(.problems, TerminalText.safe(problem.description))
      }
    }
    let document = PowerDocument(results, replicates: replicates, seed: seed)
    if json {
      try Console.json(document)
    } else {
      Console.out(document.lines.joined(separator: "\n"))
    }
  }
}

/// Numbers of people, each from 1 to a million.
struct PeopleCounts: ExpressibleByArgument {
  var counts: [Int]

  init(counts: [Int]) { self.counts = counts }

  /// Whole numbers joined by commas; nil if one of them is none, or out of range.
  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    counts = parts.compactMap { Int($0) }.filter { (1...1_000_000).contains($0) }
    if counts.isEmpty || counts.count != parts.count { return nil }
  }

  var defaultValueDescription: String { counts.map(String.init).joined(separator: ",") }
}
