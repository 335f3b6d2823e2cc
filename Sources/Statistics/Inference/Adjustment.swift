/// How p-values of several comparisons are adjusted for their number.
public enum Adjustment: String, Hashable, Sendable, Codable, CaseIterable {
  /// Not at all.
  case none
  /// By the studentised range, for all pairs of a set of means.
  case tukey
  /// Step-down Bonferroni (Holm 1979): the chance of any false finding.
  case holm
  /// Step-up false discovery rate (Benjamini & Hochberg 1995).
  case benjaminiHochberg = "bh"
}

extension Adjustment {
  /// The adjusted p-values of a family of tests of any kind, in the order given; nil for Tukey's
  /// method, which needs the means compared.
  public func adjusted(_ pValues: [Double]) -> [Double]? {
    switch self {
    case .none: pValues
    case .tukey: nil
    case .holm, .benjaminiHochberg: stepwise(pValues)
    }
  }

  /// The same where some have no test: those are no members of the family, and stay nil.
  public func adjusted(_ pValues: [Double?]) -> [Double?]? {
    guard var values = adjusted(pValues.compactMap(\.self))?[...] else { return nil }
    return pValues.map { $0 == nil ? nil : values.removeFirst() }
  }

  /// The adjusted p-values, in the order given.
  ///
  /// - Parameters:
  ///   - statistics: The t of each comparison, for Tukey.
  ///   - freedoms: Its degrees of freedom, infinite for the normal.
  ///   - means: How many means are compared, for Tukey.
  func adjust(
    _ pValues: [Double], statistics: [Double], freedoms: [Double], means: Int
  ) -> [Double] {
    switch self {
    case .none: return pValues
    case .tukey:
      return zip(statistics, freedoms).map { statistic, freedom in
        StudentisedRange(means: means, degreesOfFreedom: freedom)
          .upperTail(abs(statistic) * 2.0.squareRoot())
      }
    case .holm, .benjaminiHochberg: return stepwise(pValues)
    }
  }

  /// How many standard errors the interval of one of several comparisons reaches to either side, by
  /// its degrees of freedom.
  ///
  /// Stepwise adjustments have no intervals of their own; Bonferroni's are given, which hold at once.
  func reach(
    level: Double, comparisons: Int, means: Int
  ) -> (_ freedom: Double) -> Double {
    // Means differ in their errors but seldom in their degrees of freedom.
    var known: [Double: Double] = [:]
    return { freedom in
      if let reach = known[freedom] { return reach }
      let reach =
        switch self {
        case .tukey where means > 1:
          StudentisedRange(means: means, degreesOfFreedom: freedom).quantile(level)
            / 2.0.squareRoot()
        case .none, .tukey:
          StudentDistribution(degreesOfFreedom: freedom).quantile((1 + level) / 2)
        case .holm, .benjaminiHochberg:
          StudentDistribution(degreesOfFreedom: freedom).quantile(
            1 - (1 - level) / 2 / Double(max(1, comparisons)))
        }
      known[freedom] = reach
      return reach
    }
  }

  private func stepwise(_ pValues: [Double]) -> [Double] {
    let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
    let count = Double(pValues.count)
    var adjusted = pValues
    if self == .holm {
      var largest = 0.0
      for (rank, position) in order.enumerated() {
        largest = max(largest, min(1, (count - Double(rank)) * pValues[position]))
        adjusted[position] = largest
      }
    } else {
      var least = 1.0
      for (rank, position) in order.enumerated().reversed() {
        least = min(least, count / Double(rank + 1) * pValues[position])
        adjusted[position] = least
      }
    }
    return adjusted
  }
}
