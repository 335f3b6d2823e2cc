/// How the estimates hang on one group of rows, a participant's for instance.
public struct GroupInfluence: Hashable, Sendable, Codable {
  /// The level of the grouping factor.
  public let level: String
  /// Its rows.
  public let rows: Int
  /// Its share of the fixed effects' degrees of freedom, tr(X(X′V⁻¹X)⁻¹X′V⁻¹) over its rows; the sum
  /// over groups is the number of fixed effects. NaN where grouping factors cross, and for refits of
  /// generalised and ordinal models.
  public let leverage: Double
  /// Cook's distance: (b − b₍ᵢ₎)′Cov(b)⁻¹(b − b₍ᵢ₎) over the number of fixed effects.
  public let cooksDistance: Double
  /// The fixed effects without the group; all NaN where one cannot be estimated without it.
  public let estimates: [Double]
  /// The residual standard deviation without the group; that of the fit for one-step influence; NaN
  /// where the model has none.
  public let sigma: Double
}

/// How the estimates without a group are found.
public enum InfluenceMethod: String, Hashable, Sendable, Codable, CaseIterable {
  /// A refit without the group, variances and all.
  case exact
  /// The fixed effects without the group, the variances left as they are.
  case oneStep = "one-step"
}

extension LinearModelFit {
  /// The influence of each cluster of rows at the estimated variances: the coefficients without a
  /// cluster are exact given those variances (Christensen, Pearson & Johnson 1992).
  ///
  /// - Throws: ``ModelError/unsupported(_:)`` where grouping factors cross.
  public func oneStepInfluence() throws(ModelError) -> [GroupInfluence] {
    let clusters = try MarginalClusters(self)
    let count = estimates.count
    var information = Matrix(rows: count, columns: count)
    var shares: [(information: Matrix, score: [Double])] = []
    for cluster in clusters.rows.indices {
      guard let factor = Cholesky(clusters.covariance(cluster)) else {
        throw .numerical("the covariance of a cluster could not be inverted")
      }
      let half = factor.lowerSolved(clusters.design(cluster))
      let own = half.transposed * half
      shares.append(
        (own, half.transposed * factor.solveLower(clusters.deviations(cluster))))
      information += own
    }
    guard let whole = Cholesky(information) else {
      throw .numerical("the fixed effects could not be separated")
    }
    let bread = whole.inverse
    return clusters.rows.indices.filter { !clusters.rows[$0].isEmpty }.map { cluster in
      let (own, score) = shares[cluster]
      // Without the cluster the normal equations of y − Xb, which sum to 0, lack its score.
      let left = (information - own).symmetrised
      let isWhole = ProductBuilder.independentColumns(of: left, count: count).count == count
      let moved = isWhole ? Cholesky(left)?.solve(score.map { -$0 }) : nil
      return GroupInfluence(
        level: clusters.names[cluster], rows: clusters.rows[cluster].count,
        leverage: bread.inner(own),
        cooksDistance: moved.map { information.quadratic($0) / Double(count) } ?? .nan,
        estimates: moved.map { zip(estimates, clusters.back * $0).map(+) }
          ?? [Double](repeating: .nan, count: count),
        sigma: sigma)
    }
  }
}

extension LinearMixedModelFit {
  /// The influence of each level of a grouping factor by refits without its rows, each from the
  /// optimum of the whole.
  ///
  /// - Parameter group: A grouping factor, by default the one that others are nested in or that has
  ///   fewest levels.
  /// - Throws: ``ModelError/unsupported(_:)`` for a factor that the model does not have.
  public func exactInfluence(of group: String? = nil) throws(ModelError) -> [GroupInfluence] {
    try tables.requireRows()
    let term = try tables.groupingFactor(group)
    let refit = DeletionRefit(self)
    guard let precision = Cholesky(tables.inference.uncorrected) else {
      throw .numerical("the covariance of the fixed effects could not be inverted")
    }
    let leverages = try? oneStepInfluence().map { ($0.level, $0.leverage) }
    let byLevel = Dictionary(leverages ?? []) { first, _ in first }
    var rows = [[Int]](repeating: [], count: term.levels.count)
    for (row, code) in term.codes.enumerated() { rows[Int(code)].append(row) }
    return zip(term.levels, rows).compactMap { level, rows in
      guard !rows.isEmpty else { return nil }
      let left = refit.without(rows)
      return GroupInfluence(
        level: level, rows: rows.count, leverage: byLevel[level] ?? .nan, precision: precision,
        estimates: estimates, left: left?.estimates, sigma: left?.sigma ?? .nan)
    }
  }
}

extension GroupInfluence {
  /// The influence of a group by a refit without it: Cook's distance from what the estimates become.
  ///
  /// - Parameters:
  ///   - precision: The factor of the covariance of the estimates.
  ///   - left: The estimates without the group, if there are any.
  init(
    level: String, rows: Int, leverage: Double, precision: Cholesky, estimates: [Double],
    left: [Double]?, sigma: Double = .nan
  ) {
    let distance = left.map { left -> Double in
      let half = precision.solveLower(zip(estimates, left).map(-))
      return dot(half, half) / Double(half.count)
    }
    self.init(
      level: level, rows: rows, leverage: leverage, cooksDistance: distance ?? .nan,
      estimates: left ?? [Double](repeating: .nan, count: estimates.count), sigma: sigma)
  }
}

extension FitTables {
  /// A grouping factor by its name, or the one with fewest levels.
  ///
  /// `id:site` and `site:id` name the same factor, and so does `id` where it occurs in no other.
  func groupingFactor(_ name: String?) throws(ModelError) -> ModelFrame.Random {
    guard let name else {
      guard let fewest = frame.random.min(by: { $0.levels.count < $1.levels.count }) else {
        throw .unsupported("the model has no grouping factor")
      }
      return fewest
    }
    func parts(_ name: String) -> Set<Substring> { Set(name.split(separator: ":")) }
    let asked = parts(name)
    if let exact = frame.random.first(where: { parts($0.groupName) == asked }) { return exact }
    let holders = frame.random.filter { parts($0.groupName).isSuperset(of: asked) }
    guard let found = holders.first, !asked.isEmpty,
      holders.allSatisfy({ $0.groupName == found.groupName })
    else {
      let known = frame.random.map { "‘\($0.groupName)’" }
        .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      throw .unsupported(
        "the model has no grouping factor ‘\(name)’; it has \(known.joined(separator: ", "))")
    }
    return found
  }
}

/// Fits a model again without some of its rows.
///
/// With one grouping factor the rows' cross-products are taken off the whole; with several the pass
/// over the rows is made again.
private struct DeletionRefit {
  private let model: LinearMixedModel
  private let method: EstimationMethod
  private let theta: [Double]
  private let rows: ModelRows
  private let pilot: [Double]?
  private let columns: [Int]
  private let scales: BackTransform

  init(_ fit: LinearMixedModelFit) {
    model = fit.model
    method = fit.method
    theta = fit.optimum.theta
    let frame = fit.tables.frame
    rows = ModelRows(
      frame, response: frame.offset.map { zip(frame.response, $0).map(-) } ?? frame.response,
      standardisation: model.standardisation, layout: model.layout, threads: 1)
    let fixed = frame.fixed.columns.count
    pilot = model.pilot.map { coefficients in
      var spread = [Double](repeating: 0, count: fixed)
      for (column, value) in zip(fit.tables.estimable, coefficients) { spread[column] = value }
      return spread
    }
    columns = fit.tables.estimable + [fixed]
    scales = BackTransform(model)
  }

  /// - Returns: `nil` when no optimum is found without them.
  func without(_ left: [Int]) -> (estimates: [Double], sigma: Double)? {
    let products: ModelProducts
    if model.products.crossings == nil {
      products = ModelProducts(
        main: model.products.main.subtracting(
          rows.keeping(left).products(pilot: pilot).keeping(columns: columns).main),
        crossings: nil)
    } else {
      let gone = Set(left)
      products = rows.keeping((0..<model.frame.rowCount).filter { !gone.contains($0) })
        .products(pilot: pilot).keeping(columns: columns)
    }
    // An effect that only these rows tell of is left with rounding.
    let fixed = products.width - 1
    guard ProductBuilder.independentColumns(of: products.total, count: fixed).count == fixed else {
      return nil
    }
    let criterion = products.criterion(model.layout, method)
    guard let found = model.search(criterion).minimum(from: theta), found.record.converged,
      let value = criterion.evaluate(found.point, withGradient: false)
    else { return nil }
    return (
      scales.coefficients(value.coefficients),
      scales.responseScale * (value.penalisedSum / criterion.divisor).squareRoot()
    )
  }
}

extension GroupProducts {
  /// The products without some rows, from theirs.
  fileprivate func subtracting(_ other: GroupProducts) -> GroupProducts {
    var left = self
    left.total = total - other.total
    for group in 0..<groups where other.counts[group] > 0 {
      left.counts[group] -= other.counts[group]
      // What is left of a whole group is 0, not rounding.
      let isGone = left.counts[group] == 0
      for entry in (group * gramSize)..<((group + 1) * gramSize) {
        left.gram[entry] = isGone ? 0 : gram[entry] - other.gram[entry]
      }
      for entry in (group * crossSize)..<((group + 1) * crossSize) {
        left.cross[entry] = isGone ? 0 : cross[entry] - other.cross[entry]
      }
    }
    return left
  }
}

extension ModelRows {
  /// Some of the rows; the groups keep their numbers.
  fileprivate func keeping(_ kept: [Int]) -> ModelRows {
    func part(_ source: RowPass.Source) -> RowPass.Source {
      .init(
        values: ColumnValues(kept.map { source.values[$0] }), scaling: source.scaling,
        meaning: source.meaning)
    }
    return ModelRows(
      factors: factors.map { factor in
        .init(
          codes: kept.map { factor.codes[$0] }, levels: factor.levels,
          columns: factor.columns.map(part))
      }, fixed: fixed.map(part), weights: weights.map { all in kept.map { all[$0] } }, threads: 1)
  }
}
