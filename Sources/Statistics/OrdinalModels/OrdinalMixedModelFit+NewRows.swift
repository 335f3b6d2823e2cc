/// What an ordinal model predicts for one row that it was not fitted to.
public struct OrdinalPrediction: Hashable, Sendable, Codable {
  /// The latent mean, random effects at 0: the linear predictor less the mean of the thresholds.
  public let population: Prediction
  /// The probability of each category there: of a group whose random effects are 0, not the average
  /// over groups. Errors are by the delta method, intervals on the scale of log odds.
  public let populationProbabilities: [ResponseEstimate]
  /// The latent mean with the random effects of the row's groups, those of new ones at 0 with their
  /// variance in the error; `nil` where the rows have no columns of groups.
  public let conditional: Prediction?
  /// The probability of each category there.
  public let conditionalProbabilities: [ResponseEstimate]
  /// Whether the model knows all groups of the row.
  public let isKnown: Bool
}

extension OrdinalMixedModelFit {
  /// What the model predicts for other rows, of old and new groups; errors as for
  /// ``GeneralisedMixedModelFit/predictions(for:)``.
  ///
  /// - Returns: One for each row; all NaN, without probabilities, where a value is missing, a level is
  ///   new, or the data of the model cannot estimate the mean.
  /// - Throws: ``ModelError`` when a column is missing or of another kind.
  public func predictions(for data: ModelData) throws(ModelError) -> [OrdinalPrediction] {
    let isConditional = tables.hasGroups(data)
    let new = try MarginalNewRows(
      tables, data: data, design: model.design, optimum: optimum, kernel: model.kernel,
      isConditional: isConditional)
    let reach = NormalDistribution().quantile((1 + confidenceLevel) / 2)
    let cuts = thresholds.map(\.estimate)
    let share = [Double](repeating: -1 / Double(max(1, cuts.count)), count: cuts.count)
    func latent(_ predictor: MarginalNewRows.Predictor) -> Prediction {
      Prediction(
        value: predictor.value + dot(share, cuts),
        standardError: new.variance(predictor, added: share).squareRoot(), reach: reach)
    }
    func probabilities(_ predictor: MarginalNewRows.Predictor) -> [ResponseEstimate] {
      let point = CategoryProbabilities(predictor: predictor.value, thresholds: cuts)
      return categories.indices.map { category in
        let error = new.variance(
          predictor, slope: point.slopes[category], added: point.thresholdSlopes(of: category)
        ).squareRoot()
        return ResponseEstimate(
          probability: point.values[category], standardError: error, reach: reach)
      }
    }
    return (0..<data.rowCount).map { row in
      guard new.obstacle(row) == nil else {
        let none = Prediction(obstacle: new.obstacle(row))
        return OrdinalPrediction(
          population: none, populationProbabilities: [], conditional: isConditional ? none : nil,
          conditionalProbabilities: [], isKnown: new.isKnown(row))
      }
      let population = new.population(row)
      let conditional = new.conditional(row)
      return OrdinalPrediction(
        population: latent(population), populationProbabilities: probabilities(population),
        conditional: conditional.map(latent),
        conditionalProbabilities: conditional.map(probabilities) ?? [],
        isKnown: new.isKnown(row))
    }
  }

  /// Probability-scale residuals, P(y lower) − P(y higher) at the fitted probabilities, for every row
  /// of the data; NaN for rows set aside.
  ///
  /// Between −1 and 1, of mean 0 where the probabilities are right, and positive where the answer is higher than
  /// expected (Li & Shepherd 2012, *A new residual for ordinal outcomes*, Biometrika 99).
  public func residuals() -> [Double] {
    let all = probabilities()
    var residuals = [Double](repeating: .nan, count: all.rows)
    for (position, row) in usedRows.enumerated() {
      let code = model.codes[position]
      residuals[row] = categories.indices.reduce(0) { sum, category in
        sum + (category < code ? all[row, category] : category > code ? -all[row, category] : 0)
      }
    }
    return residuals
  }
}
