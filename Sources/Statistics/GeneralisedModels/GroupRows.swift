/// The rows of one group as its random effects were last tried: linear predictors, scores, observed
/// curvatures and the derivatives of the weights, one after another.
struct GroupRows {
  /// How far the four are apart: the rows of the largest group, in whole vectors of eight.
  let stride: Int
  var values: [Double]

  /// - Parameter rows: Of the largest group.
  init(rows: Int) {
    stride = (rows + 7) / 8 * 8
    values = [Double](repeating: 0, count: 4 * stride)
  }

  /// The linear predictor of a row of the group.
  func predictor(_ row: Int) -> Double { values[row] }
}
