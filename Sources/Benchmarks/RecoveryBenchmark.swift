import Analysis
import Collection
import Definitions
import Foundation
import Instruments
import Rehearsal
import Storage
import Studies

/// Whether the analysis finds again the effect that was put into the simulation: the quickstart study,
/// 120 people, seeds 1 to 100, through enrolment, answers, scores, database, table and model.
enum RecoveryBenchmark {
  /// What `simulation.yaml` puts in: need satisfaction is the mean of three subscales.
  private static let truth = (0.06 + 0.04 + 0.02) / 3
  private static let seeds: ClosedRange<UInt64> = 1...100

  static func run() async throws {
    print(
      "Recovery of the slope difference of \(truth) per week, 120 people × 3 waves, seeds 1-100")
    let scratch = FileManager.default.temporaryDirectory
      .appending(path: "longwell-bench-\(UUID().uuidString)", directoryHint: .isDirectory)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let folder = try study(in: scratch)
    var estimates: [Double] = []
    var covered = 0
    for seed in seeds {
      let effect = try await effect(seed: seed, folder: folder, scratch: scratch)
      estimates.append(effect.estimate)
      if effect.interval.contains(truth) { covered += 1 }
    }
    let mean = estimates.reduce(0, +) / Double(estimates.count)
    let spread =
      estimates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(estimates.count - 1)
    print(
      "  the 95 % interval holds the truth in \(covered) of \(estimates.count) (90 or more wanted)")
    print(
      String(
        format: "  mean estimate %.4f, bias %.4f (Monte Carlo standard error %.4f)", mean,
        mean - truth, (spread / Double(estimates.count)).squareRoot()))
  }

  private static func study(in scratch: URL) throws -> StudyFolder {
    let url = scratch.appending(path: "study", directoryHint: .isDirectory)
    for (path, file) in EmbeddedFile.inside("studies/quickstart") {
      let target = url.appending(path: path)
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.bytes).write(to: target)
    }
    var problems = Problems()
    guard let folder = StudyFolder.load(directory: url, problems: &problems) else { throw problems }
    return folder
  }

  private static func effect(
    seed: UInt64, folder: StudyFolder, scratch: URL
  ) async throws -> (estimate: Double, interval: ClosedRange<Double>) {
    var problems = Problems()
    guard let simulationFile = EmbeddedFile.at("studies/quickstart/simulation.yaml"),
      let planFile = EmbeddedFile.at("analysis/quickstart.yaml"),
      let simulation = SimulationPlan.load(
        simulationFile.bytes, file: simulationFile.path, folder: folder, problems: &problems),
      let plan = AnalysisPlan.load(planFile.bytes, file: planFile.path, problems: &problems)
    else { throw problems }
    let database = try ResearchDatabase.open(
      at: scratch.appending(path: "\(seed).db"), mode: .create(kind: .simulated),
      secrets: .seeded(seed))
    let desk = try await StudyDesk.open(
      database, publishing: folder, allocationSeed: seed, now: simulation.enrolment.from)
    try await Simulation(desk: desk, plan: simulation, people: 120, seed: seed).run { _, _ in }
    let results = scratch.appending(path: "results-\(seed)", directoryHint: .isDirectory)
    // No gnuplot: the pictures of a hundred studies would be most of the time.
    let run = AnalysisRun(version: "benchmark", gnuplot: "no-gnuplot")
    _ = try await run.carryOut(
      plan, study: StudyOutline.load(from: database), database: database, into: results,
      now: simulation.enrolment.from)
    try database.close()
    return try Effect.read(results.appending(path: "results.json"))
  }

  /// The part of `results.json` that is looked at.
  private struct Effect: Decodable {
    struct Contrast: Decodable {
      var id: String
      var estimate: Double
      var lower: Double
      var upper: Double
    }

    var contrasts: [Contrast]

    static func read(_ file: URL) throws -> (estimate: Double, interval: ClosedRange<Double>) {
      let effect = try JSONDecoder().decode(Effect.self, from: Data(contentsOf: file))
      guard let found = effect.contrasts.first(where: { $0.id == "slope-difference" }) else {
        throw CocoaError(.coderValueNotFound)
      }
      return (found.estimate, found.lower...found.upper)
    }
  }
}
