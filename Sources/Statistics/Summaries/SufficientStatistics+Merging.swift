extension SufficientStatistics {
  /// Adds the rows of another summary. A group that is in both becomes one.
  ///
  /// - Throws: ``ModelError/summary(_:)`` that says in what the two are not alike; nothing is added
  ///   then.
  public mutating func merge(_ other: SufficientStatistics) throws(ModelError) {
    if let difference = design.difference(from: other.design) { throw .summary(difference) }
    guard covariates.map(\.name) == other.covariates.map(\.name) else {
      throw .summary("the summaries are made of other columns of numbers")
    }
    let (own, theirs) = (Double(observations), Double(other.observations))
    meanOffset = pooledMean(meanOffset, own, other.meanOffset, theirs)
    for (position, added) in other.covariates.enumerated() {
      covariates[position].mean = pooledMean(covariates[position].mean, own, added.mean, theirs)
      covariates[position].least = min(covariates[position].least, added.least)
      covariates[position].greatest = max(covariates[position].greatest, added.greatest)
    }
    cells = cells.merged(with: other.cells)
    total.add(other.total)
    var counts: [String: Int] = [:]
    for count in missing + other.missing { counts[count.name, default: 0] += count.rows }
    missing = counts.keys.sorted().map { MissingCount(name: $0, rows: counts[$0] ?? 0) }
    excludedRows += other.excludedRows
    logWeights += other.logWeights
  }
}

extension SufficientStatistics {
  /// The groups that are in another summary too, by grouping factor.
  public func sharedGroups(
    with other: SufficientStatistics
  ) -> [(factor: String, levels: [String])] {
    design.groupNames.enumerated().map { position, factor in
      let own = Set(cells.keys.map { $0[position] })
      let theirs = Set(
        other.design.groupNames.firstIndex(of: factor).map { place in
          other.cells.keys.map { $0[place] }
        } ?? [])
      return (factor, ModelData.Column.levelOrder(own.intersection(theirs)))
    }
  }

  /// The same rows with `site/` before the names of the groups of some factors, for sites that
  /// each number their own.
  public func naming(groupsOf factors: Set<String>, after site: String) -> SufficientStatistics {
    var named = self
    for (position, factor) in design.groupNames.enumerated() where factors.contains(factor) {
      for cell in named.cells.keys.indices {
        named.cells.keys[cell][position] = "\(site)/\(named.cells.keys[cell][position])"
      }
    }
    named.cells = named.cells.sorted()
    return named
  }
}

extension SufficientStatistics {
  /// The summary that the same rows give with fewer random effects.
  ///
  /// - Parameter formula: One with the same response and fixed effects.
  /// - Returns: `nil` where it has columns that are not kept here, as all levels of a factor are not
  ///   where contrasts of them are.
  func reduced(to formula: ModelFormula) throws(ModelError) -> SufficientStatistics? {
    let smaller = try SummaryDesign(
      formula, codings: design.codings, constants: design.constants, weights: design.weights,
      offset: design.offset)
    let columns = smaller.columns.compactMap { design.columns.firstIndex(of: $0) }
    let factors = smaller.groupNames.compactMap { design.groupNames.firstIndex(of: $0) }
    guard columns.count == smaller.columns.count, factors.count == smaller.groupNames.count,
      smaller.spread.allSatisfy({ design.spread.contains(columns[$0]) })
    else { return nil }
    return SufficientStatistics(
      design: smaller,
      cells: cells.selecting(columns: columns, spread: smaller.spread, factors: factors),
      total: Moments(
        rows: total.rows, weight: total.weight, means: columns.map { total.means[$0] },
        products: columns.indices.flatMap { row in
          (0...row).map { total.products[packed(columns[row], columns[$0])] }
        }),
      missing: missing, excludedRows: excludedRows, logWeights: logWeights,
      covariates: covariates, meanOffset: meanOffset)
  }
}

extension SummaryDesign {
  /// In what rows are coded otherwise in another design, in words; `nil` where they are alike.
  func difference(from other: SummaryDesign) -> String? {
    let (own, theirs) = (formula.meaning, other.formula.meaning)
    guard own == theirs else {
      return "summaries of different formulas cannot be merged: \(own), and \(theirs)"
    }
    if let difference = Self.difference("column of weights", weights, other.weights) {
      return difference
    }
    if let difference = Self.difference("offset", offset, other.offset) { return difference }
    for name in Set(codings.keys).union(other.codings.keys).sorted() {
      let (own, theirs) = (codings[name] ?? .treatment, other.codings[name] ?? .treatment)
      guard own == theirs else {
        return "the contrasts of ‘\(name)’ are \(own) in one summary and \(theirs) in another"
      }
    }
    for name in Set(constants.keys).union(other.constants.keys).sorted() {
      guard let own = constants[name], let theirs = other.constants[name] else {
        return "‘\(name)’ is a factor in one summary and a number in another"
      }
      if let difference = Self.difference(name, own, theirs) { return difference }
    }
    return nil
  }

  private static func difference(_ what: String, _ own: String?, _ theirs: String?) -> String? {
    guard own != theirs else { return nil }
    return "the \(what) is \(own.map { "‘\($0)’" } ?? "not given") in one summary and "
      + "\(theirs.map { "‘\($0)’" } ?? "not given") in another"
  }

  private static func difference(
    _ name: String, _ own: VariableConstants, _ theirs: VariableConstants
  ) -> String? {
    guard own != theirs else { return nil }
    if case .levels(let first) = own, case .levels(let second) = theirs {
      return "the levels of ‘\(name)’ are \(listed(first)) in one summary and \(listed(second)) in "
        + "another; give all of them, in one order, when each is made"
    }
    return "‘\(name)’ is centred and scaled by other rows in each summary; write it with numbers "
      + "that all share, as in I((time - 12) / 4) or poly(time, 2, raw = TRUE)"
  }
}
