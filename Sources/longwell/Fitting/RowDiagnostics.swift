import Delimited
import Statistics

/// What a model says of each row of its data, as a CSV file.
struct RowDiagnostics {
  /// By row of the data; NaN where a row was set aside.
  var columns: [(name: String, values: [Double])]

  /// Of a linear model.
  ///
  /// - Parameter leverages: `nil` for structured residuals.
  init(_ fit: some LinearModelFit, leverages: [Double]?) throws(ModelError) {
    columns = [
      ("fitted", fit.fittedValues()), ("residual", try fit.residuals(.response)),
      ("pearson", try fit.residuals(.pearson)), ("normalized", try fit.residuals(.normalized)),
    ]
    // Where grouping factors cross there are none.
    if let marginal = try? fit.residuals(.marginal) { columns.append(("marginal", marginal)) }
    if let leverages { columns.append(("leverage", leverages)) }
  }

  init(_ fit: GeneralisedMixedModelFit) {
    columns = [
      ("linear_predictor", fit.fittedValues(.link)), ("fitted", fit.fittedValues()),
      ("residual", fit.residuals(.response)), ("pearson", fit.residuals(.pearson)),
      ("deviance", fit.residuals(.deviance)),
    ]
  }

  init(_ fit: OrdinalMixedModelFit) {
    let probabilities = fit.probabilities()
    columns = [
      ("linear_predictor", fit.linearPredictor()), ("fitted", fit.fittedValues()),
      ("residual", fit.residuals()),
    ]
    for (position, category) in fit.categories.enumerated() {
      columns.append(
        ("p_\(category)", (0..<probabilities.rows).map { probabilities[$0, position] }))
    }
  }

  /// The file's bytes: one line for each row of the data, numbered from 1; empty cells where a row
  /// was set aside.
  var bytes: [UInt8] {
    var writer = DelimitedWriter()
    writer.append(texts: ["row"] + columns.map(\.name))
    for row in 0..<(columns.first?.values.count ?? 0) {
      writer.append(
        row: [.number(Double(row + 1))]
          + columns.map { $0.values[row].isFinite ? .number($0.values[row]) : .missing })
    }
    return writer.bytes
  }
}
