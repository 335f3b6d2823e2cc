import RealModule

extension LinearMixedModel {
  /// Fits the model.
  ///
  /// - Parameters:
  ///   - method: REML, or ML for comparing fixed effects.
  ///   - degreesOfFreedom: For the tests and intervals of fixed effects.
  ///   - confidenceLevel: Of the intervals, between 0 and 1.
  /// - Throws: ``ModelError/perfectFit``, ``ModelError/numerical(_:)``, or
  ///   ``ModelError/unsupported(_:)`` for Kenward-Roger by ML. A search that does not converge is
  ///   not an error: the fit says so.
  public func fit(
    _ method: EstimationMethod = .reml, degreesOfFreedom: DegreesOfFreedom = .satterthwaite,
    confidenceLevel: Double = 0.95
  ) throws(ModelError) -> LinearMixedModelFit {
    try degreesOfFreedom.check(method)
    let criterion = criterion(method)
    let newton = search(criterion)
    let start = criterion.improved(startingPoint)
    guard let outcome = newton.minimum(from: start) else {
      throw .numerical("the criterion is not defined at the start")
    }
    let theta = settled(layout.rectified(outcome.point), criterion: criterion)
    return try fit(
      at: theta, criterion: criterion, record: outcome.record,
      degreesOfFreedom: degreesOfFreedom, confidenceLevel: confidenceLevel)
  }

  /// The estimates at some θ of standardised columns.
  private func fit(
    at theta: [Double], criterion: any ProfiledCriterion, record: FitRecord,
    degreesOfFreedom: DegreesOfFreedom, confidenceLevel: Double
  ) throws(ModelError) -> LinearMixedModelFit {
    let withGradient = degreesOfFreedom == .satterthwaite
    guard let value = criterion.evaluate(theta, withGradient: withGradient) else {
      throw .numerical("the criterion is not defined at the optimum")
    }
    guard value.penalisedSum > Self.vanishingShare * products.total[last, last] else {
      throw .perfectFit
    }
    return LinearMixedModelFit(
      model: self, method: criterion.method, degreesOfFreedom: degreesOfFreedom,
      confidenceLevel: confidenceLevel,
      optimum: Optimum(
        theta: theta, value: value, criterion: criterion, record: record))
  }

  /// The estimates at a θ that was found elsewhere, by lme4 for instance, without a search.
  func fit(
    atTheta theta: [Double], _ method: EstimationMethod, degreesOfFreedom: DegreesOfFreedom
  ) throws(ModelError) -> LinearMixedModelFit {
    let criterion = criterion(method)
    let whole = layout.factor(theta)
    var standard = Matrix(rows: layout.effects, columns: layout.effects)
    for (position, term) in layout.terms.enumerated() {
      let range = Array(term.firstEffect..<(term.firstEffect + term.effects))
      let forth = Standardisation.forth(
        standardisation.random[position],
        intercept: frame.random[position].design.columns.firstIndex { $0.term == -1 })
      let moved = lowerTriangle(of: forth * whole.part(rows: range, columns: range))
      for (row, effect) in range.enumerated() {
        for column in 0...row { standard[effect, range[column]] = moved[row, column] }
      }
    }
    let start = layout.parameters(standard)
    return try fit(
      at: start, criterion: criterion,
      record: FitRecord(start: start, steps: [], evaluations: 1, reason: .stepLimit),
      degreesOfFreedom: degreesOfFreedom, confidenceLevel: 0.95)
  }

  /// The criterion by a method.
  func criterion(_ method: EstimationMethod) -> any ProfiledCriterion {
    products.criterion(layout, method)
  }

  /// The search for the least of a criterion.
  func search(_ criterion: any ProfiledCriterion) -> ModifiedNewton {
    let (scales, entries) = (parameterScales, layout.entries)
    return ModifiedNewton(
      function: { theta, withGradient in
        var sample = criterion.search(theta, withGradient: withGradient)
        // Near a singular T the average information vanishes, whichever way the criterion curves.
        let isNearlySingular = entries.indices.contains {
          entries[$0].row == entries[$0].column && abs(theta[$0]) < Self.smallEffect * scales[$0]
        }
        if isNearlySingular { sample?.curvature = nil }
        return sample
      }, scales: scales)
  }

  /// A random effect so much smaller than the residuals counts as near to none.
  private static let smallEffect = 0.1

  /// The share of the response's squares below which what the random effects leave is rounding.
  private static let vanishingShare = 1e-13

  private var last: Int { products.width - 1 }

  /// How much each parameter must change to matter: a random effect whose size on its own column
  /// is that of the residuals.
  var parameterScales: [Double] {
    let sizes = effectSizes
    return layout.entries.map { 1 / sizes[$0.row] }
  }

  /// Random effects of twice the size of a group's residual error, without correlation.
  var startingPoint: [Double] {
    let sizes = effectSizes
    return layout.entries.map { $0.row == $0.column ? 2 / sizes[$0.row] : 0 }
  }

  /// The length of each random-effect column within a group, in the mean over groups.
  static func effectSizes(_ products: ModelProducts, _ layout: RandomLayout) -> [Double] {
    var sums = [Double](repeating: 0, count: layout.effects)
    let main = products.main
    let own = layout.effects(ofFactor: 0)
    for group in 0..<main.groups {
      for (position, effect) in own.enumerated() {
        sums[effect] += main.gram[group * main.gramSize + packed(position, position)]
      }
    }
    for effect in own { sums[effect] /= Double(main.groups) }
    var counts = [Double](repeating: 0, count: layout.effects)
    for component in products.crossings?.components ?? [] {
      for block in component.blocks {
        for (position, effect) in layout.effects(ofFactor: block.factor).enumerated() {
          let place = block.start + position
          sums[effect] += component.gram[place, place]
          counts[effect] += 1
        }
      }
    }
    return zip(sums, counts).map { sum, count in
      sum > 0 ? (sum / max(1, count)).squareRoot() : 1
    }
  }

  /// Parameters that are as good as 0 set to 0, where the criterion does not rise.
  ///
  /// The criterion is flat to the fourth order where a variance vanishes, so a search stops near 0
  /// and never on it.
  private func settled(_ theta: [Double], criterion: any ProfiledCriterion) -> [Double] {
    let scales = parameterScales
    let small = layout.entries.indices.filter {
      layout.entries[$0].row == layout.entries[$0].column && abs(theta[$0]) < 1e-2 * scales[$0]
    }
    guard !small.isEmpty, let start = criterion.evaluate(theta, withGradient: false) else {
      return theta
    }
    var settled = theta
    for position in small {
      let entry = layout.entries[position]
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

/// Where the criterion is least, and how that was found.
struct Optimum: Sendable {
  /// The parameters of standardised columns.
  var theta: [Double]
  var value: CriterionValue
  var criterion: any ProfiledCriterion
  var record: FitRecord
}
