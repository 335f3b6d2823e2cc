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
    return LikelihoodRatioTest(
      statistic: 2 * (second.logLikelihood - first.logLikelihood), from: tables,
      to: larger.tables, notes: notes)
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
    let other = try LinearMixedModel(
      formula, data: data, codings: tables.codings(for: formula),
      weights: weights, offset: offset
    ).fit(method, degreesOfFreedom: .none)
    try tables.requireOtherSize(other.tables)
    let isLarger = other.parameterCount > parameterCount
    return (
      isLarger
        ? try likelihoodRatioTest(against: other) : try other.likelihoodRatioTest(against: self),
      isLarger
    )
  }
}

extension GeneralisedMixedModelFit {
  /// Compares this model with another of the same rows and family, smaller or larger, as
  /// ``LinearMixedModelFit/likelihoodRatioTest(with:data:weights:offset:)`` does.
  public func likelihoodRatioTest(
    with formula: ModelFormula, data: ModelData, weights: String? = nil, offset: String? = nil
  ) throws(ModelError) -> (test: LikelihoodRatioTest, isLarger: Bool) {
    let other = try GeneralisedMixedModel(
      formula, data: data, family: family, codings: tables.codings(for: formula),
      weights: weights, offset: offset
    ).fit(quadraturePoints: quadraturePoints, curvature: curvature)
    guard model.response.values == other.model.response.values else {
      throw .unsupported("models of different rows or responses cannot be compared")
    }
    return try tables.likelihoodRatioTest(
      with: other.tables, gain: other.fullLogLikelihood - fullLogLikelihood)
  }
}

extension OrdinalMixedModelFit {
  /// Compares this model with another of the same rows, smaller or larger, as
  /// ``LinearMixedModelFit/likelihoodRatioTest(with:data:weights:offset:)`` does.
  public func likelihoodRatioTest(
    with formula: ModelFormula, data: ModelData, weights: String? = nil, offset: String? = nil
  ) throws(ModelError) -> (test: LikelihoodRatioTest, isLarger: Bool) {
    let other = try OrdinalMixedModel(
      formula, data: data, codings: tables.codings(for: formula), weights: weights,
      offset: offset
    ).fit(quadraturePoints: quadraturePoints)
    guard model.codes == other.model.codes, categories == other.categories else {
      throw .unsupported("models of different rows or responses cannot be compared")
    }
    return try tables.likelihoodRatioTest(
      with: other.tables, gain: other.logLikelihood - logLikelihood)
  }
}

extension FitTables {
  /// The codings of the factors that another formula has too.
  func codings(for formula: ModelFormula) -> [String: Coding] {
    let lists = [formula.fixed] + formula.random.map(\.effects)
    let names = Set(lists.flatMap { $0.variables.map(\.description) })
    return frame.codings.filter { names.contains($0.key) }
  }

  fileprivate func requireOtherSize(_ other: FitTables) throws(ModelError) {
    guard other.parameterCount != parameterCount else {
      throw .unsupported(
        "\(other.formula.source) has as many parameters as the model; compare by AIC instead")
    }
  }

  /// - Parameter gain: What the other's log-likelihood has more.
  fileprivate func likelihoodRatioTest(
    with other: FitTables, gain: Double
  ) throws(ModelError) -> (test: LikelihoodRatioTest, isLarger: Bool) {
    try requireOtherSize(other)
    let isLarger = other.parameterCount > parameterCount
    let test =
      isLarger
      ? LikelihoodRatioTest(statistic: 2 * gain, from: self, to: other)
      : LikelihoodRatioTest(statistic: -2 * gain, from: other, to: self)
    return (test, isLarger)
  }
}

extension LikelihoodRatioTest {
  /// - Parameters:
  ///   - statistic: Twice the difference of the log-likelihoods; below 0 it is rounding.
  ///   - smaller: The model with fewer parameters.
  ///   - larger: The other.
  fileprivate init(
    statistic: Double, from smaller: FitTables, to larger: FitTables, notes: [String] = []
  ) {
    let statistic = max(0, statistic)
    let freedom = larger.parameterCount - smaller.parameterCount
    let sameFixed = smaller.fixedEffects.map(\.name) == larger.fixedEffects.map(\.name)
    let boundary =
      sameFixed
      ? Self.boundaryPValue(statistic, from: smaller, to: larger, freedom: freedom) : nil
    self.statistic = statistic
    degreesOfFreedom = freedom
    pValue = ChiSquareDistribution(degreesOfFreedom: Double(freedom)).upperTail(statistic)
    boundaryPValue = boundary
    self.notes =
      sameFixed && boundary == nil
      ? notes + ["A variance is tested at its boundary; the p-value is too large."] : notes
  }

  /// The p-value of one more random effect, uncorrelated or correlated with all others of its term.
  private static func boundaryPValue(
    _ statistic: Double, from smaller: FitTables, to larger: FitTables,
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
