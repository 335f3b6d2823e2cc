/// The deviance as a function of one fixed effect.
///
/// A fixed effect held at a value is one column less and a response less that column times the
/// value; both are combinations of columns, so the cross-products follow without the rows.
struct FixedProfile: DevianceProfile {
  let estimate: Double
  let step: Double
  let bounds = -Double.infinity...Double.infinity
  private let base: LinearMixedModelFit
  /// The effect as a combination of the standardised effects, less a constant.
  private let weights: [Double]
  private let constant: Double

  init(_ base: LinearMixedModelFit, position: Int) {
    self.base = base
    estimate = base.fixedEffects[position].estimate
    step = base.fixedEffects[position].standardError
    let scales = BackTransform(base.model)
    let back = scales.responseScale * scales.fixed
    weights = (0..<back.columns).map { back[position, $0] }
    constant =
      dot(weights, scales.pilot)
      + (position == scales.interceptPosition ? scales.responseCentre : 0)
  }

  func deviance(at value: Double, from start: [Double]?) -> (value: Double, rest: [Double])? {
    let model = base.model
    let products = model.products.holding(weights, at: value - constant)
    let criterion = products.criterion(model.layout, .ml)
    guard
      let outcome = model.search(criterion).minimum(from: start ?? base.optimum.theta)
    else { return nil }
    return (outcome.value, outcome.point)
  }
}

extension ModelProducts {
  /// The cross-products of the model in which a combination of the fixed effects is held at a
  /// value.
  func holding(_ weights: [Double], at value: Double) -> ModelProducts {
    let fixed = width - 1
    let pivot = (0..<fixed).max { abs(weights[$0]) < abs(weights[$1]) } ?? 0
    // Each new column is an old one less a multiple of the column that is given up.
    var turn = Matrix(rows: width, columns: width - 1)
    for (position, column) in (0..<width).filter({ $0 != pivot }).enumerated() {
      turn[column, position] = 1
      turn[pivot, position] = -(column == fixed ? value : weights[column]) / weights[pivot]
    }
    return turned(by: turn)
  }
}
