import RealModule

/// A fitted generalised linear mixed model: estimates, their precision, and how the fit was found.
///
/// Standard errors come from the Hessian of the criterion in all parameters together, as `glmer`'s
/// do by default. Parameters are the fixed effects, tested by the normal distribution, those of
/// variance, and the dispersion.
public struct GeneralisedMixedModelFit: MixedModelFit {
  /// What all kinds of fits tell.
  public let tables: FitTables
  /// The distribution and the link.
  public let family: ResponseFamily
  /// Quadrature points in each direction; 1 is Laplace's approximation.
  public let quadraturePoints: Int
  /// Which curvature entered the determinant.
  public let curvature: LaplaceCurvature
  /// φ of the negative binomial variance μ + μ²/φ; infinite where the data have no overdispersion.
  public let dispersion: Double?
  /// The standard error of log φ, where φ is finite.
  public let logDispersionError: Double?
  /// The logarithm of the likelihood with all its constants, whatever the number of points. The
  /// other, `logLikelihood`, follows lme4: with more than one point, a binomial or Poisson one is
  /// relative to the saturated model, so that values with one and with several cannot be compared.
  public let fullLogLikelihood: Double

  let model: GeneralisedMixedModel
  let optimum: MarginalOptimum

  init(
    model: GeneralisedMixedModel, optimum: MarginalOptimum, quadraturePoints: Int,
    curvature: LaplaceCurvature, confidenceLevel: Double
  ) {
    let design = model.design
    let frame = design.frame
    let fixed = Array(0..<design.estimable.count)
    self.model = model
    self.optimum = optimum
    family = model.family
    self.quadraturePoints = quadraturePoints
    self.curvature = curvature
    var notes: [String] = []
    if family == .negativeBinomial, optimum.coefficients.count > fixed.count {
      dispersion = Double.exp(optimum.coefficients[fixed.count])
      logDispersionError = optimum.covariance[fixed.count, fixed.count].squareRoot()
    } else if family == .negativeBinomial {
      dispersion = .infinity
      logDispersionError = nil
      notes.append(
        "No overdispersion: φ runs to infinity, where the negative binomial distribution is the "
          + "Poisson. Estimates and errors are those of the Poisson model; φ still counts in AIC and "
          + "BIC, and a Poisson model has the same fit with one parameter fewer.")
    } else {
      dispersion = nil
      logDispersionError = nil
    }
    let full = -optimum.criterion / 2
    fullLogLikelihood = full
    var likelihood = full
    if quadraturePoints > 1, family != .negativeBinomial {
      let saturated = model.saturatedLogLikelihood
      likelihood = full - saturated
      if saturated != 0 {
        notes.append(
          "The log-likelihood is relative to the saturated model, as lme4 gives it for more than "
            + "one quadrature point; with all constants it is \(Self.rounded(full)).")
      }
    }
    if model.response.hasPartialCounts {
      notes.append(
        "Some proportions times their weights are not whole numbers; they are taken as they are.")
    }
    let unidentified = optimum.isFlat ? UnidentifiedVariances(design) : UnidentifiedVariances()
    tables = FitTables(
      formula: model.formula, frame: frame, estimable: design.estimable,
      setAside: design.setAside, coefficients: optimum.coefficients,
      inference: AsymptoticInference(
        covariance: optimum.covariance.part(rows: fixed, columns: fixed)),
      factors: optimum.factors, sigma: 1,
      singular: Singularity(
        factors: optimum.factors, frame: frame, scalings: design.standardisation.random),
      unidentified: unidentified, logLikelihood: likelihood,
      parameterCount: fixed.count + design.rows.thetaCount + (dispersion == nil ? 0 : 1),
      confidenceLevel: confidenceLevel, record: optimum.record,
      notes: MarginalNotes.notes(design, optimum: optimum, unidentified: unidentified) + notes)
  }

  private static func rounded(_ value: Double) -> String {
    ((value * 1e4).rounded() / 1e4).description
  }
}

extension MarginalDesign {
  /// Values of sorted rows for every row of the data; NaN for rows set aside.
  func spread(_ values: [Double]) -> [Double] { frame.spread(rows.unsorted(values)) }
}
