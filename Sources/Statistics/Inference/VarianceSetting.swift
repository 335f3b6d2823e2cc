/// A fit by maximum likelihood as the profiles of its variances see it.
struct VarianceSetting {
  let layout: RandomLayout
  let criterion: any OpenCriterion
  /// The columns of each random term.
  let terms: [ModelFrame.Random]
  let components: [LinearMixedModelFit.VarianceComponent]
  let standardisation: Standardisation
  /// The relative covariance factor of each term, for the columns of the data.
  let factors: [Matrix]
  /// The size of a change that matters, for each parameter of T.
  let scales: [Double]
  /// In units of the response.
  let sigma: Double
  let observations: Int
  /// What is searched for beside T and σ, at the optimum.
  let others: [Double]

  init(_ fit: LinearMixedModelFit) {
    layout = fit.model.layout
    criterion = fit.optimum.criterion
    terms = fit.model.frame.random
    components = fit.varianceComponents
    standardisation = fit.model.standardisation
    factors = BackTransform(fit.model).factors(fit.optimum.theta)
    scales = fit.model.parameterScales
    sigma = fit.sigma
    observations = fit.observations
    others = []
  }

  init(_ fit: ResidualModelFit) {
    let model = fit.model
    let count = model.layout.parameterCount
    layout = model.layout
    criterion = ResidualCriterion(source: model.source, layout: model.layout, method: .ml)
    terms = model.frame.random
    components = fit.varianceComponents
    standardisation = model.standardisation
    factors = ResidualBackTransform(model).factors(Array(fit.optimum.point.prefix(count)))
    scales = Array(fit.optimum.scales.prefix(count))
    sigma = fit.sigma
    observations = fit.observations
    others = Array(fit.optimum.point.dropFirst(count))
  }
}
