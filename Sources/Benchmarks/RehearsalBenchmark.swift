import Collection
import Definitions
import Foundation
import Instruments
import Rehearsal
import Storage
import Studies

/// How long a rehearsal takes: the study `moments`, 2,000 people with some 90 occasions each, seed 1.
///
/// The bound is ``SQLiteBound``.
enum RehearsalBenchmark {
  static func run() async throws {
    print("Rehearsal: the study moments, seed 1, into a database on disk")
    for people in [200, 2000] { try await run(people: people) }
  }

  private static func run(people: Int) async throws {
    let scratch = FileManager.default.temporaryDirectory
      .appending(path: "longwell-bench-\(UUID().uuidString)", directoryHint: .isDirectory)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let study = scratch.appending(path: "study", directoryHint: .isDirectory)
    for (path, file) in EmbeddedFile.inside("studies/moments") {
      let target = study.appending(path: path)
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.bytes).write(to: target)
    }
    var problems = Problems()
    guard let folder = StudyFolder.load(directory: study, problems: &problems),
      let file = EmbeddedFile.at("studies/moments/simulation.yaml"),
      let plan = SimulationPlan.load(
        file.bytes, file: file.path, folder: folder, problems: &problems)
    else { throw problems }
    let url = scratch.appending(path: "moments.db")
    let clock = ContinuousClock()
    let begin = clock.now
    let work = Measurement.processorSeconds()
    let database = try ResearchDatabase.open(
      at: url, mode: .create(kind: .simulated), secrets: .seeded(1))
    let desk = try await StudyDesk.open(
      database, publishing: folder, allocationSeed: 1, now: plan.enrolment.from)
    try await Simulation(desk: desk, plan: plan, people: people, seed: 1).run { _, _ in }
    let seconds = begin.duration(to: clock.now).seconds
    let rows = try await database.read { snapshot in
      (try snapshot.occasionRows().count, try snapshot.responseRows().count)
    }
    try database.close()
    print(
      String(
        format:
          "  %d people: %.1f s (%.1f s of processor) for %d occasions and %d responses, %.0f µs an "
          + "occasion%@",
        people, seconds, Measurement.processorSeconds() - work, rows.0, rows.1,
        seconds / Double(rows.0) * 1e6, people == 2000 ? " (under 60 s wanted)" : ""))
    try SQLiteBound.print(ofRowsIn: url, besides: seconds)
  }
}
