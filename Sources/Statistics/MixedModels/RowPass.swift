/// The one pass over the rows that makes ``GroupProducts``.
///
/// Rows are taken in tiles of a few whole groups, or a stretch of a large one; in a tile every column
/// is standardised into a buffer that stays in the cache, and each product is a sum over a group's
/// part of it. The rows of about 16,000 rows are a piece of work of their own: pieces go to several
/// threads, and their sums are added in order, so that the result is the same for any number.
struct RowPass: Sendable {
  /// A column and how it is standardised.
  struct Source: Hashable, Sendable {
    var values: ColumnValues
    var scaling: Standardisation.Column
    /// What the column is: two sources that mean the same are multiplied once.
    var meaning: String
  }

  /// The random-effect columns of all terms.
  let random: [Source]
  /// The fixed-effect columns, then the response.
  let fixed: [Source]
  /// Prior weights.
  let weights: [Double]?
  /// Coefficients of standardised fixed effects that are taken off the response beforehand.
  let pilot: [Double]?
  /// How many threads may be used.
  let threads: Int

  /// The rows of a piece of work: many enough that handing them out costs nothing.
  static let pieceRows = 1 << 14

  func products(codes: [Int32], groups: Int) -> GroupProducts {
    // Most random-effect columns are fixed columns too.
    var columns = fixed
    let places = random.map { source in
      if let known = columns.firstIndex(where: {
        $0.meaning == source.meaning && $0.scaling == source.scaling
      }) {
        return known
      }
      columns.append(source)
      return columns.count - 1
    }
    let order = RowOrder(codes: codes, groups: groups)
    let ranges = order.pieces(rows: Self.pieceRows)
    let tiles = TilePass(
      columns: columns, places: places, fixed: fixed.count, weights: weights, pilot: pilot,
      order: order)
    var products = GroupProducts(effects: random.count, width: fixed.count, groups: 0)
    products.gram.reserveCapacity(groups * products.gramSize)
    products.cross.reserveCapacity(groups * products.crossSize)
    var total = [Double](repeating: 0, count: columns.count * (columns.count + 1) / 2)
    func add(_ piece: TilePass.Piece) {
      products.gram += piece.gram
      products.cross += piece.cross
      for position in total.indices { total[position] += piece.total[position] }
    }
    if threads > 1, ranges.count > 1 {
      for piece in inParallel(ranges.count, threads: threads, { tiles.piece(ranges[$0]) }) {
        add(piece)
      }
    } else {
      for range in ranges { add(tiles.piece(range)) }
    }
    products.counts = (0..<groups).map { order.starts[$0 + 1] - order.starts[$0] }
    for row in 0..<fixed.count {
      for column in 0..<fixed.count { products.total[row, column] = total[packed(row, column)] }
    }
    return products
  }
}

/// The rows of a model in the order of their groups.
struct RowOrder: Hashable, Sendable {
  /// The position of each group's first row; one more entry than groups.
  let starts: [Int]
  /// The row at each position, or `nil` when the rows already stand in the order of their groups.
  let rows: [Int]?

  /// Sorts by counting, keeping the order within a group.
  init(codes: [Int32], groups: Int) {
    var starts = [Int](repeating: 0, count: groups + 1)
    var isSorted = true
    var last: Int32 = 0
    var run = 0
    // The rows of a group mostly stand together.
    for code in codes {
      if code == last {
        run &+= 1
        continue
      }
      starts[Int(last) + 1] += run
      isSorted = isSorted && code > last
      (last, run) = (code, 1)
    }
    if groups > 0 { starts[Int(last) + 1] += run }
    for group in 0..<groups { starts[group + 1] += starts[group] }
    self.starts = starts
    guard !isSorted else {
      rows = nil
      return
    }
    var next = starts
    var sorted = [Int](repeating: 0, count: codes.count)
    for (row, code) in codes.enumerated() {
      sorted[next[Int(code)]] = row
      next[Int(code)] += 1
    }
    rows = sorted
  }

  func row(_ position: Int) -> Int { rows.map { $0[position] } ?? position }

  /// Ranges of groups of about so many rows each.
  func pieces(rows limit: Int) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var first = 0
    for group in 0..<(starts.count - 1) where starts[group + 1] - starts[first] >= limit {
      pieces.append(first..<(group + 1))
      first = group + 1
    }
    if first < starts.count - 1 { pieces.append(first..<(starts.count - 1)) }
    return pieces
  }
}
