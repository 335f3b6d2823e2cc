/// The rows of a model in the order that its residual structure reads them: by group, block, time.
struct ResidualFrame: Sendable {
  /// The row of the model at each position.
  let rows: [Int]
  /// The first position of each group of the random terms; one more entry than groups. A model
  /// without random terms has a single group.
  let groupStarts: [Int]
  /// The first position of each block within which residuals are related; one more than blocks.
  let blockStarts: [Int]
  /// The time at each position, or the wave's number among `waves`.
  let times: [Double]
  /// The stratum of each position.
  let strata: [Int32]
  /// The strata's names; a single one without a name when there is one variance for all.
  let stratumNames: [String]
  /// The waves' names, for planned waves.
  let waves: [String]
  /// The name of the blocks.
  let blockName: String

  /// What to call each block: the joint levels of what names it, in order.
  let blockLabels: [String]

  var groups: Int { groupStarts.count - 1 }
  var blocks: Int { blockStarts.count - 1 }

  init(
    _ structure: ResidualStructure, frame: ModelFrame, data: ModelData
  ) throws(ModelError) {
    let reader = Reader(frame: frame, data: data)
    let groups = try Self.groups(frame)
    let names = (groups.map { [$0.name] } ?? []) + structure.within
    let isRelated = structure.correlation != .independent
    guard !isRelated || !names.isEmpty else {
      throw .residualStructure(
        "a formula without random terms needs ‘within’, the persons whose residuals are related")
    }
    var blocks = groups?.codes ?? [Int32](repeating: 0, count: frame.rowCount)
    var parts = frame.random.first.map { [(levels: $0.levels, codes: $0.codes)] } ?? []
    for name in structure.within where name != groups?.name {
      let factor = try reader.factor(name)
      parts.append(factor)
      blocks = Self.joint(blocks, factor.codes)
    }
    let times: [Double]
    if case .unstructured(let wave) = structure.correlation {
      let factor = try reader.factor(wave)
      times = factor.codes.map(Double.init)
      waves = factor.levels
    } else {
      times = try structure.time.map(reader.times) ?? (0..<frame.rowCount).map(Double.init)
      waves = []
    }
    let strata = try structure.stratum.map(reader.factor)
    let codes = groups?.codes ?? [Int32](repeating: 0, count: frame.rowCount)
    let order = Self.order(codes, blocks, times)
    rows = order
    groupStarts = Self.starts(order.map { codes[$0] })
    blockStarts = Self.starts(order.map { blocks[$0] })
    blockLabels = blockStarts.dropLast().map { start in
      parts.map { $0.levels[Int($0.codes[order[start]])] }.joined(separator: ":")
    }
    // Without a column of times, rows follow each other one step apart.
    self.times =
      structure.time == nil ? order.indices.map(Double.init) : order.map { times[$0] }
    self.strata = order.map { strata?.codes[$0] ?? 0 }
    stratumNames = strata?.levels ?? [""]
    blockName = names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
      .joined(separator: ":")
    if isRelated { try checkTimes(structure, frame: frame) }
  }

  /// The groups of the random terms, of which there may be one kind only.
  private static func groups(
    _ frame: ModelFrame
  ) throws(ModelError) -> (name: String, codes: [Int32])? {
    guard let first = frame.random.first else { return nil }
    guard frame.random.allSatisfy({ $0.groupName == first.groupName }) else {
      throw .unsupported("a residual structure is supported with one grouping factor only")
    }
    return (first.groupName, first.codes)
  }

  private func checkTimes(
    _ structure: ResidualStructure, frame: ModelFrame
  ) throws(ModelError) {
    let name = structure.time ?? ""
    if structure.needsWholeTimes,
      let place = times.firstIndex(where: { $0 != $0.rounded() || abs($0) > 1e15 })
    {
      throw .fractionalTime(variable: name, row: source(place, frame))
    }
    var hasPair = false
    for block in 0..<blocks {
      let range = blockStarts[block]..<blockStarts[block + 1]
      hasPair = hasPair || range.count > 1
      guard structure.time != nil else { continue }
      for place in range.dropFirst() where times[place] == times[place - 1] {
        throw .repeatedTime(variable: name, row: source(place, frame))
      }
    }
    guard hasPair else {
      throw .residualStructure(
        "no ‘\(blockName)’ has two rows, so nothing tells how residuals are related")
    }
  }

  private func source(_ place: Int, _ frame: ModelFrame) -> Int {
    frame.rows?[rows[place]] ?? rows[place]
  }

  /// Rows by group, then block, then time, then as they came.
  private static func order(_ groups: [Int32], _ blocks: [Int32], _ times: [Double]) -> [Int] {
    func precedes(_ first: Int, _ second: Int) -> Bool {
      (groups[first], blocks[first], times[first], first)
        < (groups[second], blocks[second], times[second], second)
    }
    var order = Array(groups.indices)
    let isSorted = zip(order, order.dropFirst()).allSatisfy { precedes($0, $1) }
    if !isSorted { order.sort(by: precedes) }
    return order
  }

  /// Where each run of equal codes starts, and the end.
  private static func starts(_ codes: [Int32]) -> [Int] {
    codes.indices.filter { $0 == 0 || codes[$0] != codes[$0 - 1] } + [codes.count]
  }

  /// A code for each pair that occurs.
  private static func joint(_ first: [Int32], _ second: [Int32]) -> [Int32] {
    var known: [SIMD2<Int32>: Int32] = [:]
    return zip(first, second).map { pair in
      let key = SIMD2(pair.0, pair.1)
      if let code = known[key] { return code }
      let code = Int32(known.count)
      known[key] = code
      return code
    }
  }

  /// Reads columns over the rows of a model.
  private struct Reader {
    let frame: ModelFrame
    let data: ModelData

    private func node(_ name: String) -> FormulaNode {
      FormulaNode(kind: .name(name), column: 1, depth: 1)
    }

    private var evaluator: VariableEvaluator { VariableEvaluator(data: data, rows: frame.rows) }

    func factor(_ name: String) throws(ModelError) -> (levels: [String], codes: [Int32]) {
      guard case .factor(let levels, let codes) = try evaluator.grouping(node(name)) else {
        return ([], [])
      }
      return (levels, codes)
    }

    func times(_ name: String) throws(ModelError) -> [Double] {
      let values = try evaluator.numbers(node(name))
      if let row = values.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(variable: name, row: frame.rows?[row] ?? row)
      }
      return values
    }
  }
}
