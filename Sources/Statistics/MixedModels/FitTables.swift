/// A fitted mixed model of any kind of response: linear, with structured residuals, generalised or
/// ordinal.
public protocol MixedModelFit: Sendable {
  /// What every kind of fit tells; each entry is a property of the fit as well.
  var tables: FitTables { get }
}

/// The estimates of a fitted mixed model, their precision, and how the fit was found: what all kinds
/// of fits have in common.
///
/// AIC and BIC count all that was estimated, and BIC takes the logarithm of the number of rows under
/// REML too, as lme4 does.
public struct FitTables: Sendable {
  /// The formula.
  public let formula: ModelFormula
  /// The level of the intervals.
  public let confidenceLevel: Double
  /// The rows used.
  public let observations: Int
  /// The rows set aside for want of a value.
  public let excludedRows: Int
  /// Rows without a value, by variable.
  public let missing: [MissingCount]
  /// The grouping factors and the number of their levels; in a marginal model the blocks.
  public let groups: [LinearMixedModelFit.Group]
  /// The fixed effects, in the order of the columns; on the scale of the link where there is one.
  public let fixedEffects: [LinearMixedModelFit.FixedEffect]
  /// Fixed columns that repeat others and so have no estimate.
  public let setAside: [String]
  /// Standard deviations and correlations of the random effects, by term.
  public let varianceComponents: [LinearMixedModelFit.VarianceComponent]
  /// The relative covariance factors by columns, term after term, as lme4's `theta`.
  public let theta: [Double]
  /// The logarithm of the likelihood, or of the restricted likelihood.
  public let logLikelihood: Double
  /// All that was estimated: effects, variance parameters, and what the kind of model adds.
  public let parameterCount: Int
  /// Whether the random effects' estimated covariance lacks a direction.
  public let isSingular: Bool
  /// How the fit was found.
  public let record: FitRecord
  /// Sets of variances and covariances, in words, of which the design lets only a combination be
  /// estimated; a set of one cannot be estimated at all.
  public let unidentified: [[String]]
  /// Whether the share of the groups in the variance means something all the same.
  public let hasVarianceShares: Bool
  /// What a reader should know about this fit, in words.
  public let notes: [String]

  let frame: ModelFrame
  /// The fixed columns that have an estimate, ascending.
  let estimable: [Int]
  let inference: any FixedEffectInference
  let singularity: Singularity
}

extension FitTables {
  /// - Parameters:
  ///   - groups: `nil` for the grouping factors of the formula.
  ///   - factors: The relative covariance factor of each random term.
  ///   - sigma: What they are relative to.
  ///   - notes: What else is to be said, between singularity and convergence.
  init(
    formula: ModelFormula, frame: ModelFrame, estimable: [Int], setAside: [String],
    groups: [LinearMixedModelFit.Group]? = nil, coefficients: [Double],
    inference: any FixedEffectInference, factors: [Matrix], sigma: Double,
    singular: Singularity, unidentified: UnidentifiedVariances = UnidentifiedVariances(),
    logLikelihood: Double, parameterCount: Int, confidenceLevel: Double,
    record: FitRecord, notes: [String]
  ) {
    self.formula = formula
    self.frame = frame
    self.estimable = estimable
    self.inference = inference
    self.confidenceLevel = confidenceLevel
    self.setAside = setAside
    self.logLikelihood = logLikelihood
    self.parameterCount = parameterCount
    self.record = record
    observations = frame.observations
    excludedRows = frame.excludedRows
    missing = frame.missing
    var seen: Set<String> = []
    self.groups =
      groups
      ?? frame.random.filter { seen.insert($0.groupName).inserted }
      .map { .init(name: $0.groupName, levels: $0.levels.count) }
    fixedEffects = estimable.enumerated().map { position, column in
      var contrast = [Double](repeating: 0, count: estimable.count)
      contrast[position] = 1
      return .init(
        name: frame.fixed.columns[column].name, estimate: coefficients[position],
        standardError: inference.covariance[position, position].squareRoot(),
        degreesOfFreedom: inference.degreesOfFreedom(contrast), confidenceLevel: confidenceLevel)
    }
    varianceComponents = zip(frame.random, factors).map {
      .init(term: $0, factor: $1, sigma: sigma)
    }
    theta = factors.flatMap(\.columnwiseLowerTriangle)
    isSingular = singular.isSingular
    singularity = singular
    self.unidentified = unidentified.sets
    hasVarianceShares = unidentified.leavesShares
    self.notes =
      Self.rowNotes(frame, estimable: estimable, setAside: setAside) + unidentified.notes
      + singular.notes + notes + formula.nickellNotes(frame)
      + (record.converged
        ? []
        : [
          "The search for the optimum did not converge (\(record.reason.rawValue)); "
            + "do not rely on these estimates."
        ])
  }

  /// - Throws: ``ModelError/unsupported(_:)`` for a fit from a summary.
  func requireRows() throws(ModelError) {
    guard frame.rowCount == observations else {
      throw .unsupported("this needs the rows of the data, which a summary does not have")
    }
  }

  /// Which rows and columns were left out.
  private static func rowNotes(
    _ frame: ModelFrame, estimable: [Int], setAside: [String]
  ) -> [String] {
    var notes: [String] = []
    if frame.excludedRows > 0 {
      let counts = frame.missing.map { "\($0.name) in \($0.rows)" }
      notes.append(
        "\(frame.excludedRows) rows were set aside for want of a value: missing "
          + counts.joined(separator: ", ") + ".")
    }
    if !setAside.isEmpty {
      let kept = Self.kept(frame, estimable: estimable, setAside: setAside)
      let known =
        setAside.count <= mostRepeats && frame.rowCount == frame.observations
        ? try? Estimability(frame, kept: kept).reasons : nil
      if let known {
        notes += known.map { "No estimate for \($0)." }
      } else {
        notes.append(
          "No estimate for \(setAside.joined(separator: ", ")): "
            + (setAside.count == 1
              ? "a combination of the columns before it."
              : "combinations of the columns before them."))
      }
    }
    return notes
  }

  /// As many columns that repeat others as anyone reads about one by one.
  private static let mostRepeats = 6

  /// The columns that stand for themselves: those with a coefficient, and an intercept for which
  /// thresholds stand.
  static func kept(_ frame: ModelFrame, estimable: [Int], setAside: [String]) -> [Int] {
    let intercept = frame.fixed.columns.firstIndex { $0.term == -1 }
    guard let intercept, !estimable.contains(intercept),
      !setAside.contains(frame.fixed.columns[intercept].name)
    else { return estimable }
    return [intercept] + estimable
  }
}

extension MixedModelFit {
  /// The formula.
  public var formula: ModelFormula { tables.formula }
  /// The level of the intervals.
  public var confidenceLevel: Double { tables.confidenceLevel }
  /// The rows used.
  public var observations: Int { tables.observations }
  /// The rows set aside for want of a value.
  public var excludedRows: Int { tables.excludedRows }
  /// Rows without a value, by variable.
  public var missing: [MissingCount] { tables.missing }
  /// The grouping factors and the number of their levels; in a marginal model the blocks.
  public var groups: [LinearMixedModelFit.Group] { tables.groups }
  /// The fixed effects, in the order of the columns; on the scale of the link where there is one.
  public var fixedEffects: [LinearMixedModelFit.FixedEffect] { tables.fixedEffects }
  /// The estimates of the fixed effects, in the order of `fixedEffects`.
  public var estimates: [Double] { tables.fixedEffects.map(\.estimate) }
  /// The covariance matrix of the fixed effects, corrected under Kenward-Roger.
  public var covariance: Matrix { tables.inference.covariance }
  /// Fixed columns that repeat others and so have no estimate.
  public var setAside: [String] { tables.setAside }
  /// Standard deviations and correlations of the random effects, by term.
  public var varianceComponents: [LinearMixedModelFit.VarianceComponent] {
    tables.varianceComponents
  }
  /// The relative covariance factors by columns, term after term, as lme4's `theta`.
  public var theta: [Double] { tables.theta }
  /// The logarithm of the likelihood, or of the restricted likelihood.
  public var logLikelihood: Double { tables.logLikelihood }
  /// All that was estimated: effects, variance parameters, and what the kind of model adds.
  public var parameterCount: Int { tables.parameterCount }
  /// Whether the random effects' estimated covariance lacks a direction.
  public var isSingular: Bool { tables.isSingular }
  /// Sets of variances and covariances, in words, that the design does not tell apart.
  public var unidentified: [[String]] { tables.unidentified }
  /// How the fit was found.
  public var record: FitRecord { tables.record }
  /// What a reader should know about this fit, in words.
  public var notes: [String] { tables.notes }
  /// −2 `logLikelihood`: the criterion at its least.
  public var criterion: Double { -2 * logLikelihood }
  /// Akaike's criterion.
  public var aic: Double { 2 * (Double(parameterCount) - logLikelihood) }
  /// Schwarz's criterion, with the number of rows.
  public var bic: Double {
    logarithm(Double(observations)) * Double(parameterCount) - 2 * logLikelihood
  }
  /// Whether the search ended where a minimum is.
  public var converged: Bool { record.converged }
  /// The rows used, as positions in the data.
  public var usedRows: [Int] { tables.frame.rows ?? Array(0..<tables.frame.rowCount) }

  /// The estimate, test and interval of a combination of fixed effects.
  ///
  /// - Parameter weights: One for each of `fixedEffects`.
  public func contrast(_ weights: [Double], name: String) -> LinearMixedModelFit.FixedEffect {
    .init(
      name: name, estimate: dot(weights, estimates),
      standardError: covariance.quadratic(weights).squareRoot(),
      degreesOfFreedom: tables.inference.degreesOfFreedom(weights),
      confidenceLevel: confidenceLevel)
  }

  /// The test that several combinations of fixed effects are all 0.
  ///
  /// - Parameter contrasts: One combination a row, one column for each of `fixedEffects`.
  /// - Returns: `nil` when no combination says anything or the columns do not match.
  public func test(_ contrasts: Matrix) -> FTest? {
    guard contrasts.columns == estimates.count, contrasts.elements.allSatisfy(\.isFinite) else {
      return nil
    }
    return tables.inference.test(contrasts, of: estimates)
  }
}
