/// How the variance of the response divides between fixed effects, groups and residuals.
public struct VarianceShares: Hashable, Sendable, Codable {
  /// The variance of the fixed part over the rows used.
  public let fixed: Double
  /// The variance that each term of random effects adds to a row, in the mean over rows.
  public let random: [Double]
  /// The residual variance, in the mean over rows.
  public let residual: Double
  /// For each term, the rows that a row shares its group with, itself included, in the mean over
  /// rows: Σn²/n over the groups' sizes.
  let sharing: [Double]

  private var total: Double { fixed + random.reduce(0, +) + residual }
  /// R² of the fixed effects.
  public var marginal: Double { fixed / total }
  /// R² of fixed and random effects together.
  public var conditional: Double { (fixed + random.reduce(0, +)) / total }
  /// The share of the groups in what the fixed effects leave: the intraclass correlation.
  public var intraclassCorrelation: Double {
    let groups = random.reduce(0, +)
    return groups / (groups + residual)
  }

  /// How many times the variance of a mean over all rows is what independent rows would give it:
  /// 1 + Σ(m − 1)ρ, m the rows that share a group and ρ a term's share of the unexplained variance
  /// (Kish 1965, *Survey Sampling*, section 5.4). The rows divided by it are an effective number.
  public var designEffect: Double {
    let unexplained = random.reduce(0, +) + residual
    return 1 + zip(random, sharing).reduce(0) { $0 + ($1.1 - 1) * $1.0 / unexplained }
  }
}

extension LinearModelFit {
  /// The variance shares of Nakagawa & Schielzeth (2013), random slopes as by Johnson (2014).
  public func varianceShares() -> VarianceShares {
    let frame = tables.frame
    if let moments = frame.moments { return varianceShares(moments) }
    let deviations = residualCovariance.deviations(rowCount: frame.rowCount)
    return varianceShares(
      residual: sigma * sigma * dot(deviations, deviations) / Double(frame.rowCount))
  }

  /// The variance shares from the moments of the columns; with prior weights these are weighted.
  private func varianceShares(_ moments: FrameMoments) -> VarianceShares {
    let spread = moments.fixedCovariance.part(rows: tables.estimable, columns: tables.estimable)
    let random = zip(moments.randomSquares, varianceComponents).map { squares, component in
      dot(squares.elements, component.covariance.elements)
    }
    return VarianceShares(
      fixed: dot(estimates, spread * estimates), random: random, residual: sigma * sigma,
      sharing: moments.sharing)
  }
}

extension GeneralisedMixedModelFit {
  /// The shares of the variance of the latent response of a binomial model, whose residuals have the
  /// variance of the link's distribution: π²/3 of a logit, 1 of a probit (Nakagawa & Schielzeth
  /// 2013, table 2); `nil` for counts, whose residual variance on the scale of the logarithm depends
  /// on their mean.
  public func varianceShares() -> VarianceShares? {
    switch family {
    case .binomial(.logit): varianceShares(residual: Double.pi * Double.pi / 3)
    case .binomial(.probit): varianceShares(residual: 1)
    case .poisson, .negativeBinomial: nil
    }
  }
}

extension OrdinalMixedModelFit {
  /// The shares of the variance of the latent response, whose residuals have that of a logistic
  /// distribution, π²/3.
  public func varianceShares() -> VarianceShares {
    varianceShares(residual: Double.pi * Double.pi / 3)
  }
}

extension MixedModelFit {
  /// - Parameter residual: The residual variance, in the mean over rows.
  fileprivate func varianceShares(residual: Double) -> VarianceShares {
    let frame = tables.frame
    var fitted = [Double](repeating: 0, count: frame.rowCount)
    for (effect, column) in zip(fixedEffects, tables.estimable) {
      let values = frame.fixed.columns[column].values.array
      for row in fitted.indices { fitted[row] += effect.estimate * values[row] }
    }
    let count = Double(frame.rowCount)
    let mean = fitted.reduce(0, +) / count
    let squares = fitted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let random = zip(frame.random, varianceComponents).map { term, component in
      let columns = term.design.columns.map(\.values.array)
      var sum = 0.0
      for first in columns.indices {
        for second in columns.indices {
          sum += component.covariance[first, second] * dot(columns[first], columns[second])
        }
      }
      return sum / count
    }
    let sharing = frame.random.map { term in
      var sizes = [Double](repeating: 0, count: term.levels.count)
      for code in term.codes { sizes[Int(code)] += 1 }
      return dot(sizes, sizes) / count
    }
    return VarianceShares(
      fixed: squares / (count - 1), random: random, residual: residual, sharing: sharing)
  }
}
