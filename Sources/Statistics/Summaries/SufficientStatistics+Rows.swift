extension SufficientStatistics {
  /// Sums up rows.
  ///
  /// Factors keep all the levels that the data name for them, whether rows have them or not, so that
  /// a site that lacks an arm can be merged with one that has it.
  ///
  /// - Parameters:
  ///   - formula: With one or more grouping factors, nested or crossed. `scale` and orthogonal
  ///     `poly` look at these rows; summaries that are to be merged need them centred alike, so
  ///     write `I((time - 12) / 4)` or `poly(time, 2, raw = TRUE)` there.
  ///   - codings: Contrasts by factor; treatment coding where none is given.
  ///   - weights: The name of a column of positive prior weights.
  ///   - offset: The name of a column that is added to the linear predictor as it is.
  /// - Throws: A ``ModelError`` that says what the data or the formula lack.
  public init(
    _ formula: ModelFormula, data: ModelData, codings: [String: Coding] = [:],
    weights: String? = nil, offset: String? = nil
  ) throws(ModelError) {
    var known: [String: VariableConstants] = [:]
    for list in [formula.fixed] + formula.random.map(\.effects) {
      for node in list.variables {
        guard case .name(let name) = node.kind, case .factor(let levels, _) = data[name] else {
          continue
        }
        known[name] = .levels(levels)
      }
    }
    try self.init(
      formula, data: data, codings: codings, weights: weights, offset: offset, known: known)
  }

  /// Adds rows, coded like those already here: with their levels of factors, and centred alike.
  ///
  /// - Throws: A ``ModelError``; nothing is added then.
  public mutating func add(_ data: ModelData) throws(ModelError) {
    for (name, constants) in design.constants {
      guard case .levels(let known) = constants, case .factor(let levels, let codes) = data[name]
      else { continue }
      for (row, code) in codes.enumerated() where code >= 0 && !known.contains(levels[Int(code)]) {
        throw .summary(
          "row \(row + 1) has the level ‘\(levels[Int(code)])’ of ‘\(name)’, which the summary does "
            + "not know (it has \(listed(known))); make it again with all levels")
      }
    }
    try merge(
      SufficientStatistics(
        formula, data: data, codings: design.codings, weights: design.weights,
        offset: design.offset, known: design.constants))
  }

  private init(
    _ formula: ModelFormula, data: ModelData, codings: [String: Coding], weights: String?,
    offset: String?, known: [String: VariableConstants]
  ) throws(ModelError) {
    guard !formula.random.isEmpty else { throw .noRandomTerm }
    guard !formula.looksAtPersons else {
      throw .summary(
        "within, between, lag and lead look at all rows of a person, which may be in several "
          + "summaries; make columns of them first")
    }
    let frame = try ModelFrame(
      formula, data: data, codings: codings, weights: weights, offset: offset, known: known,
      keepsOrder: true)
    let design = try SummaryDesign(
      formula, codings: frame.codings, constants: frame.constants, weights: weights, offset: offset)
    self.design = design
    let (keys, codes) = try Self.cells(frame, design)
    (cells, total) = Self.moments(frame, design, keys: keys, codes: codes)
    missing = frame.missing.sorted { $0.name < $1.name }
    excludedRows = frame.excludedRows
    logWeights = frame.logWeights
    covariates = try ReferenceGrid.columns(
      formula, data: data, rows: frame.rows, constants: frame.constants
    ).covariates.sorted { $0.name < $1.name }
    meanOffset = frame.meanOffset
  }

  /// The combinations of levels that occur, and the one of each row.
  private static func cells(
    _ frame: ModelFrame, _ design: SummaryDesign
  ) throws(ModelError) -> (keys: [[String]], codes: [Int32]) {
    var keys: [[String]] = [[]]
    var codes = [Int32](repeating: 0, count: frame.rowCount)
    for factor in design.groupNames.indices {
      guard let position = design.factors.firstIndex(of: factor) else { continue }
      let term = frame.random[position]
      guard Set(term.levels).count == term.levels.count else {
        throw .summary("two levels of ‘\(term.groupName)’ have the same name")
      }
      if factor == 0 {
        keys = term.levels.map { [$0] }
        codes = term.codes
        continue
      }
      var found: [Int: Int32] = [:]
      var joint: [[String]] = []
      for row in codes.indices {
        let pair = Int(codes[row]) * term.levels.count + Int(term.codes[row])
        if let known = found[pair] {
          codes[row] = known
        } else {
          joint.append(keys[Int(codes[row])] + [term.levels[Int(term.codes[row])]])
          let code = Int32(joint.count - 1)
          found[pair] = code
          codes[row] = code
        }
      }
      keys = joint
    }
    return (keys, codes)
  }

  /// The sums of each cell, and of all.
  private static func moments(
    _ frame: ModelFrame, _ design: SummaryDesign, keys: [[String]], codes: [Int32]
  ) -> (cells: CellMoments, total: Moments) {
    var columns = [[Double]](repeating: [], count: design.columns.count)
    columns[design.responsePlace] =
      frame.offset.map { zip(frame.response, $0).map(-) } ?? frame.response
    let designs = [frame.fixed] + frame.random.map(\.design)
    for (places, made) in zip([design.fixedPlaces] + design.randomPlaces, designs) {
      for (place, column) in zip(places, made.columns) {
        if let place { columns[place] = column.values.array }
      }
    }
    let order = RowOrder(codes: codes, groups: keys.count)
    var cells = CellMoments(width: columns.count, spread: design.spread)
    var sums = CellSums(columns: columns, weights: frame.weights)
    var total = Moments(rows: 0, weight: 0, means: [], products: [])
    for (cell, key) in keys.enumerated() where order.starts[cell] < order.starts[cell + 1] {
      sums.take((order.starts[cell]..<order.starts[cell + 1]).map(order.row))
      cells.append(sums.moments, key: key)
      total.add(sums.moments)
    }
    return (cells.sorted(), total)
  }
}

/// Sums up the rows of one cell after another, in memory that is allocated once.
private struct CellSums {
  let columns: [[Double]]
  let weights: [Double]?
  private(set) var moments = Moments(rows: 0, weight: 0, means: [], products: [])
  private var deviations: [Double] = []
  private var leftovers: [Double]

  init(columns: [[Double]], weights: [Double]?) {
    self.columns = columns
    self.weights = weights
    moments.means = [Double](repeating: 0, count: columns.count)
    moments.products = [Double](repeating: 0, count: columns.count * (columns.count + 1) / 2)
    leftovers = moments.means
  }

  /// Two passes, the second corrected for what rounding leaves of the first (Chan et al. 1983), each
  /// from the first row's values, so that a column that does not vary has a deviation of 0.
  mutating func take(_ rows: [Int]) {
    let width = columns.count
    moments.rows = rows.count
    moments.weight =
      weights.map { weights in rows.reduce(0) { $0 + weights[$1] } }
      ?? Double(rows.count)
    deviations.removeAll(keepingCapacity: true)
    for column in 0..<width {
      let first = columns[column][rows[0]]
      var sum = 0.0
      for row in rows { sum += (weights?[row] ?? 1) * (columns[column][row] - first) }
      let mean = first + sum / moments.weight
      moments.means[column] = mean
      var left = 0.0
      for row in rows {
        let deviation = columns[column][row] - mean
        left += (weights?[row] ?? 1) * deviation
        deviations.append(deviation)
      }
      leftovers[column] = left
    }
    for row in 0..<width {
      for column in 0...row {
        var sum = 0.0
        for (position, place) in rows.enumerated() {
          sum +=
            (weights?[place] ?? 1) * deviations[row * rows.count + position]
            * deviations[column * rows.count + position]
        }
        moments.products[packed(row, column)] =
          sum - leftovers[row] * leftovers[column] / moments.weight
      }
    }
  }
}

/// Names in a sentence.
func listed(_ names: [String]) -> String { names.joined(separator: ", ") }
