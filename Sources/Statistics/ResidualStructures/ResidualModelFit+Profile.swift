extension ResidualModelFit {
  /// Profile-likelihood intervals of all parameters, by maximum likelihood, at the fit's level; see
  /// ``LinearMixedModelFit/profileIntervals()``.
  ///
  /// Of an unstructured covariance σ and the fixed effects are profiled, not each of its entries.
  ///
  /// - Throws: ``ModelError/unsupported(_:)`` with a power of the fitted values, and
  ///   ``ModelError/numerical(_:)`` when a profile cannot be followed.
  public func profileIntervals() throws(ModelError) -> [ProfileInterval] {
    guard structure.power != .fitted else {
      throw .unsupported(
        "profile intervals with a power of the fitted values, which differ at every point of a profile"
      )
    }
    let base = method == .ml ? self : try model.fit(.ml, degreesOfFreedom: .none)
    let setting = VarianceSetting(base)
    let reach = NormalDistribution().quantile((1 + confidenceLevel) / 2)
    let roots = ProfileRoots(reach: reach, least: base.optimum.value.deviance)
    var intervals: [ProfileInterval] = []
    for profile in VarianceProfile.all(of: setting) {
      intervals.append(try roots.interval(of: profile.parameter, by: profile))
    }
    for scale in base.reading.scales {
      let profile = VarianceProfile(
        setting, other: scale.position, parameter: scale.parameter, step: scale.step)
      // Where the data say nothing there is no end to be found.
      let ends = (try? roots.ends(of: profile)) ?? (.nan, .nan)
      intervals.append(
        ProfileInterval(
          parameter: scale.parameter, estimate: scale.function(profile.estimate),
          lower: scale.function(profile.unbounded(ends.lower)),
          upper: scale.function(profile.unbounded(ends.upper))))
    }
    for position in base.fixedEffects.indices {
      let fixed = ProfileInterval.Parameter.fixedEffect(base.fixedEffects[position].name)
      intervals.append(
        try roots.interval(of: fixed, by: FixedProfile(base, position: position)))
    }
    return intervals
  }
}

extension FixedProfile {
  /// - Parameter base: A fit by maximum likelihood.
  init(_ base: ResidualModelFit, position: Int) {
    let model = base.model
    self.init(
      of: base.fixedEffects[position], held: ResidualBackTransform(model).held(position)
    ) { turn, start in
      let criterion = ResidualCriterion(
        source: TurnedProducts(source: model.source, turn: turn), layout: model.layout, method: .ml)
      let search = ModifiedNewton(
        function: { point, withGradient in
          criterion.evaluate(point, withGradient: withGradient)
            .map { ($0.value.deviance, $0.gradient) }
        }, scales: base.optimum.scales)
      return search.minimum(from: start ?? base.optimum.point).map { ($0.value, $0.point) }
    }
  }
}

/// What a structure makes of the cross-products when [X y] is multiplied by a matrix from the right.
struct TurnedProducts: ResidualProducts {
  let source: any ResidualProducts
  let turn: Matrix

  var start: [Double] { source.start }

  func products(at parameters: [Double]) -> WhitenedProducts? {
    source.products(at: parameters).map {
      WhitenedProducts(
        products: $0.products.turned(by: turn), logDeterminant: $0.logDeterminant)
    }
  }

  func gradient(at parameters: [Double], adjoint: ProductAdjoint) -> [Double] {
    let effects = adjoint.effects
    let groups = effects > 0 ? adjoint.cross.count / (effects * adjoint.width) : 1
    var back = ProductAdjoint(effects: effects, width: turn.rows, groups: groups)
    back.gram = adjoint.gram
    for row in 0..<(effects * groups) {
      for column in 0..<turn.rows {
        for inner in 0..<turn.columns {
          back.cross[row * turn.rows + column] +=
            adjoint.cross[row * turn.columns + inner] * turn[column, inner]
        }
      }
    }
    // Entries beside the diagonal stand for two.
    let whole = Matrix(rows: turn.columns, columns: turn.columns) {
      adjoint.total[packed($0, $1)] / ($0 == $1 ? 1 : 2)
    }
    let turned = turn * whole * turn.transposed
    for row in 0..<turn.rows {
      for column in 0...row {
        back.total[packed(row, column)] = turned[row, column] * (row == column ? 1 : 2)
      }
    }
    return source.gradient(at: parameters, adjoint: back)
  }

  func relativeCovariance(of block: Int, at parameters: [Double]) -> Matrix {
    source.relativeCovariance(of: block, at: parameters)
  }

  func relativeVariances(of block: Int, at parameters: [Double]) -> [Double] {
    source.relativeVariances(of: block, at: parameters)
  }
}
