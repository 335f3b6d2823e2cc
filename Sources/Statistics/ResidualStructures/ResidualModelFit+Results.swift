import RealModule

extension ResidualModelFit {
  /// Moves the optimum back to the scale of the data and draws up the tables.
  init(
    model: ResidualModel, criterion: ResidualCriterion, degreesOfFreedom: DegreesOfFreedom,
    confidenceLevel: Double, optimum: ResidualOptimum, whitened: WhitenedProducts
  ) {
    let method = criterion.method
    let back = ResidualBackTransform(model)
    let frame = model.frame
    let value = optimum.value
    let fixed = model.rows.estimable.count
    let divisor = Double(frame.rowCount - (method == .reml ? fixed : 0))
    let variance = value.penalisedSum / divisor
    let sigma = back.responseScale * variance.squareRoot()
    let coefficients = back.coefficients(value.coefficients)
    let inference = criterion.inference(
      degreesOfFreedom, optimum: optimum, divisor: divisor,
      back: back.responseScale * back.fixed)
    let factors = back.factors(Array(optimum.point.prefix(model.layout.parameterCount)))
    let columns = frame.fixed.columns
    let kept = Set(model.rows.estimable)
    let reading = ResidualReading(
      model: model, optimum: optimum, sigma: sigma, confidenceLevel: confidenceLevel)
    structure = model.structure
    self.method = method
    self.degreesOfFreedom = inference is AsymptoticInference ? .none : degreesOfFreedom
    self.sigma = sigma
    residualParameters = reading.parameters
    strata = reading.strata
    waves = reading.waves
    self.reading = reading
    tables = FitTables(
      formula: model.formula, frame: frame, estimable: model.rows.estimable,
      setAside: columns.indices.filter { !kept.contains($0) }.map { columns[$0].name },
      groups: Self.groups(model), coefficients: coefficients, inference: inference,
      factors: factors, sigma: sigma,
      singular: Singularity(
        factors: factors, frame: frame, scalings: model.standardisation.random),
      logLikelihood: -back.criterion(value.deviance, method: method, divisor: divisor) / 2,
      parameterCount: fixed + optimum.point.count + 1, confidenceLevel: confidenceLevel,
      record: optimum.record, notes: reading.notes)
    self.model = model
    self.optimum = optimum
    self.whitened = whitened
  }

  private static func groups(_ model: ResidualModel) -> [LinearMixedModelFit.Group] {
    if let first = model.frame.random.first {
      return [.init(name: first.groupName, levels: first.levels.count)]
    }
    guard !model.residuals.blockName.isEmpty else { return [] }
    return [.init(name: model.residuals.blockName, levels: model.residuals.blocks)]
  }
}

/// From standardised columns back to the columns of the data.
struct ResidualBackTransform {
  /// Turns coefficients of the standardised estimable columns into those of the columns, in units
  /// of the response.
  let fixed: Matrix
  /// By random term: turns random effects likewise, but for the response's scale.
  let random: [Matrix]
  let responseScale: Double
  private let responseCentre: Double
  private let intercept: Int?
  private let pilot: [Double]
  private let layout: RandomLayout
  private let fixedScales: [Double]
  private let logWeights: Double

  init(_ model: ResidualModel) {
    let standardisation = model.standardisation
    let estimable = model.rows.estimable
    let kept = estimable.map { standardisation.fixed[$0] }
    intercept = estimable.firstIndex { $0 == standardisation.intercept }
    responseCentre = standardisation.response.centre
    responseScale = standardisation.response.scale
    fixed = Standardisation.back(kept, intercept: intercept)
    random = zip(model.frame.random, standardisation.random).map { term, columns in
      Standardisation.back(
        columns, intercept: term.design.columns.firstIndex { $0.term == -1 })
    }
    pilot = model.rows.pilot ?? [Double](repeating: 0, count: kept.count)
    layout = model.layout
    fixedScales = kept.map(\.scale)
    logWeights = model.frame.weights?.reduce(0) { $0 + Double.log($1) } ?? 0
  }

  /// The fixed effects of the data's columns.
  func coefficients(_ standardised: [Double]) -> [Double] {
    var coefficients = (responseScale * fixed) * zip(standardised, pilot).map(+)
    if let intercept { coefficients[intercept] += responseCentre }
    return coefficients
  }

  /// The fixed effect at a position.
  func held(_ position: Int) -> HeldEffect {
    HeldEffect(
      position, back: responseScale * fixed, pilot: pilot,
      centre: position == intercept ? responseCentre : 0)
  }

  /// The relative covariance factor of each term for the columns of the data.
  func factors(_ theta: [Double]) -> [Matrix] {
    let whole = layout.factor(theta)
    return zip(layout.terms, random).map { term, back in
      let range = Array(term.firstEffect..<(term.firstEffect + term.effects))
      return lowerTriangle(of: back * whole.part(rows: range, columns: range))
    }
  }

  /// The criterion for the columns and the response of the data.
  func criterion(_ deviance: Double, method: EstimationMethod, divisor: Double) -> Double {
    var criterion = deviance + 2 * divisor * Double.log(responseScale) - logWeights
    if method == .reml { criterion += fixedScales.reduce(0) { $0 + 2 * Double.log($1) } }
    return criterion
  }
}
