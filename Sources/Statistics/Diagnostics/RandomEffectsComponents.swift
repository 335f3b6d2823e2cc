/// The principal components of the random effects of one grouping factor: how many directions vary.
public struct RandomEffectsComponents: Hashable, Sendable, Codable {
  /// The grouping factor.
  public let group: String
  /// The random effects of all its terms.
  public let terms: [String]
  /// The standard deviation of each component, largest first, in units of the response.
  public let standardDeviations: [Double]
  /// The components' loadings: one row for each of `terms`, one column a component.
  public let loadings: Matrix

  /// Each component's share of the random effects' variance.
  public var shares: [Double] {
    let total = dot(standardDeviations, standardDeviations)
    return standardDeviations.map { $0 * $0 / total }
  }
}

extension MixedModelFit {
  /// The principal components of the estimated covariance of the random effects, by grouping factor
  /// (Bates, Kliegl, Vasishth & Baayen 2015, *Parsimonious mixed models*; lme4's `rePCA`, which gives
  /// standard deviations over σ).
  ///
  /// They depend on the columns' units: a component without variance does not.
  public func randomEffectsComponents() -> [RandomEffectsComponents] {
    var names: [String] = []
    for component in varianceComponents where !names.contains(component.group) {
      names.append(component.group)
    }
    return names.compactMap { name in
      let own = varianceComponents.filter { $0.group == name }
      let terms = own.flatMap(\.terms)
      var covariance = Matrix(rows: terms.count, columns: terms.count)
      var first = 0
      for component in own {
        for row in component.terms.indices {
          for column in component.terms.indices {
            covariance[first + row, first + column] = component.covariance[row, column]
          }
        }
        first += component.terms.count
      }
      guard let eigen = SymmetricEigen(covariance) else { return nil }
      // The eigenvalues of a vanished direction are rounding, of either sign.
      let floor = (eigen.values.first ?? 0) * 1e-14
      return RandomEffectsComponents(
        group: name, terms: terms,
        standardDeviations: eigen.values.map { $0 > floor ? $0.squareRoot() : 0 },
        loadings: eigen.vectors)
    }
  }
}
