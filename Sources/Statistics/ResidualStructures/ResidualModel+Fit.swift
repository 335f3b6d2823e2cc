extension ResidualModel {
  func fit(
    _ method: EstimationMethod, confidenceLevel: Double
  ) throws(ModelError) -> ResidualModelFit {
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
          .map { ($0.deviance, $0.gradient) }
      }, scales: scales)
    guard let outcome = newton.minimum(from: start) else {
      throw .numerical("the criterion is not defined at the start")
    }
    let point = settled(outcome.point, scales: scales, criterion: criterion)
    guard let value = criterion.evaluate(point, withGradient: true),
      let products = source.products(at: Array(point.dropFirst(layout.parameterCount)))
    else { throw .numerical("the criterion is not defined at the optimum") }
    let last = products.products.width - 1
    guard value.penalisedSum > 1e-20 * products.products.total[last, last] else {
      throw .perfectFit
    }
    return ResidualModelFit(
      model: self, method: method, confidenceLevel: confidenceLevel,
      optimum: Optimum(
        theta: point, value: value, hessian: outcome.hessian, record: outcome.record),
      whitened: products, scales: scales)
  }

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
        value.deviance <= start.deviance + 1e-8
      {
        settled = candidate
      }
    }
    return settled
  }
}
