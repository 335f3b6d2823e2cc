extension LinearMixedModelFit {
  /// The estimates of the fixed effects, in the order of `fixedEffects`.
  public var estimates: [Double] { fixedEffects.map(\.estimate) }

  /// The estimate, test and interval of a combination of fixed effects.
  ///
  /// - Parameter weights: One for each of `fixedEffects`.
  public func contrast(_ weights: [Double], name: String) -> FixedEffect {
    FixedEffect(
      name: name, estimate: dot(weights, estimates),
      standardError: inference.covariance.quadratic(weights).squareRoot(),
      degreesOfFreedom: inference.degreesOfFreedom(weights), confidenceLevel: confidenceLevel)
  }

  /// The test that several combinations of fixed effects are all 0.
  ///
  /// - Parameter contrasts: One combination a row, one column for each of `fixedEffects`.
  /// - Returns: `nil` when no combination says anything.
  public func test(_ contrasts: Matrix) -> FTest? {
    inference.test(contrasts, of: estimates)
  }
}
