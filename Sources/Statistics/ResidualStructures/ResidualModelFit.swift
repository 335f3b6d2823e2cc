/// A fitted model with a residual structure: what ``LinearMixedModelFit`` tells, and the parameters
/// of the residuals.
///
/// Conventions are nlme's where they concern residuals and lme4's elsewhere, so that criteria of
/// fits with and without a structure compare: the number of parameters includes those of the
/// residuals, and BIC takes the logarithm of the number of rows under REML too (nlme takes rows less
/// fixed effects there).
public struct ResidualModelFit: Sendable {
  /// The formula.
  public let formula: ModelFormula
  /// The structure asked for.
  public let structure: ResidualStructure
  /// REML or ML.
  public let method: EstimationMethod
  /// How degrees of freedom were found; `.none` where what was asked for could not be had.
  public let degreesOfFreedom: DegreesOfFreedom
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
  /// The fixed effects, in the order of the columns.
  public let fixedEffects: [LinearMixedModelFit.FixedEffect]
  /// The covariance matrix of the fixed effects.
  public let covariance: Matrix
  /// Fixed columns that repeat others and so have no estimate.
  public let setAside: [String]
  /// Standard deviations and correlations of the random effects, by term.
  public let varianceComponents: [LinearMixedModelFit.VarianceComponent]
  /// The residual standard deviation: of the first stratum, of the first wave, or of all rows. With
  /// noise it covers the process and the noise together.
  public let sigma: Double
  /// The parameters of correlation, with intervals.
  public let residualParameters: [ResidualParameter]
  /// The residual standard deviation of each stratum; empty without strata.
  public let strata: [ResidualStratum]
  /// The residual covariance of planned waves, if that is unstructured.
  public let waves: WaveCovariance?
  /// The relative covariance factors by columns, term after term, as lme4's `theta`.
  public let theta: [Double]
  /// The criterion at its least.
  public let criterion: Double
  /// −criterion / 2.
  public let logLikelihood: Double
  /// Fixed effects, variance parameters, parameters of the residuals, and σ.
  public let parameterCount: Int
  /// Whether the random effects' estimated covariance lacks a direction.
  public let isSingular: Bool
  /// How the fit was found.
  public let record: FitRecord
  /// What a reader should know about this fit, in words.
  public let notes: [String]

  let model: ResidualModel
  let optimum: ResidualOptimum
  let inference: any FixedEffectInference
  let whitened: WhitenedProducts

  /// One parameter of the residuals' correlation.
  public struct ResidualParameter: Hashable, Sendable, Codable {
    /// `phi`, `noise share`, `rho`, …
    public let name: String
    /// The estimate.
    public let estimate: Double
    /// The lower end of a Wald interval on the scale of the search; NaN where the criterion is flat.
    public let lower: Double
    /// The upper end of the interval.
    public let upper: Double
  }

  /// The residual standard deviation of one stratum.
  public struct ResidualStratum: Hashable, Sendable, Codable {
    /// The level of the factor.
    public let name: String
    /// The rows in it.
    public let observations: Int
    /// Its residual standard deviation.
    public let standardDeviation: Double
    /// That over the first stratum's.
    public let ratio: Double
    /// The lower end of a Wald interval of the ratio; NaN for the first stratum.
    public let lower: Double
    /// The upper end of the interval.
    public let upper: Double
  }

  /// The residual covariance of planned waves.
  public struct WaveCovariance: Hashable, Sendable, Codable {
    /// The waves in their order.
    public let waves: [String]
    /// Their covariance matrix.
    public let covariance: Matrix
    /// Their standard deviations.
    public var standardDeviations: [Double] { covariance.diagonal.map { $0.squareRoot() } }
    /// Their correlations.
    public var correlations: Matrix {
      let deviations = standardDeviations
      return Matrix(rows: covariance.rows, columns: covariance.columns) { row, column in
        row == column ? 1 : covariance[row, column] / (deviations[row] * deviations[column])
      }
    }
  }

  /// The autocorrelation at one step (for AR(1)) or one unit of time (in continuous time).
  public var phi: Double? { residualParameters.first { $0.name == "phi" }?.estimate }
  /// Akaike's criterion.
  public var aic: Double { 2 * (Double(parameterCount) - logLikelihood) }
  /// Schwarz's criterion, with the number of rows.
  public var bic: Double {
    logarithm(Double(observations)) * Double(parameterCount) - 2 * logLikelihood
  }
  /// Whether the search ended where a minimum is.
  public var converged: Bool { record.converged }
  /// The rows used, as positions in the data.
  public var usedRows: [Int] { model.frame.rows ?? Array(0..<model.frame.rowCount) }
}
