import Analysis
import Definitions
import Foundation
import Instruments
import Rehearsal
import Studies

/// Whether the primary model of `companion-rct` gives its effect back: bias, coverage of the 95 % interval
/// and type I error over 500 simulated studies of 200 people, each with its Monte Carlo interval.
///
/// Four worlds: people as `simulation.yaml` has them, who stay away more when they feel bad; the same more
/// strongly, and with half of all occasions missed; and one that the model is right about (missing at random,
/// independent residuals, answers away from the ends of the scale). People are drawn without a database, by
/// the code that lives through a rehearsal; ``RecoveryBenchmark`` goes the whole way.
enum ValidityBenchmark {
  private static let studies = 500
  private static let people = 200
  private static let seed: UInt64 = 20_260_101
  private static let term = "week:arm[supportive]"

  /// A world: what it is called, and what it changes of `simulation.yaml`.
  private static let worlds: [(name: String, change: @Sendable (inout SimulationPlan) -> Void)] = [
    ("as simulation.yaml says: missing by state, log odds -0.3", { _ in }),
    ("missing by state, log odds -1", { $0.behaviour.missesByState?.logOdds = -1 }),
    (
      "missing by state, log odds -1, and half of all missed",
      {
        $0.behaviour.missesByState?.logOdds = -1
        $0.behaviour.misses = 0.5
        $0.behaviour.reminded = 0
      }
    ),
    (
      "the model right: missing at random, no autocorrelation, middle of the scale",
      { plan in
        plan.behaviour.missesByState = nil
        for course in plan.courses.indices where plan.courses[course].name == response {
          plan.courses[course].autocorrelation = 0
          plan.courses[course].start = 3.8
        }
      }
    ),
  ]

  private static let response = "needs-6.satisfaction"

  static func run() async throws {
    let scratch = FileManager.default.temporaryDirectory
      .appending(path: "longwell-bench-\(UUID().uuidString)", directoryHint: .isDirectory)
    defer { try? FileManager.default.removeItem(at: scratch) }
    for (path, file) in EmbeddedFile.inside("studies/companion-rct") {
      let target = scratch.appending(path: path)
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.bytes).write(to: target)
    }
    var problems = Problems()
    guard let folder = StudyFolder.load(directory: scratch, problems: &problems),
      let file = EmbeddedFile.at("studies/companion-rct/simulation.yaml"),
      let simulation = SimulationPlan.load(
        file.bytes, file: file.path, folder: folder, problems: &problems),
      let planFile = EmbeddedFile.at("analysis/companion-rct.yaml"),
      let plan = AnalysisPlan.load(
        planFile.bytes, file: planFile.path, checkedAgainst: StudyOutline(folder),
        problems: &problems),
      let truth = simulation.courses.first(where: { $0.name == response })?
        .slopeByArm["supportive"]
    else { throw problems }
    print(
      "Validity: \(term) = \(truth) in companion-rct, \(studies) studies of \(people) people, seed \(seed)"
    )
    let effect = try StatedEffect("\(term)=\(truth)", models: [])
    for world in worlds {
      var changed = simulation
      world.change(&changed)
      let begin = Measurement.processorSeconds()
      let result = try await PowerAnalysis(
        folder: folder, simulation: changed, plan: plan, effects: [effect]
      ).run(participants: people, replicates: studies, seed: seed)
      print(
        "  \(world.name) (\(String(format: "%.1f", Measurement.processorSeconds() - begin)) s of processor)"
      )
      for found in result.effects { show(found, failures: result.failures) }
    }
  }

  private static func show(_ effect: PowerResult.Effect, failures: Int) {
    func text(_ measure: PowerResult.Effect.Measure, _ decimals: Int) -> String {
      String(
        format: "%.\(decimals)f (%.\(decimals)f to %.\(decimals)f)", measure.value, measure.lower,
        measure.upper)
    }
    print("    bias \(text(effect.bias, 4)), coverage \(text(effect.coverage, 3))")
    print(
      "    type I error \(text(effect.typeOneError, 3)), power \(text(effect.power, 3)), "
        + String(
          format: "standard error %.4f stated, %.4f found", effect.meanStandardError,
          effect.empiricalError) + (failures > 0 ? ", \(failures) not fitted" : ""))
  }
}
