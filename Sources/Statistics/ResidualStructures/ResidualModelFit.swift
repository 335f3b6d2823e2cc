import RealModule

/// A fitted model with a residual structure: what ``LinearMixedModelFit`` tells, and the parameters
/// of the residuals.
///
/// Conventions are nlme's where they concern residuals and lme4's elsewhere, so that criteria of
/// fits with and without a structure compare: the number of parameters includes those of the
/// residuals, and BIC takes the logarithm of the number of rows under REML too (nlme takes rows less
/// fixed effects there).
public struct ResidualModelFit: LinearModelFit {
  /// What all kinds of fits tell.
  public let tables: FitTables
  /// The structure asked for.
  public let structure: ResidualStructure
  /// REML or ML.
  public let method: EstimationMethod
  /// How degrees of freedom were found; `.none` where what was asked for could not be had.
  public let degreesOfFreedom: DegreesOfFreedom
  /// The residual standard deviation: of the first stratum, of the first wave, or of all rows. With
  /// noise it covers the process and the noise together.
  public let sigma: Double
  /// The parameters of correlation, with intervals.
  public let residualParameters: [ResidualParameter]
  /// The residual standard deviation of each stratum; empty without strata.
  public let strata: [ResidualStratum]
  /// The residual covariance of planned waves, if that is unstructured.
  public let waves: WaveCovariance?

  let model: ResidualModel
  let optimum: ResidualOptimum
  let whitened: WhitenedProducts
  let reading: ResidualReading

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

  /// The time in which correlation halves, with its interval, in the unit of the time column; `nil`
  /// for structures in whole steps.
  public var halfLife: ResidualParameter? {
    guard case .continuous = structure.correlation,
      let phi = residualParameters.first(where: { $0.name == "phi" })
    else { return nil }
    func time(_ phi: Double) -> Double { Double.log(0.5) / Double.log(phi) }
    return .init(
      name: "half-life", estimate: time(phi.estimate), lower: time(phi.lower),
      upper: time(phi.upper))
  }

  /// The autocorrelation at one step (for AR(1)) or one unit of time (in continuous time).
  public var phi: Double? { residualParameters.first { $0.name == "phi" }?.estimate }
}
