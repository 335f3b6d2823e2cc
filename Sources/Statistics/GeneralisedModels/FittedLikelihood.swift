import RealModule

/// A fit whose likelihood is an integral over the random effects: a generalised or an ordinal one.
public protocol MarginalModelFit: MixedModelFit {
  /// What the fit maximised.
  var likelihood: FittedLikelihood { get }
}

/// The likelihood of a fitted generalised or ordinal model, to be looked at again for some of its
/// rows or for another response.
public struct FittedLikelihood: Sendable {
  enum Model: Sendable {
    /// - isLimit: Whether a negative binomial model has no overdispersion left.
    case generalised(ResponseFamily, LaplaceCurvature, isLimit: Bool)
    case ordinal(categories: Int)
  }

  let model: Model
  let design: MarginalDesign
  let optimum: MarginalOptimum
  /// Of quadrature in each direction.
  let points: Int
  /// What the coefficients of the optimum are, the fixed effects first.
  let names: [ProfileInterval.Parameter]
  /// Successes, counts or positions of categories of the sorted rows.
  let response: [Double]
  /// Trials or prior weights of the sorted rows.
  let weights: [Double]

  /// The parameters that suit some of the rows, or another response, best.
  struct Refit {
    var point: [Double]
    /// Whether φ of a negative binomial model has run to infinity and is not among them.
    var isLimit: Bool
  }

  /// The criterion of the model's own response for the same rows, whatever the order and scale of
  /// their random effects.
  func criterion(of design: MarginalDesign) throws(ModelError) -> MarginalCriterion {
    try criterion(of: design.rows, response: response, weights: weights)
  }

  /// The criterion of rows with a response of their own.
  ///
  /// Kernels are named one by one, as only then is the criterion compiled for each.
  func criterion(
    of rows: GeneralisedRows, response: [Double], weights: [Double], asLimit: Bool = false
  ) throws(ModelError) -> MarginalCriterion {
    switch model {
    case .generalised(.binomial(.logit), _, _):
      try rows.criterion(
        BinomialLogitKernel(successes: response, trials: weights), points: points)
    case .generalised(.binomial(.probit), let curvature, _):
      try rows.criterion(
        BinomialProbitKernel(successes: response, trials: weights, curvature: curvature),
        points: points)
    case .generalised(.negativeBinomial, let curvature, isLimit: false) where !asLimit:
      try rows.criterion(
        NegativeBinomialKernel(counts: response, weights: weights, curvature: curvature),
        points: points)
    case .generalised:
      try rows.criterion(PoissonKernel(counts: response, weights: weights), points: points)
    case .ordinal(let categories):
      try rows.criterion(
        CumulativeLogitKernel(
          categories: response.map { Int($0) }, weights: weights, categoryCount: categories),
        points: points)
    }
  }

  /// Fits rows with a response of their own, from the parameters of the whole.
  ///
  /// - Returns: `nil` where no optimum is found.
  func refit(
    _ rows: GeneralisedRows, response: [Double], weights: [Double]
  ) throws(ModelError) -> Refit? {
    let found = MarginalSearch(
      criterion: try criterion(of: rows, response: response, weights: weights)
    ).settled(from: optimum.point)
    let sound = found.flatMap { $0.isSettled ? Refit(point: $0.point, isLimit: false) : nil }
    guard case .generalised(.negativeBinomial, _, isLimit: false) = model else { return sound }
    if let sound, let logSize = sound.point.last, logSize < GeneralisedMixedModel.largeLogSize {
      return sound
    }
    // φ may be on its way to infinity, where the model is the Poisson one.
    let limit = MarginalSearch(
      criterion: try criterion(of: rows, response: response, weights: weights, asLimit: true)
    ).settled(from: Array(optimum.point.dropLast()))
    guard let limit, limit.isSettled, limit.value <= (found?.value ?? .infinity) + 1e-6 else {
      return sound
    }
    return Refit(point: limit.point, isLimit: true)
  }

  /// The coefficients for the columns of the data: the fixed effects, then what the family adds.
  func coefficients(_ point: [Double]) -> [Double] {
    let own = Array(point[design.rows.thetaCount...])
    let all = Array(own.indices)
    return optimum.back.part(rows: all, columns: all) * own
  }

  /// The number of fixed effects.
  var fixedCount: Int { design.estimable.count }

  /// Profile-likelihood intervals of all parameters.
  ///
  /// - Parameter reach: The normal quantile of their level.
  func profileIntervals(
    _ tables: FitTables, reach: Double
  ) throws(ModelError) -> [ProfileInterval] {
    let profiles = try MarginalProfile.all(self, tables: tables)
    let roots = ProfileRoots(reach: reach, least: optimum.criterion)
    return profiles.map { ProfileInterval($0, roots: roots) }
  }
}

extension MarginalModelFit {
  /// Profile-likelihood intervals of all parameters, thresholds among them, at the fit's level: the
  /// values at which the likelihood, the others at their best, falls by half a χ² quantile.
  ///
  /// An end is infinite where it never does, as under separation.
  ///
  /// - Throws: ``ModelError/unsupported(_:)`` when the criterion cannot be formed.
  public func profileIntervals() throws(ModelError) -> [ProfileInterval] {
    try likelihood.profileIntervals(
      tables, reach: NormalDistribution().quantile((1 + confidenceLevel) / 2))
  }
}

extension GeneralisedMixedModelFit: MarginalModelFit {
  /// What the fit maximised.
  public var likelihood: FittedLikelihood {
    let isLimit = dispersion == .infinity
    var names = fixedEffects.map { ProfileInterval.Parameter.fixedEffect($0.name) }
    if dispersion != nil, !isLimit { names.append(.logDispersion) }
    return FittedLikelihood(
      model: .generalised(family, curvature, isLimit: isLimit), design: model.design,
      optimum: optimum, points: quadraturePoints, names: names, response: model.sortedValues,
      weights: model.sortedWeights)
  }
}

extension OrdinalMixedModelFit: MarginalModelFit {
  /// What the fit maximised.
  public var likelihood: FittedLikelihood {
    let kernel = model.kernel
    return FittedLikelihood(
      model: .ordinal(categories: categories.count), design: model.design, optimum: optimum,
      points: quadraturePoints,
      names: (fixedEffects + thresholds).map { .fixedEffect($0.name) },
      response: kernel.categories.map { Double($0) }, weights: kernel.weights)
  }
}
