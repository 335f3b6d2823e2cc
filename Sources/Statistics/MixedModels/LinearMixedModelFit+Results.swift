import RealModule

extension LinearMixedModelFit {
  /// Moves the optimum back to the scale of the data and draws up the tables.
  init(
    model: LinearMixedModel, method: EstimationMethod, degreesOfFreedom: DegreesOfFreedom,
    confidenceLevel: Double, optimum: Optimum
  ) {
    let scales = BackTransform(model)
    let frame = model.frame
    let value = optimum.value
    let fixed = model.estimable.count
    let divisor = Double(frame.observations - (method == .reml ? fixed : 0))
    let variance = value.penalisedSum / divisor
    let back = scales.responseScale * scales.fixed
    let coefficients = scales.coefficients(value.coefficients)
    let sigma = scales.responseScale * variance.squareRoot()
    let inference = model.inference(degreesOfFreedom, optimum: optimum, back: back)
    let factors = scales.factors(optimum.theta)
    self.method = method
    self.degreesOfFreedom = inference is AsymptoticInference ? .none : degreesOfFreedom
    self.sigma = sigma
    self.model = model
    self.optimum = optimum
    let columns = frame.fixed.columns
    let kept = Set(model.estimable)
    let singular = Singularity(
      factors: factors, frame: frame, scalings: model.standardisation.random)
    tables = FitTables(
      formula: model.formula, frame: frame, estimable: model.estimable,
      setAside: columns.indices.filter { !kept.contains($0) }.map { columns[$0].name },
      coefficients: coefficients, inference: inference, factors: factors, sigma: sigma,
      singular: singular,
      unidentified: UnidentifiedVariances(model, method: method, optimum: optimum),
      logLikelihood: -scales.criterion(value.deviance, method: method, divisor: divisor) / 2,
      parameterCount: fixed + model.layout.parameterCount + 1,
      confidenceLevel: confidenceLevel, record: optimum.record,
      notes: Self.notes(
        isSingular: singular.isSingular, asked: degreesOfFreedom, given: self.degreesOfFreedom))
  }

  private static func notes(
    isSingular: Bool, asked: DegreesOfFreedom, given: DegreesOfFreedom
  ) -> [String] {
    var notes: [String] = []
    if isSingular, given == .satterthwaite {
      notes.append(
        "Satterthwaite's degrees of freedom pass over variances estimated as 0 and may be too "
          + "many; Kenward-Roger's do not.")
    }
    if asked != given {
      notes.append(
        "Degrees of freedom (\(asked.rawValue)) could not be computed; tests are normal.")
    }
    return notes
  }
}

extension LinearMixedModelFit.FixedEffect {
  /// A row with its test and interval, by t with degrees of freedom or by the normal distribution.
  init(
    name: String, estimate: Double, standardError: Double, degreesOfFreedom: Double?,
    confidenceLevel: Double
  ) {
    let distribution = StudentDistribution(degreesOfFreedom: degreesOfFreedom ?? .infinity)
    let statistic = estimate / standardError
    let reach = distribution.quantile((1 + confidenceLevel) / 2) * standardError
    self.name = name
    self.estimate = estimate
    self.standardError = standardError
    self.degreesOfFreedom = degreesOfFreedom
    self.statistic = statistic
    pValue = statistic.isNaN ? .nan : distribution.twoSidedTail(statistic)
    lower = estimate - reach
    upper = estimate + reach
  }

  /// The same row with another interval.
  init(_ other: Self, lower: Double, upper: Double) {
    name = other.name
    estimate = other.estimate
    standardError = other.standardError
    degreesOfFreedom = other.degreesOfFreedom
    statistic = other.statistic
    pValue = other.pValue
    self.lower = lower
    self.upper = upper
  }
}

extension LinearMixedModelFit.VarianceComponent {
  /// - Parameter factor: The relative covariance factor of the term.
  init(term: ModelFrame.Random, factor: Matrix, sigma: Double) {
    let covariance = (sigma * sigma) * (factor * factor.transposed)
    let deviations = covariance.diagonal.map { $0.squareRoot() }
    group = term.groupName
    terms = term.design.columns.map(\.name)
    standardDeviations = deviations
    correlations = Matrix(rows: factor.rows, columns: factor.rows) { row, column in
      row == column ? 1 : covariance[row, column] / (deviations[row] * deviations[column])
    }
    self.covariance = covariance
  }
}

extension Matrix {
  /// The lower triangle, column after column.
  var columnwiseLowerTriangle: [Double] {
    (0..<columns).flatMap { column in (column..<rows).map { self[$0, column] } }
  }
}
