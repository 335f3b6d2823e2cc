import Delimited
import Statistics

/// How `longwell fit` takes the columns of a CSV file.
struct FitFile {
  /// The file as messages name it.
  var name: String
  /// Levels of factors in order, where given.
  var levels: [String: [String]] = [:]
  /// Columns that are factors though they may hold numbers, beside those with levels.
  var factors: Set<String> = []
  var delimiter: UInt8?

  /// What the reader is told.
  var options: DelimitedOptions {
    var options = DelimitedOptions()
    options.delimiter = delimiter ?? options.delimiter
    // A numeric column that groups may be a predictor as well: the model makes groups of it itself.
    options.textColumns = factors.union(levels.keys)
    return options
  }

  /// The columns as the model engine takes them.
  ///
  /// - Parameter isComplete: Whether every column with given levels must be there.
  /// - Throws: `CommandFailure` for levels that do not match, `ModelError`.
  func modelData(_ columns: [DelimitedColumn], isComplete: Bool = true) throws -> ModelData {
    if isComplete,
      let missing = levels.keys.sorted().first(where: { name in
        !columns.contains { $0.name == name }
      })
    {
      throw CommandFailure(
        .problems, "--levels: \(name) has no column \(TerminalText.safe(missing))")
    }
    return try ModelData(columns.map { (name: $0.name, column: try column($0)) })
  }

  private func column(_ column: DelimitedColumn) throws -> ModelData.Column {
    switch column.values {
    case .number(let numbers): return .numeric(numbers)
    case .text(let found, let codes):
      guard let levels = levels[column.name] else { return .factor(levels: found, codes: codes) }
      if let stray = found.first(where: { !levels.contains($0) }) {
        throw CommandFailure(
          .problems,
          "--levels: \(TerminalText.safe(column.name)) has the level \(TerminalText.safe(stray)), "
            + "which the list does not name")
      }
      return .factor(text: codes.map { $0 < 0 ? nil : found[Int($0)] }, levels: levels)
    }
  }
}
