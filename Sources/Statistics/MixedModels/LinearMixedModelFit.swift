/// A fitted linear mixed model: estimates, their precision, and how the fit was found.
///
/// Conventions are lme4's, so that numbers compare: the criterion is the REML criterion or minus
/// twice the log-likelihood, AIC and BIC count fixed effects, variance parameters and σ, and BIC
/// takes the logarithm of the number of rows under REML too.
public struct LinearMixedModelFit: Sendable {
  /// The formula.
  public let formula: ModelFormula
  /// REML or ML.
  public let method: EstimationMethod
  /// How degrees of freedom were found.
  public let degreesOfFreedom: DegreesOfFreedom
  /// The level of the intervals.
  public let confidenceLevel: Double
  /// The rows used.
  public let observations: Int
  /// The rows set aside for want of a value.
  public let excludedRows: Int
  /// Rows without a value, by variable.
  public let missing: [MissingCount]
  /// The grouping factors and the number of their levels.
  public let groups: [Group]
  /// The fixed effects, in the order of the columns.
  public let fixedEffects: [FixedEffect]
  /// The covariance matrix of the fixed effects, corrected under Kenward-Roger.
  public let covariance: Matrix
  /// Fixed columns that repeat others and so have no estimate.
  public let setAside: [String]
  /// Standard deviations and correlations of the random effects, by term.
  public let varianceComponents: [VarianceComponent]
  /// The residual standard deviation.
  public let sigma: Double
  /// The relative covariance factors by columns, term after term, as lme4's `theta`.
  public let theta: [Double]
  /// The criterion at its least.
  public let criterion: Double
  /// −criterion / 2.
  public let logLikelihood: Double
  /// Fixed effects, variance parameters and σ.
  public let parameterCount: Int
  /// Whether the random effects' estimated covariance lacks a direction.
  public let isSingular: Bool
  /// How the fit was found.
  public let record: FitRecord
  /// What a reader should know about this fit, in words.
  public let notes: [String]

  let inference: any FixedEffectInference
  let model: LinearMixedModel
  let optimum: Optimum

  /// A grouping factor.
  public struct Group: Hashable, Sendable, Codable {
    /// Its name as written.
    public let name: String
    /// The number of groups.
    public let levels: Int
  }

  /// One row of the table of fixed effects.
  public struct FixedEffect: Hashable, Sendable, Codable {
    /// The column's name as R writes it.
    public let name: String
    /// The estimate.
    public let estimate: Double
    /// Its standard error.
    public let standardError: Double
    /// The degrees of freedom of its t; `nil` where the normal distribution is used.
    public let degreesOfFreedom: Double?
    /// Estimate over standard error.
    public let statistic: Double
    /// The two-sided p-value of the hypothesis that the effect is 0.
    public let pValue: Double
    /// The lower end of the confidence interval.
    public let lower: Double
    /// The upper end of the confidence interval.
    public let upper: Double
  }

  /// The random effects of one term.
  public struct VarianceComponent: Hashable, Sendable, Codable {
    /// The grouping factor.
    public let group: String
    /// The names of the effects.
    public let terms: [String]
    /// Their standard deviations.
    public let standardDeviations: [Double]
    /// Their correlations; NaN where a standard deviation is 0.
    public let correlations: Matrix
    /// Their covariance matrix.
    public let covariance: Matrix
  }

  /// Akaike's criterion.
  public var aic: Double { 2 * (Double(parameterCount) - logLikelihood) }
  /// Schwarz's criterion, with the number of rows.
  public var bic: Double {
    logarithm(Double(observations)) * Double(parameterCount) - 2 * logLikelihood
  }
  /// Whether the search ended where a minimum is.
  public var converged: Bool { record.converged }
  /// The names of the rows used, as positions in the data.
  public var usedRows: [Int] { model.frame.rows ?? Array(0..<model.frame.rowCount) }
}
