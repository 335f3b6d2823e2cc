import RealModule

/// A fitted generalised linear mixed model: estimates, their precision, and how the fit was found.
///
/// Standard errors come from the Hessian of the criterion in all parameters together, as `glmer`'s
/// do by default. AIC and BIC count fixed effects, variance parameters and the dispersion, and BIC
/// takes the logarithm of the number of rows.
public struct GeneralisedMixedModelFit: Sendable {
  /// The formula.
  public let formula: ModelFormula
  /// The distribution and the link.
  public let family: ResponseFamily
  /// Quadrature points in each direction; 1 is Laplace's approximation.
  public let quadraturePoints: Int
  /// Which curvature entered the determinant.
  public let curvature: LaplaceCurvature
  /// The level of the intervals.
  public let confidenceLevel: Double
  /// The rows used.
  public let observations: Int
  /// The rows set aside for want of a value.
  public let excludedRows: Int
  /// Rows without a value, by variable.
  public let missing: [MissingCount]
  /// The grouping factors and the number of their levels.
  public let groups: [LinearMixedModelFit.Group]
  /// The fixed effects on the scale of the link, tested by the normal distribution.
  public let fixedEffects: [LinearMixedModelFit.FixedEffect]
  /// The covariance matrix of the fixed effects.
  public let covariance: Matrix
  /// Fixed columns that repeat others and so have no estimate.
  public let setAside: [String]
  /// Standard deviations and correlations of the random effects, by term, on the scale of the link.
  public let varianceComponents: [LinearMixedModelFit.VarianceComponent]
  /// The covariance factors by columns, term after term, those of the most groups first as lme4.
  public let theta: [Double]
  /// φ of the negative binomial variance μ + μ²/φ.
  public let dispersion: Double?
  /// The standard error of log φ.
  public let logDispersionError: Double?
  /// The logarithm of the likelihood, in lme4's convention: with more than one quadrature point, a
  /// binomial or Poisson one is relative to the saturated model, so that values with one and with
  /// several points cannot be compared. ``fullLogLikelihood`` can.
  public let logLikelihood: Double
  /// The logarithm of the likelihood with all its constants, whatever the number of points.
  public let fullLogLikelihood: Double
  /// Fixed effects, variance parameters and dispersion.
  public let parameterCount: Int
  /// Whether the random effects' estimated covariance lacks a direction.
  public let isSingular: Bool
  /// How the fit was found.
  public let record: FitRecord
  /// What a reader should know about this fit, in words.
  public let notes: [String]

  let model: GeneralisedMixedModel
  let optimum: MarginalOptimum

  /// −2 ``logLikelihood``.
  public var criterion: Double { -2 * logLikelihood }
  /// Akaike's criterion.
  public var aic: Double { 2 * (Double(parameterCount) - logLikelihood) }
  /// Schwarz's criterion, with the number of rows.
  public var bic: Double {
    Double.log(Double(observations)) * Double(parameterCount) - 2 * logLikelihood
  }
  /// Whether the search ended where a minimum is.
  public var converged: Bool { record.converged }
  /// The rows used, as positions in the data.
  public var usedRows: [Int] {
    model.design.frame.rows ?? Array(0..<model.design.frame.rowCount)
  }

  init(
    model: GeneralisedMixedModel, optimum: MarginalOptimum, quadraturePoints: Int,
    curvature: LaplaceCurvature, confidenceLevel: Double
  ) {
    let design = model.design
    let frame = design.frame
    let fixed = design.estimable.count
    formula = model.formula
    family = model.family
    self.quadraturePoints = quadraturePoints
    self.curvature = curvature
    self.confidenceLevel = confidenceLevel
    observations = frame.rowCount
    excludedRows = frame.excludedRows
    missing = frame.missing
    groups = MarginalTables.groups(frame)
    let effects = MarginalTables.effects(
      design.estimable.map { frame.fixed.columns[$0].name }, optimum: optimum, from: 0,
      confidenceLevel: confidenceLevel)
    fixedEffects = effects
    covariance = optimum.covariance.part(
      rows: Array(0..<fixed), columns: Array(0..<fixed))
    setAside = design.setAside
    varianceComponents = zip(frame.random, optimum.factors).map {
      .init(term: $0, factor: $1, sigma: 1)
    }
    theta = optimum.factors.flatMap(\.columnwiseLowerTriangle)
    var notes: [String] = []
    if family == .negativeBinomial {
      let size = Double.exp(optimum.coefficients[fixed])
      dispersion = size
      logDispersionError = optimum.covariance[fixed, fixed].squareRoot()
      if size > 1e4 {
        notes.append(
          "The dispersion φ runs to infinity: beyond the random effects nothing is left over that "
            + "a Poisson model would not explain as well.")
      }
    } else {
      dispersion = nil
      logDispersionError = nil
    }
    let full = -optimum.criterion / 2
    fullLogLikelihood = full
    if quadraturePoints > 1, family != .negativeBinomial {
      let saturated = model.saturatedLogLikelihood
      logLikelihood = full - saturated
      if saturated != 0 {
        notes.append(
          "The log-likelihood is relative to the saturated model, as lme4 gives it for more than "
            + "one quadrature point; with all constants it is \(Self.rounded(full)).")
      }
    } else {
      logLikelihood = full
    }
    if model.response.hasPartialCounts {
      notes.append(
        "Some proportions times their weights are not whole numbers; they are taken as they are.")
    }
    parameterCount = fixed + design.rows.thetaCount + (dispersion == nil ? 0 : 1)
    record = optimum.record
    let singular = Singularity(factors: optimum.factors, frame: frame)
    isSingular = singular.isSingular
    self.notes =
      MarginalNotes.notes(design, optimum: optimum, singular: singular, effects: effects) + notes
    self.model = model
    self.optimum = optimum
  }

  private static func rounded(_ value: Double) -> String {
    ((value * 1e4).rounded() / 1e4).description
  }
}

/// The tables that generalised and ordinal fits share with linear ones.
enum MarginalTables {
  static func groups(_ frame: ModelFrame) -> [LinearMixedModelFit.Group] {
    var seen: Set<String> = []
    return frame.random.filter { seen.insert($0.groupName).inserted }
      .map { .init(name: $0.groupName, levels: $0.levels.count) }
  }

  /// Rows for the coefficients from a position on.
  static func effects(
    _ names: [String], optimum: MarginalOptimum, from first: Int, confidenceLevel: Double
  ) -> [LinearMixedModelFit.FixedEffect] {
    names.enumerated().map { position, name in
      .init(
        name: name, estimate: optimum.coefficients[first + position],
        standardError: optimum.covariance[first + position, first + position].squareRoot(),
        degreesOfFreedom: nil, confidenceLevel: confidenceLevel)
    }
  }

  /// Values of sorted rows for every row of the data; NaN for rows set aside.
  static func spread(_ values: [Double], design: MarginalDesign) -> [Double] {
    let frame = design.frame
    let ordered = design.rows.unsorted(values)
    guard let rows = frame.rows else { return ordered }
    var all = [Double](repeating: .nan, count: frame.rowCount + frame.excludedRows)
    for (position, row) in rows.enumerated() { all[row] = ordered[position] }
    return all
  }
}
