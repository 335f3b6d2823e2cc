import Collection
import Definitions
import Foundation
import Instruments
import Rehearsal
import Storage
import Studies

/// How long a rehearsal takes: the study `moments`, 2,000 people with some 90 occasions each, seed 1.
///
/// The bound writes the same rows with Python's `sqlite3`, in one transaction and without any rule, score
/// or hash: what SQLite alone takes.
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
    guard let bound = try bound(url) else {
      return print("  bound: skipped, no python3 here")
    }
    print(
      String(
        format: "  bound: %.1f s for the same rows by SQLite alone; we take %.1f ×", bound,
        seconds / bound))
  }

  /// Seconds that SQLite takes to write all rows of a database again.
  private static func bound(_ database: URL) throws -> Double? {
    let script = """
      import os, sqlite3, sys, time
      old = sqlite3.connect(sys.argv[1])
      path = sys.argv[1] + '.bound'
      new = sqlite3.connect(path, isolation_level=None)
      new.execute('PRAGMA journal_mode = WAL'); new.execute('PRAGMA synchronous = FULL')
      parts = old.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL "
        "AND name NOT LIKE 'sqlite_%' ORDER BY type = 'table' DESC").fetchall()
      for _, _, sql in parts: new.execute(sql)
      tables = [(name, old.execute(f'SELECT * FROM {name}').fetchall())
        for kind, name, _ in parts if kind == 'table']
      begin = time.perf_counter()
      new.execute('BEGIN')
      for name, rows in tables:
        if rows:
          marks = ','.join('?' * len(rows[0]))
          new.executemany(f'INSERT INTO {name} VALUES ({marks})', rows)
      new.execute('COMMIT')
      print(time.perf_counter() - begin)
      """
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script, database.path]
    process.standardOutput = output
    do { try process.run() } catch { return nil }
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return Double(
      String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
  }
}
