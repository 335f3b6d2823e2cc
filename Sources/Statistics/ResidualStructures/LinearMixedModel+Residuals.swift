extension LinearMixedModel {
  /// Fits a model whose residuals are correlated or of unequal variance.
  ///
  /// ```swift
  /// let formula = try ModelFormula.parse("mood ~ prompt + stress + (prompt | participant)")
  /// let fit = try LinearMixedModel.fit(formula, data: data, residuals: .ar1(time: "prompt"))
  /// ```
  ///
  /// - Parameters:
  ///   - formula: With random terms of one grouping factor, or with none for a marginal model.
  ///   - residuals: See ``ResidualStructure``.
  ///   - codings: Contrasts by factor; treatment coding where none is given.
  ///   - weights: The name of a column of positive prior weights, which divide the variances.
  ///   - offset: The name of a column that is added to the linear predictor as it is.
  ///   - degreesOfFreedom: For the tests and intervals of fixed effects; Satterthwaite's take the
  ///     uncertainty of the residuals' parameters into account. Kenward-Roger is refused.
  ///   - confidenceLevel: Of the intervals, between 0 and 1.
  /// - Throws: A ``ModelError`` that says what the data, the formula or the structure lack. A
  ///   search that does not converge is not an error: the fit says so.
  public static func fit(
    _ formula: ModelFormula, data: ModelData, method: EstimationMethod = .reml,
    residuals: ResidualStructure, codings: [String: Coding] = [:], weights: String? = nil,
    offset: String? = nil, degreesOfFreedom: DegreesOfFreedom = .satterthwaite,
    confidenceLevel: Double = 0.95
  ) throws(ModelError) -> ResidualModelFit {
    try ResidualModel(
      formula, data: data, structure: residuals, codings: codings, weights: weights,
      offset: offset
    ).fit(method, degreesOfFreedom: degreesOfFreedom, confidenceLevel: confidenceLevel)
  }
}
