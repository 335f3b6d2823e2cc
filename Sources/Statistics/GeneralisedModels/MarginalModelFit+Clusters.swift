import RealModule

/// What each cluster of rows adds to −2 log-likelihood at the optimum.
private struct ClusterShares {
  let name: String
  let names: [String]
  /// Positions of sorted rows, by cluster; clusters without rows are left out.
  let rows: [[Int]]
  /// The derivatives of each cluster's share by all parameters.
  let gradients: [[Double]]

  private let criteria: [MarginalCriterion]
  private let point: [Double]

  /// - Throws: ``ModelError/unsupported(_:)`` where grouping factors cross.
  init(_ likelihood: FittedLikelihood) throws(ModelError) {
    let design = likelihood.design
    guard let term = try MarginalClusters.outermost(design.frame) else {
      throw .unsupported("the model has no grouping factor whose levels could be clusters")
    }
    let all = likelihood.members(of: term)
    let occupied = all.indices.filter { !all[$0].isEmpty }
    name = term.groupName
    names = occupied.map { term.levels[$0] }
    rows = occupied.map { all[$0] }
    point = likelihood.optimum.point
    var criteria: [MarginalCriterion] = []
    var gradients: [[Double]] = []
    for cluster in occupied {
      let own = all[cluster]
      let criterion = try likelihood.criterion(
        of: design.rows.keeping(own), response: own.map { likelihood.response[$0] },
        weights: own.map { likelihood.weights[$0] })
      guard let value = criterion.evaluate(point) else {
        throw .numerical("the likelihood of a cluster is not defined at the optimum")
      }
      criteria.append(criterion)
      gradients.append(value.gradient)
    }
    self.criteria = criteria
    self.gradients = gradients
  }

  /// The Hessian of a cluster's share.
  func hessian(_ cluster: Int) -> Matrix? {
    MarginalSearch(criterion: criteria[cluster]).hessian(at: point)
  }
}

extension FittedLikelihood {
  /// Positions of sorted rows, by level of a random term's factor.
  fileprivate func members(of term: ModelFrame.Random) -> [[Int]] {
    var members = [[Int]](repeating: [], count: term.levels.count)
    for position in 0..<design.rows.count {
      members[Int(term.codes[design.rows.order.row(position)])].append(position)
    }
    return members
  }

  /// The covariance of the coefficients that belongs to one of the parameters.
  fileprivate func coefficientCovariance(_ covariance: Matrix) -> Matrix {
    let kept = Array(design.rows.thetaCount..<covariance.rows)
    let part = covariance.part(rows: kept, columns: kept)
    return (optimum.back * part * optimum.back.transposed).symmetrised
  }

  /// The covariance of the fixed effects.
  fileprivate var fixedCovariance: Matrix {
    let fixed = Array(0..<fixedCount)
    return optimum.covariance.part(rows: fixed, columns: fixed)
  }
}

extension MarginalModelFit {
  /// The cluster-robust covariance of the fixed effects, with tests.
  ///
  /// I⁻¹(Σ ss′)I⁻¹, s the derivatives of each cluster's log-likelihood by all parameters, variances
  /// among them, and I the observed information (White 1982; Liang & Zeger 1986; merDeriv's
  /// `sandwich`). It holds where random effects or rows within a cluster are not as the model says,
  /// but only as far as the coefficients still mean something: they remain those given the random
  /// effects. Tests take Student's t with one degree of freedom fewer than clusters (Cameron &
  /// Miller 2015).
  ///
  /// - Parameter correction: ``RobustCorrection/none`` or ``RobustCorrection/clusters``.
  /// - Throws: ``ModelError/unsupported(_:)`` for the other corrections, which are of linear models,
  ///   where grouping factors cross, or where there is one cluster.
  public func robustEffects(
    _ correction: RobustCorrection = .clusters
  ) throws(ModelError) -> RobustEffects {
    guard correction == .none || correction == .clusters else {
      throw .unsupported(
        "\(correction.rawValue) is for linear models; take CR0 or CR1 for generalised and ordinal ones"
      )
    }
    let likelihood = likelihood
    let shares = try ClusterShares(likelihood)
    let count = Double(shares.rows.count)
    guard count > 1 else {
      throw .unsupported("a robust covariance needs at least two clusters")
    }
    let bread = likelihood.optimum.pointCovariance
    var meat = Matrix(rows: bread.rows, columns: bread.rows)
    // −2 log-likelihood has twice the derivatives.
    for gradient in shares.gradients {
      meat += Matrix(rows: bread.rows, columns: bread.rows) {
        gradient[$0] * gradient[$1] / 4
      }
    }
    let scale = correction == .clusters ? count / (count - 1) : 1
    let fixed = Array(0..<likelihood.fixedCount)
    let covariance = likelihood.coefficientCovariance(scale * (bread * meat * bread))
      .part(rows: fixed, columns: fixed)
    return RobustEffects(
      correction: correction, clusterName: shares.name, clusters: shares.rows.count,
      fixedEffects: fixedEffects.enumerated().map { position, effect in
        .init(
          name: effect.name, estimate: effect.estimate,
          standardError: covariance[position, position].squareRoot(),
          degreesOfFreedom: count - 1, confidenceLevel: confidenceLevel)
      }, covariance: covariance)
  }

  /// The influence of each cluster of rows by one Newton step of all parameters from the optimum,
  /// the cluster's share of the likelihood and of its curvature taken off (Pregibon 1981, *Logistic
  /// regression diagnostics*).
  ///
  /// Leverage is the cluster's share of the information about the fixed effects; the sum over
  /// clusters is their number.
  ///
  /// - Throws: ``ModelError/unsupported(_:)`` where grouping factors cross.
  public func oneStepInfluence() throws(ModelError) -> [GroupInfluence] {
    let likelihood = likelihood
    let shares = try ClusterShares(likelihood)
    let covariance = likelihood.optimum.pointCovariance
    let variances = likelihood.design.rows.thetaCount
    guard let whole = Cholesky(covariance)?.inverse,
      let precision = Cholesky(likelihood.fixedCovariance)
    else { throw .numerical("the covariance of the estimates could not be inverted") }
    let estimates = fixedEffects.map(\.estimate)
    return shares.rows.indices.map { cluster in
      let own = shares.hessian(cluster)
      // The covariance is twice the inverse of the Hessian.
      let step = own.flatMap { Cholesky((2 * whole - $0).symmetrised) }?
        .solve(shares.gradients[cluster])
      let moved = step.map {
        Array((likelihood.optimum.back * Array($0[variances...])).prefix(estimates.count))
      }
      let share = own.map { 0.5 * (covariance * $0) }
      return GroupInfluence(
        level: shares.names[cluster], rows: shares.rows[cluster].count,
        leverage: share.map { share in
          (0..<estimates.count).reduce(0) { $0 + share[variances + $1, variances + $1] }
        } ?? .nan, precision: precision, estimates: estimates,
        left: moved.map { zip(estimates, $0).map(+) })
    }
  }

  /// The influence of each level of a grouping factor by refits without its rows, each from the
  /// optimum of the whole.
  ///
  /// - Parameter group: A grouping factor, by default the one that others are nested in or that has
  ///   fewest levels.
  /// - Throws: ``ModelError/unsupported(_:)`` for a factor that the model does not have.
  public func exactInfluence(of group: String? = nil) throws(ModelError) -> [GroupInfluence] {
    let likelihood = likelihood
    let rows = likelihood.design.rows
    let term = try tables.groupingFactor(group)
    guard let precision = Cholesky(likelihood.fixedCovariance) else {
      throw .numerical("the covariance of the fixed effects could not be inverted")
    }
    let estimates = fixedEffects.map(\.estimate)
    var found: [GroupInfluence] = []
    for (level, members) in zip(term.levels, likelihood.members(of: term))
    where !members.isEmpty {
      let gone = Set(members)
      let kept = (0..<rows.count).filter { !gone.contains($0) }
      let left = rows.keeping(kept)
      // An effect that only these rows tell of has no estimate without them.
      var refit: FittedLikelihood.Refit?
      if left.hasIndependentColumns {
        refit = try likelihood.refit(
          left, response: kept.map { likelihood.response[$0] },
          weights: kept.map { likelihood.weights[$0] })
      }
      found.append(
        GroupInfluence(
          level: level, rows: members.count, leverage: .nan, precision: precision,
          estimates: estimates,
          left: refit.map {
            Array(likelihood.coefficients($0.point).prefix(estimates.count))
          }))
    }
    return found
  }
}

extension GeneralisedRows {
  /// Whether each fixed column says something that the others do not.
  fileprivate var hasIndependentColumns: Bool {
    let gram = Matrix(rows: fixed.count, columns: fixed.count) { dot(fixed[$0], fixed[$1]) }
    return ProductBuilder.independentColumns(of: gram, count: fixed.count).count == fixed.count
  }
}
