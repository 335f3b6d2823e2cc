import RealModule

/// A generalised linear mixed model of some data, ready to be fitted by maximum likelihood.
///
/// Given random effects u ~ N(0, TT′) of each group, the rows are independent with a mean whose link
/// is Xb + Zu plus an offset. The integral over u is approximated by Laplace's method or, for one
/// grouping factor, by adaptive Gauss-Hermite quadrature. Fixed effects are not profiled out: θ and
/// b are found together, as in lme4's second stage.
///
/// Sources: Bates, Mächler, Bolker & Walker (2015), *Fitting linear mixed-effects models using
/// lme4*, J. Stat. Softw. 67(1), for the parametrisation; Pinheiro & Bates (1995), *Approximations to
/// the log-likelihood function in the nonlinear mixed-effects model*, J. Comput. Graph. Stat. 4, for
/// the approximations; Brooks et al. (2017), *glmmTMB balances speed and flexibility*, R Journal 9,
/// for the negative binomial.
///
/// ```swift
/// let formula = try ModelFormula.parse("cbind(incidence, size - incidence) ~ period + (1 | herd)")
/// let model = try GeneralisedMixedModel(formula, data: data, family: .logistic)
/// let fit = try model.fit(quadraturePoints: 9)
/// ```
public struct GeneralisedMixedModel: Sendable {
  /// The formula it was made from.
  public let formula: ModelFormula
  /// The distribution and the link.
  public let family: ResponseFamily
  let design: MarginalDesign
  let response: GeneralisedResponse

  /// Reads the rows.
  ///
  /// A binomial response is one of: a column of 0 and 1; a factor, whose first level is failure and
  /// every other success; proportions, with their trials as `weights`; a column of successes with a
  /// column of `failures` or of `trials` beside it; `cbind(successes, failures)` in the formula.
  ///
  /// - Parameters:
  ///   - formula: With any number of random terms, on one or several grouping factors.
  ///   - family: The distribution and the link.
  ///   - codings: Contrasts by factor; treatment coding where none is given.
  ///   - weights: The name of a column of positive prior weights: trials of a binomial proportion,
  ///     else what each row's log-likelihood is multiplied by.
  ///   - offset: The name of a column that is added to the linear predictor as it is, such as the
  ///     logarithm of an exposure.
  ///   - failures: The name of a column of failures; the response then counts successes.
  ///   - trials: The name of a column of successes and failures together, likewise.
  /// - Throws: A ``ModelError`` that says what the data or the formula lack.
  public init(
    _ formula: ModelFormula, data: ModelData, family: ResponseFamily,
    codings: [String: Coding] = [:], weights: String? = nil, offset: String? = nil,
    failures: String? = nil, trials: String? = nil
  ) throws(ModelError) {
    let columns = try ResponseColumns(
      formula, data: data, codings: codings, weights: weights, offset: offset,
      failures: failures, trials: trials)
    response = try GeneralisedResponse(columns, family: family)
    design = try MarginalDesign(columns.frame, hasThresholds: false)
    self.formula = formula
    self.family = family
  }

  /// Fits a model in one call.
  public static func fit(
    _ formula: ModelFormula, data: ModelData, family: ResponseFamily, quadraturePoints: Int = 1,
    codings: [String: Coding] = [:], weights: String? = nil, offset: String? = nil,
    failures: String? = nil, trials: String? = nil
  ) throws(ModelError) -> GeneralisedMixedModelFit {
    try GeneralisedMixedModel(
      formula, data: data, family: family, codings: codings, weights: weights, offset: offset,
      failures: failures, trials: trials
    ).fit(quadraturePoints: quadraturePoints)
  }

  /// Fits the model.
  ///
  /// - Parameters:
  ///   - quadraturePoints: 1 for Laplace's approximation; more for adaptive Gauss-Hermite quadrature
  ///     with that many points in each direction, for one grouping factor.
  ///   - curvature: What enters the determinant; `nil` for the convention of the family, see
  ///     ``ResponseFamily/usualCurvature``.
  ///   - confidenceLevel: Of the intervals, between 0 and 1.
  /// - Throws: ``ModelError/unsupported(_:)`` or ``ModelError/numerical(_:)``. A search that does not
  ///   converge is not an error: the fit says so.
  public func fit(
    quadraturePoints: Int = 1, curvature: LaplaceCurvature? = nil, confidenceLevel: Double = 0.95
  ) throws(ModelError) -> GeneralisedMixedModelFit {
    let curvature = curvature ?? family.usualCurvature
    let optimum: MarginalOptimum
    switch family {
    case .binomial(.logit):
      optimum = try self.optimum(
        BinomialLogitKernel(successes: sortedValues, trials: sortedWeights),
        points: quadraturePoints)
    case .binomial(.probit):
      optimum = try self.optimum(
        BinomialProbitKernel(
          successes: sortedValues, trials: sortedWeights, curvature: curvature),
        points: quadraturePoints)
    case .poisson:
      optimum = try self.optimum(
        PoissonKernel(counts: sortedValues, weights: sortedWeights), points: quadraturePoints)
    case .negativeBinomial:
      let found = try self.optimum(
        NegativeBinomialKernel(
          counts: sortedValues, weights: sortedWeights, curvature: curvature),
        points: quadraturePoints)
      optimum = try poissonLimit(of: found, points: quadraturePoints) ?? found
    }
    return GeneralisedMixedModelFit(
      model: self, optimum: optimum, quadraturePoints: quadraturePoints, curvature: curvature,
      confidenceLevel: confidenceLevel)
  }

  /// The Poisson optimum, where a negative binomial one is on its way there: as φ grows the variance
  /// μ + μ²/φ goes over into μ, and without overdispersion the likelihood rises all the way.
  ///
  /// On that boundary log φ is no parameter that the curvature could be taken in, so the errors
  /// are those of the Poisson model.
  private func poissonLimit(
    of found: MarginalOptimum, points: Int
  ) throws(ModelError) -> MarginalOptimum? {
    guard let logSize = found.coefficients.last,
      logSize > Self.largeLogSize || !found.record.converged || !found.isCurvatureSound
    else { return nil }
    let limit = try optimum(
      PoissonKernel(counts: sortedValues, weights: sortedWeights), points: points)
    return limit.criterion <= found.criterion + 1e-6 ? limit : nil
  }

  /// log φ from which the variances of common counts are within a few per thousand of their mean.
  static let largeLogSize = 6.0

  var sortedValues: [Double] { sorted(response.values) }
  var sortedWeights: [Double] { sorted(response.weights) }

  private func sorted(_ values: [Double]) -> [Double] {
    values.indices.map { values[design.rows.order.row($0)] }
  }

  /// The criterion of the model, for a kernel that fits its family.
  func criterion(
    _ kernel: some RowKernel, points: Int
  ) throws(ModelError) -> MarginalCriterion {
    try design.criterion(kernel, points: points)
  }

  private func optimum(
    _ kernel: some RowKernel, points: Int
  ) throws(ModelError) -> MarginalOptimum {
    var kernel = kernel
    let auxiliary = [Double](repeating: 0, count: kernel.auxiliaryCount)
    guard kernel.prepare(auxiliary) else { throw .numerical("the dispersion has no start") }
    let criterion = try design.criterion(kernel, points: points)
    let kept = design.estimable.map { design.standardisation.fixed[$0] }
    let intercept = design.estimable.firstIndex { $0 == design.standardisation.intercept }
    let fixed = Standardisation.back(kept, intercept: intercept)
    let size = kept.count + auxiliary.count
    let back = Matrix(rows: size, columns: size) { row, column in
      guard row < kept.count, column < kept.count else { return row == column ? 1 : 0 }
      return fixed[row, column]
    }
    return try MarginalOptimum(
      design, criterion: criterion,
      start: design.fixedStart(kernel, offset: coefficientStart(intercept, count: kept.count))
        + auxiliary, back: back)
  }

  /// The link of the mean response for the intercept, 0 for the rest.
  private func coefficientStart(_ intercept: Int?, count: Int) -> [Double] {
    var start = [Double](repeating: 0, count: count)
    guard let intercept else { return start }
    let total = response.values.reduce(0, +)
    switch family {
    case .binomial(let link):
      let trials = response.weights.reduce(0, +)
      let mean = (total + 0.5) / (trials + 1)
      start[intercept] =
        link == .logit ? Double.log(mean / (1 - mean)) : NormalDistribution().quantile(mean)
    case .poisson, .negativeBinomial:
      let offset = (design.frame.offset ?? []).reduce(0, +) / Double(response.values.count)
      start[intercept] = Double.log(total / Double(response.values.count)) - offset
    }
    return start
  }
}
