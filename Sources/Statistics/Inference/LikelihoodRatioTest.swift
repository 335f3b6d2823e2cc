/// The comparison of two nested models by their likelihoods.
public struct LikelihoodRatioTest: Hashable, Sendable, Codable {
  /// Twice the difference of the log-likelihoods.
  public let statistic: Double
  /// The difference of the numbers of parameters.
  public let degreesOfFreedom: Int
  /// The p-value by χ² with those degrees of freedom.
  public let pValue: Double
  /// The p-value by the mixture of χ² distributions that holds when a variance is tested, which
  /// cannot be negative; `nil` when no variance is tested or the mixture is not known.
  public let boundaryPValue: Double?
  /// What the reader should know, in words.
  public let notes: [String]
}

extension LinearMixedModelFit {
  /// Compares this model with a larger one that contains it.
  ///
  /// Models that differ in fixed effects are refitted by ML, as REML likelihoods of different fixed
  /// effects do not compare. When only variances differ, one more variance gives ½χ²₀ + ½χ²₁, and a
  /// q-th random effect with its correlations ½χ²_{q−1} + ½χ²_q (Self & Liang 1987; Stram & Lee
  /// 1994).
  ///
  /// - Throws: ``ModelError/unsupported(_:)`` when the rows differ or the other model is no larger.
  public func likelihoodRatioTest(
    against larger: LinearMixedModelFit
  ) throws(ModelError) -> LikelihoodRatioTest {
    guard model.frame.response == larger.model.frame.response else {
      throw .unsupported("models of different rows or responses cannot be compared")
    }
    guard larger.parameterCount > parameterCount else {
      throw .unsupported("the model to compare with must have more parameters")
    }
    let sameFixed = fixedEffects.map(\.name) == larger.fixedEffects.map(\.name)
    var notes: [String] = []
    var (first, second) = (self, larger)
    if (method != .ml || larger.method != .ml) && !(sameFixed && method == larger.method) {
      first = try model.fit(.ml, degreesOfFreedom: .none)
      second = try larger.model.fit(.ml, degreesOfFreedom: .none)
      notes.append("Both models were refitted by maximum likelihood.")
    }
    let statistic = max(0, 2 * (second.logLikelihood - first.logLikelihood))
    let freedom = larger.parameterCount - parameterCount
    let boundary =
      sameFixed ? Self.boundaryPValue(statistic, from: self, to: larger, freedom: freedom) : nil
    if sameFixed, boundary == nil {
      notes.append("A variance is tested at its boundary; the p-value is too large.")
    }
    return LikelihoodRatioTest(
      statistic: statistic, degreesOfFreedom: freedom,
      pValue: ChiSquareDistribution(degreesOfFreedom: Double(freedom)).upperTail(statistic),
      boundaryPValue: boundary, notes: notes)
  }

  /// Compares this model with another of the same rows, smaller or larger, which is fitted by the
  /// same method.
  ///
  /// The test holds if the smaller model is a special case of the larger.
  ///
  /// - Parameters:
  ///   - formula: The other model's.
  ///   - data: The data that this model was made from.
  ///   - weights: The name of its column of prior weights, if it had one.
  ///   - offset: The name of its offset, if it had one.
  /// - Throws: ``ModelError/unsupported(_:)`` when the rows differ or neither model is larger.
  public func likelihoodRatioTest(
    with formula: ModelFormula, data: ModelData, weights: String? = nil, offset: String? = nil
  ) throws(ModelError) -> (test: LikelihoodRatioTest, isLarger: Bool) {
    let lists = [formula.fixed] + formula.random.map(\.effects)
    let names = Set(lists.flatMap { $0.variables.map(\.description) })
    let other = try LinearMixedModel(
      formula, data: data, codings: tables.frame.codings.filter { names.contains($0.key) },
      weights: weights, offset: offset
    ).fit(method, degreesOfFreedom: .none)
    guard other.parameterCount != parameterCount else {
      throw .unsupported(
        "\(formula.source) has as many parameters as the model; compare by AIC instead")
    }
    let isLarger = other.parameterCount > parameterCount
    return (
      isLarger
        ? try likelihoodRatioTest(against: other) : try other.likelihoodRatioTest(against: self),
      isLarger
    )
  }

  /// The p-value of one more random effect, uncorrelated or correlated with all others of its term.
  private static func boundaryPValue(
    _ statistic: Double, from smaller: LinearMixedModelFit, to larger: LinearMixedModelFit,
    freedom: Int
  ) -> Double? {
    let before = smaller.varianceComponents.reduce(0) { $0 + $1.terms.count }
    let after = larger.varianceComponents.reduce(0) { $0 + $1.terms.count }
    guard after == before + 1 else { return nil }
    func tail(_ freedom: Int) -> Double {
      freedom == 0
        ? (statistic > 0 ? 0 : 1)
        : ChiSquareDistribution(degreesOfFreedom: Double(freedom)).upperTail(statistic)
    }
    return (tail(freedom - 1) + tail(freedom)) / 2
  }
}
