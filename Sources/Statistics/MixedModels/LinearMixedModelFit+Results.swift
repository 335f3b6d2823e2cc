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
    var coefficients = back * zip(value.coefficients, scales.pilot).map(+)
    if let intercept = scales.interceptPosition {
      coefficients[intercept] += scales.responseCentre
    }
    let sigma = scales.responseScale * variance.squareRoot()
    let inference = model.inference(degreesOfFreedom, optimum: optimum, back: back)
    let covariance = inference.covariance
    let factors = scales.factors(optimum.theta)
    var components: [VarianceComponent] = []
    for (term, factor) in zip(frame.random, factors) {
      components.append(VarianceComponent(term: term, factor: factor, sigma: sigma))
    }
    self.formula = model.formula
    self.method = method
    self.degreesOfFreedom = inference is AsymptoticInference ? .none : degreesOfFreedom
    self.confidenceLevel = confidenceLevel
    observations = frame.observations
    excludedRows = frame.excludedRows
    missing = frame.missing
    groups = Self.groups(frame)
    let columns = frame.fixed.columns
    fixedEffects = model.estimable.enumerated().map { position, column in
      var contrast = [Double](repeating: 0, count: fixed)
      contrast[position] = 1
      return FixedEffect(
        name: columns[column].name, estimate: coefficients[position],
        standardError: covariance[position, position].squareRoot(),
        degreesOfFreedom: inference.degreesOfFreedom(contrast), confidenceLevel: confidenceLevel)
    }
    self.inference = inference
    self.covariance = covariance
    let kept = Set(model.estimable)
    setAside = columns.indices.filter { !kept.contains($0) }.map { columns[$0].name }
    varianceComponents = components
    self.sigma = sigma
    theta = factors.flatMap(\.columnwiseLowerTriangle)
    criterion = scales.criterion(value.deviance, method: method, divisor: divisor)
    logLikelihood = -criterion / 2
    parameterCount = fixed + model.layout.parameterCount + 1
    record = optimum.record
    let singular = Singularity(factors: factors, frame: frame)
    isSingular = singular.isSingular
    notes = Self.notes(
      model: model, setAside: setAside, singular: singular, record: optimum.record,
      asked: degreesOfFreedom, given: self.degreesOfFreedom)
    self.model = model
    self.optimum = optimum
  }

  private static func groups(_ frame: ModelFrame) -> [Group] {
    var seen: Set<String> = []
    return frame.random.filter { seen.insert($0.groupName).inserted }
      .map { Group(name: $0.groupName, levels: $0.levels.count) }
  }

  private static func notes(
    model: LinearMixedModel, setAside: [String], singular: Singularity, record: FitRecord,
    asked: DegreesOfFreedom, given: DegreesOfFreedom
  ) -> [String] {
    var notes: [String] = []
    if model.frame.excludedRows > 0 {
      let counts = model.frame.missing.map { "\($0.name) in \($0.rows)" }
      notes.append(
        "\(model.frame.excludedRows) rows were set aside for want of a value: missing "
          + counts.joined(separator: ", ") + ".")
    }
    if !setAside.isEmpty {
      notes.append(
        "No estimate for \(setAside.joined(separator: ", ")): "
          + "combinations of the columns before them.")
    }
    notes += singular.notes
    if singular.isSingular, given == .satterthwaite {
      notes.append(
        "Satterthwaite's degrees of freedom pass over variances estimated as 0 and may be too "
          + "many; Kenward-Roger's do not.")
    }
    if asked != given {
      notes.append(
        "Degrees of freedom (\(asked.rawValue)) could not be computed; tests are normal.")
    }
    if !record.converged {
      notes.append(
        "The search for the optimum did not converge (\(record.reason.rawValue)); "
          + "do not rely on these estimates.")
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
    pValue = distribution.twoSidedTail(statistic)
    lower = estimate - reach
    upper = estimate + reach
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
