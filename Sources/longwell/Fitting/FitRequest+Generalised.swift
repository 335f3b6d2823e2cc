import Statistics

extension FitRequest {
  /// A generalised model with all that was asked for.
  func summary(of fit: GeneralisedMixedModelFit, data: ModelData) throws -> FitSummary {
    var summary = FitSummary(fit)
    try addLikelihood(to: &summary, fit)
    try addTests(to: &summary, fit, data: data) { (factors) throws(ModelError) in
      try fit.marginalMeans(of: factors, data: data)
    }
    for table in summary.means.indices {
      summary.means[table].responses = summary.means[table].estimates.map {
        fit.family.onResponseScale($0.effect)
      }
      summary.means[table].ratioName = fit.family.ratioName
    }
    summary.comparisons = try comparisons.map { (formula) throws(ModelError) in
      ModelComparison(
        formula,
        try fit.likelihoodRatioTest(with: formula, data: data, weights: weights, offset: offset))
    }
    if let newRows {
      summary.predictions = try naming(newRows.name) { () throws(ModelError) in
        try fit.predictions(for: newRows.data)
      }.map { row in
        PredictedRow(
          population: row.population,
          conditional: row.conditional.map { ConditionalPrediction($0, isKnown: row.isKnown) },
          response: .init(
            population: [ResponseEstimate(row.populationMean)],
            conditional: row.conditionalMean.map { [ResponseEstimate($0)] }))
      }
    }
    return summary
  }

  /// An ordinal model with all that was asked for.
  func summary(of fit: OrdinalMixedModelFit, data: ModelData) throws -> FitSummary {
    var summary = FitSummary(fit)
    try addLikelihood(to: &summary, fit)
    try addTests(to: &summary, fit, data: data) { (factors) throws(ModelError) in
      try fit.marginalMeans(of: factors, data: data)
    }
    for (table, asked) in means.enumerated() {
      summary.means[table].categories = try fit.categoryMeans(
        of: asked.split(separator: ":").map { String($0) }, data: data)
      summary.means[table].ratioName = "odds ratio"
    }
    summary.comparisons = try comparisons.map { (formula) throws(ModelError) in
      ModelComparison(
        formula,
        try fit.likelihoodRatioTest(with: formula, data: data, weights: weights, offset: offset))
    }
    if let newRows {
      summary.predictions = try naming(newRows.name) { () throws(ModelError) in
        try fit.predictions(for: newRows.data)
      }.map { row in
        PredictedRow(
          population: row.population,
          conditional: row.conditional.map { ConditionalPrediction($0, isKnown: row.isKnown) },
          response: .init(
            population: row.populationProbabilities,
            conditional: row.conditional == nil ? nil : row.conditionalProbabilities))
      }
    }
    return summary
  }

  /// What is asked of the likelihood of every generalised or ordinal model.
  private func addLikelihood(
    to summary: inout FitSummary, _ fit: some MarginalModelFit
  ) throws(ModelError) {
    switch intervals {
    case .wald: break
    case .profile: summary.take(try fit.profileIntervals())
    case .bootstrap:
      let drawn = try fit.parametricBootstrap(replicates: replicates, seed: seed)
      summary.take(drawn, drawn.percentileIntervals(of: fit))
    }
    if let robust { summary.robust = try fit.robustEffects(robust) }
    if let influence {
      summary.influence = .init(
        method: influence,
        groups: influence == .exact
          ? try fit.exactInfluence(of: influenceGroup) : try fit.oneStepInfluence())
    }
  }
}

extension ModelComparison {
  init(_ formula: ModelFormula, _ found: (test: LikelihoodRatioTest, isLarger: Bool)) {
    self.init(formula: formula.source, isLarger: found.isLarger, test: found.test)
  }
}
