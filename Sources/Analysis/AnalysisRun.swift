import Definitions
import Figures
package import Foundation
import Statistics
package import Storage
import Tables

/// Carries out plans: from a database to a folder of results.
package struct AnalysisRun: Sendable {
  /// What became of a run.
  package struct Outcome: Sendable {
    /// `report.html` in the folder of results.
    package let report: URL
    /// The models' tables as text for a terminal, in the order of the plan.
    package let summary: String
    /// What a person should read before the numbers: models that could not be fitted, figures that
    /// could not be drawn.
    package let warnings: [String]
    /// Why the question of the plan is not answered, if it is not: the primary model could not be
    /// fitted, or does not estimate a contrast. A command should not end as if all had gone well.
    package let failures: [String]
  }

  private let version: String
  private let drawer: FigureDrawer

  /// Creates a runner.
  ///
  /// - Parameters:
  ///   - version: Longwell's version, as results name it.
  ///   - gnuplot: The program that draws figures, looked up on the path.
  package init(version: String, gnuplot: String = "gnuplot") {
    self.version = version
    drawer = FigureDrawer(executable: gnuplot)
  }

  /// Carries out a plan that was checked against the study, and writes `report.html`,
  /// `results.json`, `run.json`, `tables/` and `figures/`.
  ///
  /// What an earlier run wrote into the folder, by the list in its `run.json`, goes first, so that no
  /// figure or table of another plan stays; nothing else in the folder is touched.
  ///
  /// - Parameters:
  ///   - now: When this happens; only `run.json` holds it.
  /// - Throws: `StorageError`, `FigureProblem` (a missing gnuplot is a warning), or
  ///   ``AnalysisProblem``.
  package func carryOut(
    _ plan: AnalysisPlan, study: StudyOutline, database: ResearchDatabase, into folder: URL,
    now: Date
  ) async throws -> Outcome {
    let data = try await StudyRows.read(from: database)
    return try await carryOut(
      plan, study: study, data: data, isSimulated: database.kind == .simulated, into: folder,
      now: now)
  }

  /// Carries out a plan on rows that were read already.
  package func carryOut(
    _ plan: AnalysisPlan, study: StudyOutline, data: StudyRows, isSimulated: Bool,
    into folder: URL, now: Date
  ) async throws -> Outcome {
    let results = try AnalysisResults(
      plan: plan, study: study, data: data, isSimulated: isSimulated, version: version)
    guard results.data.table.rowCount > 0 else { throw AnalysisProblem.noDueOccasions }
    let output = ResultsFolder(folder)
    let tables = try results.tables()
    let drawings = results.drawings()
    let planned =
      ["check.R", "report.html", "results.json", "tables/codebook.csv"]
      + tables.map { "tables/\($0.name).csv" }
      + drawings.flatMap { drawing in
        FigureDrawer.endings.map { "figures/\(drawing.name).\($0)" }
      }
    let earlier = output.filesOfEarlierRun()
    // Listed before anything is written: a run that is cut off leaves nothing unlisted.
    try output.write(
      runRecord(of: Set(planned + earlier).sorted(), finished: nil), to: RunFiles.name)
    output.remove(earlier)
    try output.write(tables: tables)
    try output.write(results.json().document, to: "results.json")
    try output.write(CheckScript(results: results).text(), to: "check.R")
    let (images, missing) = try await draw(drawings, into: folder)
    var report = Report(results, figures: images, missing: missing)
    try output.write(report.page(), to: "report.html")
    try output.write(
      runRecord(of: planned.sorted().filter(output.holds), finished: now), to: RunFiles.name)
    return Outcome(
      report: folder.appending(path: "report.html"), summary: results.summary(),
      warnings: results.warnings + (missing.map { [$0.description] } ?? []),
      failures: results.failures)
  }

  /// Draws the figures; without gnuplot the numbers still stand, and the report says what it lacks.
  private func draw(
    _ drawings: [Drawing], into folder: URL
  ) async throws -> (images: [String: VectorImage], missing: FigureProblem?) {
    var images: [String: VectorImage] = [:]
    for drawing in drawings {
      do throws(FigureProblem) {
        images[drawing.name] = try await drawer.draw(
          drawing, into: folder.appending(path: "figures"))
      } catch {
        guard case .gnuplotMissing = error else { throw error }
        return ([:], error)
      }
    }
    return (images, nil)
  }

  /// When and where, which the results themselves leave out, and the files that were written.
  private func runRecord(of files: [String], finished: Date?) -> String {
    let process = ProcessInfo.processInfo
    return JSONText.fields([
      "finished": .optional(finished?.formatted(.iso8601)),
      "longwell": .text(version),
      "system": .text(process.operatingSystemVersionString),
      "processors": .integer(process.processorCount),
      "files": .list(files.map { .text($0) }),
    ]).document
  }
}
