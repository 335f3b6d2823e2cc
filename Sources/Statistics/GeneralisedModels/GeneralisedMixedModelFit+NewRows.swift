/// What a generalised model predicts for one row that it was not fitted to.
public struct GeneralisedPrediction: Hashable, Sendable, Codable {
  /// The linear predictor, random effects at 0.
  public let population: Prediction
  /// The mean there: of a group whose random effects are 0, not the average over groups.
  public let populationMean: Prediction
  /// The linear predictor with the random effects of the row's groups, those of new ones at 0 with
  /// their variance in the error; `nil` where the rows have no columns of groups.
  public let conditional: Prediction?
  /// The mean there.
  public let conditionalMean: Prediction?
  /// Whether the model knows all groups of the row.
  public let isKnown: Bool
}

extension GeneralisedMixedModelFit {
  /// What the model predicts for other rows, of old and new groups.
  ///
  /// Errors are those of glmmTMB's `predict(se.fit = TRUE)`: what the estimates leave open, and what
  /// the data leave open about the random effects given the estimates (Kass & Steffey 1989). On the
  /// scale of the response they follow by the delta method, and intervals are carried over from the
  /// linear predictor.
  ///
  /// - Returns: One for each row; all NaN where a value is missing, a level is new, or the data of the
  ///   model cannot estimate the mean.
  /// - Throws: ``ModelError`` when a column is missing or of another kind.
  public func predictions(for data: ModelData) throws(ModelError) -> [GeneralisedPrediction] {
    let isConditional = tables.hasGroups(data)
    let new = try MarginalNewRows(
      tables, data: data, design: model.design, optimum: optimum,
      kernel: model.anyKernel(curvature: curvature, isLimit: dispersion == .infinity),
      isConditional: isConditional)
    let reach = NormalDistribution().quantile((1 + confidenceLevel) / 2)
    func prediction(_ predictor: MarginalNewRows.Predictor) -> Prediction {
      Prediction(
        value: predictor.value, standardError: new.variance(predictor).squareRoot(), reach: reach)
    }
    func mean(_ prediction: Prediction) -> Prediction {
      let moved = family.onResponseScale(
        prediction.value, standardError: prediction.standardError, lower: prediction.lower,
        upper: prediction.upper)
      return Prediction(
        value: moved.estimate, standardError: moved.standardError, lower: moved.lower,
        upper: moved.upper, obstacle: nil)
    }
    return (0..<data.rowCount).map { row in
      guard new.obstacle(row) == nil else {
        let none = Prediction(obstacle: new.obstacle(row))
        return GeneralisedPrediction(
          population: none, populationMean: none, conditional: isConditional ? none : nil,
          conditionalMean: isConditional ? none : nil, isKnown: new.isKnown(row))
      }
      let population = prediction(new.population(row))
      let conditional = new.conditional(row).map(prediction)
      return GeneralisedPrediction(
        population: population, populationMean: mean(population), conditional: conditional,
        conditionalMean: conditional.map(mean), isKnown: new.isKnown(row))
    }
  }
}

extension FitTables {
  /// Whether other rows have every column that the grouping factors are made of.
  func hasGroups(_ data: ModelData) -> Bool {
    formula.random.allSatisfy { term in
      term.group.allSatisfy { $0.names.allSatisfy { data[$0] != nil } }
    }
  }
}

extension GeneralisedMixedModel {
  /// The likelihood of the sorted rows.
  ///
  /// - Parameter isLimit: Whether counts have no overdispersion left.
  func anyKernel(curvature: LaplaceCurvature, isLimit: Bool) -> any RowKernel {
    switch family {
    case .binomial(.logit):
      BinomialLogitKernel(successes: sortedValues, trials: sortedWeights)
    case .binomial(.probit):
      BinomialProbitKernel(successes: sortedValues, trials: sortedWeights, curvature: curvature)
    case .negativeBinomial where !isLimit:
      NegativeBinomialKernel(counts: sortedValues, weights: sortedWeights, curvature: curvature)
    case .poisson, .negativeBinomial: PoissonKernel(counts: sortedValues, weights: sortedWeights)
    }
  }
}
