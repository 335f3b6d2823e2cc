import Analysis
import Definitions
import Foundation
import Storage

/// Reads a plan, checks it against a running study, and carries it out.
enum AnalysisDoor {
  /// - Throws: ``CommandFailure`` with every problem of the plan, or what `Analysis` refuses.
  static func carryOut(
    _ plan: URL, database: ResearchDatabase, into folder: URL, now: Date
  ) async throws -> AnalysisRun.Outcome {
    let (loaded, outline) = try await load(plan, database)
    let run = AnalysisRun(version: Release.version, gnuplot: "gnuplot")
    return try await run.carryOut(
      loaded, study: outline, database: database, into: folder, now: now)
  }

  /// Reads a plan and checks it against the study as it was published.
  ///
  /// - Throws: ``CommandFailure`` with every problem of the plan.
  static func load(
    _ plan: URL, _ database: ResearchDatabase
  ) async throws -> (plan: AnalysisPlan, study: StudyOutline) {
    let bytes = Array(try Data(contentsOf: plan))
    var problems = Problems()
    let outline = try await StudyOutline.load(from: database)
    let loaded = AnalysisPlan.load(
      bytes, file: plan.relativePath, checkedAgainst: outline, problems: &problems)
    guard let loaded, !problems.hasErrors else {
      throw CommandFailure(
        .problems,
        problems.sorted.map { TerminalText.safe($0.description) }.joined(separator: "\n"))
    }
    return (loaded, outline)
  }
}
