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

  func products(codes: [Int32], groups: Int) -> GroupProducts {
    let order = RowOrder(codes: codes, groups: groups)
    var products = GroupProducts(effects: random.count, width: fixed.count, groups: groups)
    var buffer = [Double](repeating: 0, count: (random.count + fixed.count) * Self.stretch)
    for group in 0..<groups {
      let range = order.starts[group]..<order.starts[group + 1]
      products.counts[group] = range.count
      for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.stretch) {
        let rows = start..<min(range.upperBound, start + Self.stretch)
        fill(&buffer, rows: rows, order: order)
        add(buffer, count: rows.count, to: group, of: &products)
      }
    }
    for row in 0..<fixed.count {
      for column in 0..<row { products.total[column, row] = products.total[row, column] }
    }
    return products
  }

  private func fill(_ buffer: inout [Double], rows: Range<Int>, order: RowOrder) {
    for (column, source) in (random + fixed).enumerated() {
      let offset = column * Self.stretch
      let centre = source.scaling.centre
      let inverse = 1 / source.scaling.scale
      for (position, sorted) in rows.enumerated() {
        buffer[offset + position] = (source.values[order.row(sorted)] - centre) * inverse
      }
    }
    if let pilot {
      let response = (random.count + fixed.count - 1) * Self.stretch
      for (column, coefficient) in pilot.enumerated() {
        let offset = (random.count + column) * Self.stretch
        for position in 0..<rows.count {
          buffer[response + position] -= coefficient * buffer[offset + position]
        }
      }
    }
    guard let weights else { return }
    for (position, sorted) in rows.enumerated() {
      let root = weights[order.row(sorted)].squareRoot()
      for column in 0..<(random.count + fixed.count) {
        buffer[column * Self.stretch + position] *= root
      }
    }
  }

  private func add(
    _ buffer: [Double], count: Int, to group: Int, of products: inout GroupProducts
  ) {
    func product(_ first: Int, _ second: Int) -> Double {
      var sum = 0.0
      let left = first * Self.stretch
      let right = second * Self.stretch
      for position in 0..<count { sum += buffer[left + position] * buffer[right + position] }
      return sum
    }
    var target = group * products.gramSize
    for row in 0..<random.count {
      for column in 0...row {
        products.gram[target] += product(row, column)
        target += 1
      }
    }
    target = group * products.crossSize
    for row in 0..<random.count {
      for column in 0..<fixed.count {
        products.cross[target] += product(row, random.count + column)
        target += 1
      }
    }
    for row in 0..<fixed.count {
      for column in 0...row {
        products.total[row, column] += product(random.count + row, random.count + column)
      }
    }
  }
}

/// The rows of a model in the order of their groups.
struct RowOrder: Hashable, Sendable {
  /// The position of each group's first row; one more entry than groups.
  let starts: [Int]
  /// The row at each position, or `nil` when the rows already stand in the order of their groups.
  private let rows: [Int]?

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
