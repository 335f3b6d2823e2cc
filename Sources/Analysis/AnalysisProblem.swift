package import Tables

/// Why a plan could not be carried out, beside what rooms below report themselves.
package enum AnalysisProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// No occasion of the plan has closed yet, or nobody has enrolled.
  case noDueOccasions
  /// The folder of results could not be written.
  case notWritable(path: String)
  /// The database holds no published study.
  case noStudy
  /// A definition in the database no longer reads; the text names the first problem.
  case unreadableDefinition(String)
  /// A table does not fit the format asked for.
  case notExportable(StatisticalFile.Problem)

  /// What went wrong and what to do.
  package var description: String {
    switch self {
    case .noDueOccasions:
      "found no due occasion of the plan, expected some: nobody has enrolled, or none has closed"
    case .notWritable(let path): "cannot write to \(path)"
    case .noStudy: "found no published study in the database, expected one"
    case .notExportable(let problem):
      "cannot write \(problem.table).\(problem.format.rawValue)"
        + (problem.column.map { ", column \($0)" } ?? "")
        + ": \(problem.reason); --format csv holds everything"
    case .unreadableDefinition(let text): "a definition in the database does not read: \(text)"
    }
  }
}
