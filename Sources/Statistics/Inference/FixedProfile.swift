/// The deviance as a function of one fixed effect.
///
/// A fixed effect held at a value is one column less and a response less that column times the
/// value; both are combinations of columns, so the cross-products follow without the rows.
struct FixedProfile: DevianceProfile {
  /// The least deviance of the model whose [X y] is turned, and the other parameters there.
  typealias Search = (_ turn: Matrix, _ start: [Double]?) -> (value: Double, rest: [Double])?

  let estimate: Double
  let step: Double
  let bounds = -Double.infinity...Double.infinity
  private let effect: HeldEffect
  private let search: Search

  init(
    of fixed: LinearMixedModelFit.FixedEffect, held effect: HeldEffect, search: @escaping Search
  ) {
    estimate = fixed.estimate
    step = fixed.standardError
    self.effect = effect
    self.search = search
  }

  func deviance(at value: Double, from start: [Double]?) -> (value: Double, rest: [Double])? {
    search(effect.turn(at: value), start)
  }
}

extension FixedProfile {
  /// - Parameter base: A fit by maximum likelihood.
  init(_ base: LinearMixedModelFit, position: Int) {
    let model = base.model
    self.init(
      of: base.fixedEffects[position], held: BackTransform(model).held(position)
    ) { turn, start in
      let criterion = model.products.turned(by: turn).criterion(model.layout, .ml)
      return model.search(criterion).minimum(from: start ?? base.optimum.theta)
        .map { ($0.value, $0.point) }
    }
  }
}

/// A fixed effect as a combination of the standardised ones and a constant.
struct HeldEffect {
  private let weights: [Double]
  private let constant: Double

  /// - Parameters:
  ///   - back: Turns the standardised effects into those of the data.
  ///   - pilot: What was taken off beforehand, in standardised units.
  ///   - centre: What stands in the effect beside that.
  init(_ position: Int, back: Matrix, pilot: [Double], centre: Double) {
    weights = (0..<back.columns).map { back[position, $0] }
    constant = dot(weights, pilot) + centre
  }

  /// Turns [X y] into that of the model in which the effect is held at a value.
  func turn(at value: Double) -> Matrix {
    let fixed = weights.count
    let pivot = weights.indices.max { abs(weights[$0]) < abs(weights[$1]) } ?? 0
    // Each new column is an old one less a multiple of the column that is given up.
    var turn = Matrix(rows: fixed + 1, columns: fixed)
    for (position, column) in (0...fixed).filter({ $0 != pivot }).enumerated() {
      turn[column, position] = 1
      turn[pivot, position] =
        -(column == fixed ? value - constant : weights[column]) / weights[pivot]
    }
    return turn
  }
}

extension BackTransform {
  /// The fixed effect at a position.
  func held(_ position: Int) -> HeldEffect {
    HeldEffect(
      position, back: responseScale * fixed, pilot: pilot,
      centre: position == interceptPosition ? responseCentre : 0)
  }
}
