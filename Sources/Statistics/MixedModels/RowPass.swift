/// The one pass over the rows that makes ``GroupProducts``.
///
/// Rows are taken group by group in short stretches; within a stretch every column is standardised
/// into a buffer that stays in the cache, and each product is a sum over the stretch.
struct RowPass {
  /// A column and how it is standardised.
  struct Source: Hashable {
    var values: [Double]
    var scaling: Standardisation.Column
  }

  /// The random-effect columns of all terms.
  let random: [Source]
  /// The fixed-effect columns, then the response.
  let fixed: [Source]
  /// Prior weights.
  let weights: [Double]?
  /// Coefficients of standardised fixed effects that are taken off the response beforehand.
  let pilot: [Double]?

  /// Long enough to amortise the loops, short enough that a dozen columns fit the first cache.
  static let stretch = 256
  private static let stretchLanes = stretch / Lanes.scalarCount

  typealias Lanes = SIMD8<Double>

  func products(codes: [Int32], groups: Int) -> GroupProducts {
    let order = RowOrder(codes: codes, groups: groups)
    var products = GroupProducts(effects: random.count, width: fixed.count, groups: groups)
    // Most random-effect columns are fixed columns too; each is multiplied once.
    var columns = fixed
    let places = random.map { source in
      if let known = columns.firstIndex(of: source) { return known }
      columns.append(source)
      return columns.count - 1
    }
    let count = columns.count
    var buffer = [Lanes](repeating: .zero, count: count * Self.stretchLanes)
    var sums = [Double](repeating: 0, count: count * (count + 1) / 2)
    var totals = sums
    for group in 0..<groups {
      let range = order.starts[group]..<order.starts[group + 1]
      products.counts[group] = range.count
      for position in sums.indices { sums[position] = 0 }
      for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.stretch) {
        let rows = start..<min(range.upperBound, start + Self.stretch)
        fill(&buffer, columns, rows: rows, order: order)
        Self.addProducts(
          of: buffer, columns: count,
          lanes: (rows.count + Lanes.scalarCount - 1) / Lanes.scalarCount, to: &sums)
      }
      for position in totals.indices { totals[position] += sums[position] }
      store(sums, places: places, group: group, in: &products)
    }
    for row in 0..<fixed.count {
      for column in 0..<fixed.count {
        products.total[row, column] = totals[packed(row, column)]
      }
    }
    return products
  }

  /// Standardises a stretch of rows; the last lanes are filled up with zeros, which add nothing.
  private func fill(
    _ buffer: inout [Lanes], _ columns: [Source], rows: Range<Int>, order: RowOrder
  ) {
    let lanes = (rows.count + Lanes.scalarCount - 1) / Lanes.scalarCount
    for (column, source) in columns.enumerated() {
      let target = column * Self.stretchLanes
      buffer[target + lanes - 1] = .zero
      let centre = source.scaling.centre
      let inverse = 1 / source.scaling.scale
      if let sorted = order.rows {
        for (position, place) in rows.enumerated() {
          buffer[target + position / Lanes.scalarCount][position % Lanes.scalarCount] =
            (source.values[sorted[place]] - centre) * inverse
        }
      } else {
        Self.standardise(
          source.values, rows: rows, centre: centre, inverse: inverse, into: &buffer, at: target)
      }
    }
    if let pilot {
      let response = (fixed.count - 1) * Self.stretchLanes
      for (column, coefficient) in pilot.enumerated() {
        for lane in 0..<lanes {
          buffer[response + lane] -= coefficient * buffer[column * Self.stretchLanes + lane]
        }
      }
    }
    guard let weights else { return }
    for (position, place) in rows.enumerated() {
      let root = weights[order.row(place)].squareRoot()
      let (lane, entry) = (position / Lanes.scalarCount, position % Lanes.scalarCount)
      for column in columns.indices { buffer[column * Self.stretchLanes + lane][entry] *= root }
    }
  }

  /// Standardises rows that stand in order, eight at a time.
  private static func standardise(
    _ values: [Double], rows: Range<Int>, centre: Double, inverse: Double,
    into buffer: inout [Lanes], at target: Int
  ) {
    let whole = rows.count / Lanes.scalarCount
    for lane in 0..<whole {
      let first = rows.lowerBound + lane * Lanes.scalarCount
      let eight = Lanes(
        values[first], values[first + 1], values[first + 2], values[first + 3],
        values[first + 4], values[first + 5], values[first + 6], values[first + 7])
      buffer[target + lane] = (eight - centre) * inverse
    }
    for position in (whole * Lanes.scalarCount)..<rows.count {
      buffer[target + whole][position % Lanes.scalarCount] =
        (values[rows.lowerBound + position] - centre) * inverse
    }
  }

  /// Adds the products of all pairs of columns over a stretch.
  private static func addProducts(
    of buffer: [Lanes], columns: Int, lanes: Int, to sums: inout [Double]
  ) {
    var target = 0
    for row in 0..<columns {
      let left = row * stretchLanes
      for column in 0...row {
        let right = column * stretchLanes
        var sum = Lanes.zero
        for lane in 0..<lanes { sum += buffer[left + lane] * buffer[right + lane] }
        sums[target] += sum.sum()
        target += 1
      }
    }
  }

  private func store(
    _ sums: [Double], places: [Int], group: Int, in products: inout GroupProducts
  ) {
    var target = group * products.gramSize
    for row in places.indices {
      for column in 0...row {
        products.gram[target] = sums[packed(places[row], places[column])]
        target += 1
      }
    }
    target = group * products.crossSize
    for row in places.indices {
      for column in 0..<fixed.count {
        products.cross[target] = sums[packed(places[row], column)]
        target += 1
      }
    }
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
    for code in codes {
      starts[Int(code) + 1] += 1
      isSorted = isSorted && code >= last
      last = code
    }
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
}
