extension ResidualModel {
  /// Fits the model; the parameters are those of
  /// ``LinearMixedModel/fit(_:degreesOfFreedom:confidenceLevel:)``.
  ///
  /// - Throws: ``ModelError/numerical(_:)``, or ``ModelError/unsupported(_:)`` for Kenward-Roger
  ///   by ML or with a structure that is neither compound symmetry nor unstructured.
  public func fit(
    _ method: EstimationMethod = .reml, degreesOfFreedom: DegreesOfFreedom = .satterthwaite,
    confidenceLevel: Double = 0.95
  ) throws(ModelError) -> ResidualModelFit {
    var fit = try search(
      method, degreesOfFreedom: degreesOfFreedom, confidenceLevel: confidenceLevel)
    guard structure.power == .fitted else { return fit }
    var fitted = fit.usedFittedValues
    var start: [Double]?
    for _ in 0..<Self.mostTurns {
      fit = try powered(by: fitted).search(
        method, degreesOfFreedom: degreesOfFreedom, confidenceLevel: confidenceLevel, from: start)
      start = fit.optimum.point
      let next = fit.usedFittedValues
      let change = zip(fitted, next).reduce(0) { max($0, abs($1.0 - $1.1)) }
      if change <= Self.settledChange * fit.sigma { return fit }
      fitted = next
    }
    throw .numerical(
      "fitted values and the power of them that the residuals follow do not settle; a power of a "
        + "covariate may")
  }

  /// Far more turns than data that have an answer take: each gains a digit or so.
  private static let mostTurns = 100
  /// The change of a fitted value over σ below which another turn changes nothing that is printed.
  private static let settledChange = 1e-8

  /// The fit with the residual variances that stand.
  private func search(
    _ method: EstimationMethod, degreesOfFreedom: DegreesOfFreedom, confidenceLevel: Double,
    from known: [Double]? = nil
  ) throws(ModelError) -> ResidualModelFit {
    guard degreesOfFreedom != .kenwardRoger || structure.hasKenwardRoger else {
      throw .unsupported(
        "Kenward-Roger degrees of freedom with a residual structure are for compound symmetry and "
          + "an unstructured covariance; use Satterthwaite’s with others")
    }
    try degreesOfFreedom.check(method)
    let criterion = ResidualCriterion(source: source, layout: layout, method: method)
    guard let whitened = source.products(at: source.start) else {
      throw .numerical("the residual structure is not defined at the start")
    }
    let sizes = Self.effectSizes(whitened.products)
    // A step of 1 in tanh⁻¹φ or a log ratio is as far as a parameter of the residuals usefully goes.
    let scales =
      layout.entries.map { 1 / sizes[$0.row] } + source.start.map { _ in 1 }
    let start =
      layout.entries.map { $0.row == $0.column ? 2 / sizes[$0.row] : 0 } + source.start
    let newton = ModifiedNewton(
      function: { point, withGradient in
        criterion.evaluate(point, withGradient: withGradient)
          .map { ($0.value.deviance, $0.gradient) }
      }, scales: scales)
    guard let outcome = newton.minimum(from: known ?? start) else {
      throw .numerical("the criterion is not defined at the start")
    }
    let point = settled(outcome.point, scales: scales, criterion: criterion)
    var evaluations = 0
    guard let value = criterion.evaluate(point, withGradient: false)?.value,
      let products = source.products(at: Array(point.dropFirst(layout.parameterCount))),
      let hessian = newton.hessian(at: point, evaluations: &evaluations)
    else { throw .numerical("the criterion is not defined at the optimum") }
    let last = products.products.width - 1
    guard value.penalisedSum > Self.vanishingShare * products.products.total[last, last] else {
      throw .perfectFit
    }
    return ResidualModelFit(
      model: self, criterion: criterion, degreesOfFreedom: degreesOfFreedom,
      confidenceLevel: confidenceLevel,
      optimum: ResidualOptimum(
        point: point, value: value, hessian: hessian, scales: scales, record: outcome.record),
      whitened: products)
  }

  /// The share of the response's squares below which what the random effects leave is rounding.
  private static let vanishingShare = 1e-13

  /// The length of each random-effect column within a group, in the mean over groups.
  private static func effectSizes(_ products: GroupProducts) -> [Double] {
    (0..<products.effects).map { effect in
      let sum = (0..<products.groups).reduce(0) {
        $0 + products.gram[$1 * products.gramSize + packed(effect, effect)]
      }
      return sum > 0 ? (sum / Double(products.groups)).squareRoot() : 1
    }
  }

  /// The optimum with the diagonal of T at least 0, and 0 where that is as good.
  private func settled(
    _ point: [Double], scales: [Double], criterion: ResidualCriterion
  ) -> [Double] {
    let count = layout.parameterCount
    var settled =
      layout.rectified(Array(point.prefix(count))) + point.dropFirst(count)
    guard let start = criterion.evaluate(settled, withGradient: false) else { return settled }
    for (position, entry) in layout.entries.enumerated() where entry.row == entry.column {
      guard abs(settled[position]) < 1e-2 * scales[position] else { continue }
      var candidate = settled
      for (other, place) in layout.entries.enumerated() where place.column == entry.column {
        if abs(settled[other]) < 1e-2 * scales[other] { candidate[other] = 0 }
      }
      if let value = criterion.evaluate(candidate, withGradient: false),
        value.value.deviance <= start.value.deviance + 1e-8
      {
        settled = candidate
      }
    }
    return settled
  }
}

/// Where the criterion is least, and how that was found.
struct ResidualOptimum: Sendable {
  /// θ of standardised columns, then ψ.
  var point: [Double]
  var value: CriterionValue
  /// Of the profiled criterion.
  var hessian: Matrix
  /// The size of a change of each parameter that matters.
  var scales: [Double]
  var record: FitRecord
}
