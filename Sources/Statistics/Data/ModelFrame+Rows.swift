extension ModelFrame {
  /// Xb + Zu and the offset for each row used; Xb alone without random effects.
  ///
  /// - Parameters:
  ///   - estimable: The fixed columns that `estimates` belong to.
  ///   - modes: The random effects of each term, in the order of `random`, or none.
  func linearPredictor(
    _ estimates: [Double], of estimable: [Int], modes: [ConditionalModes]
  ) -> [Double] {
    var fitted = offset ?? [Double](repeating: 0, count: rowCount)
    for (estimate, column) in zip(estimates, estimable) {
      let values = fixed.columns[column].values.array
      for row in fitted.indices { fitted[row] += estimate * values[row] }
    }
    for (term, modes) in zip(random, modes) {
      for (position, column) in term.design.columns.enumerated() {
        let values = column.values.array
        for row in fitted.indices {
          fitted[row] += values[row] * modes.values[Int(term.codes[row]), position]
        }
      }
    }
    return fitted
  }

  /// Values of the rows used for every row of the data; NaN for rows set aside.
  func spread(_ values: [Double]) -> [Double] {
    guard let rows else { return values }
    var all = [Double](repeating: .nan, count: rowCount + excludedRows)
    for (position, row) in rows.enumerated() { all[row] = values[position] }
    return all
  }
}
