/// A fitted linear mixed model: estimates, their precision, and how the fit was found.
///
/// Conventions are lme4's, so that numbers compare: the criterion is the REML criterion or minus
/// twice the log-likelihood, and the parameters are the fixed effects, those of variance, and σ.
public struct LinearMixedModelFit: LinearModelFit {
  /// What all kinds of fits tell.
  public let tables: FitTables
  /// REML or ML.
  public let method: EstimationMethod
  /// How degrees of freedom were found; `.none` where what was asked for could not be had.
  public let degreesOfFreedom: DegreesOfFreedom
  /// The residual standard deviation.
  public let sigma: Double

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
}
