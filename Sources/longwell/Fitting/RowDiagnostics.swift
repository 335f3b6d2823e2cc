import Delimited

/// What a linear model says of each row of its data, as a CSV file.
struct RowDiagnostics {
  var fitted: [Double]
  /// Residuals by kind.
  var response, pearson, normalized: [Double]
  /// `nil` where grouping factors cross.
  var marginal: [Double]?
  /// `nil` for structured residuals.
  var leverages: [Double]?

  /// The file's bytes: one line for each row of the data, numbered from 1; empty cells where a row
  /// was set aside.
  var bytes: [UInt8] {
    var columns: [(name: String, values: [Double])] = [
      ("fitted", fitted), ("residual", response), ("pearson", pearson),
      ("normalized", normalized),
    ]
    if let marginal { columns.append(("marginal", marginal)) }
    if let leverages { columns.append(("leverage", leverages)) }
    var writer = DelimitedWriter()
    writer.append(texts: ["row"] + columns.map(\.name))
    for row in fitted.indices {
      writer.append(
        row: [.number(Double(row + 1))]
          + columns.map { $0.values[row].isFinite ? .number($0.values[row]) : .missing })
    }
    return writer.bytes
  }
}
