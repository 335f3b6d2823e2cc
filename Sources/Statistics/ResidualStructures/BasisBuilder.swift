/// Collects the cells of ``BasisProducts``, group after group.
struct BasisBuilder {
  let effects: Int
  let width: Int
  private(set) var counts: [Int] = []
  private(set) var cellStarts: [Int] = []
  private(set) var kinds: [Int32] = []
  private(set) var cells: [Double] = []
  private(set) var totals: [Double] = []
  /// By pattern: its cell in the current group, if it has one.
  private var cellOfKind: [Int] = []

  private var cellSize: Int { effects * (effects + 1) / 2 + effects * width }
  private var totalSize: Int { width * (width + 1) / 2 }

  init(_ rows: ResidualRows) {
    effects = rows.effects
    width = rows.width - rows.effects
  }

  /// Starts a group of so many rows.
  mutating func beginGroup(rows count: Int) {
    for cell in (cellStarts.last ?? 0)..<kinds.count { cellOfKind[Int(kinds[cell])] = -1 }
    counts.append(count)
    cellStarts.append(kinds.count)
  }

  /// A new pattern.
  mutating func addKind() -> Int {
    totals.append(contentsOf: repeatElement(0, count: totalSize))
    cellOfKind.append(-1)
    return cellOfKind.count - 1
  }

  /// Adds the square xx′ of a row to a pattern.
  mutating func addSquare(_ row: ArraySlice<Double>, to kind: Int) {
    add(row, row, to: kind) { left, right, _, _ in left * right }
  }

  /// Adds the products xz′ + zx′ of two rows to a pattern.
  mutating func addPair(
    _ first: ArraySlice<Double>, _ second: ArraySlice<Double>, to kind: Int
  ) {
    add(first, second, to: kind) { left, right, otherLeft, otherRight in
      left * otherRight + otherLeft * right
    }
  }

  /// - Parameter product: Of the entries (a, b) of the first row and (a, b) of the second.
  @inline(__always)
  private mutating func add(
    _ first: ArraySlice<Double>, _ second: ArraySlice<Double>, to kind: Int,
    product: (Double, Double, Double, Double) -> Double
  ) {
    let one = first.startIndex
    let two = second.startIndex
    var target = kind * totalSize
    for row in effects..<(effects + width) {
      let (left, otherLeft) = (first[one + row], second[two + row])
      for column in effects...row {
        totals[target] += product(left, first[one + column], otherLeft, second[two + column])
        target += 1
      }
    }
    guard effects > 0 else { return }
    target = cell(kind) * cellSize
    for row in 0..<effects {
      let (left, otherLeft) = (first[one + row], second[two + row])
      for column in 0...row {
        cells[target] += product(left, first[one + column], otherLeft, second[two + column])
        target += 1
      }
    }
    for row in 0..<effects {
      let (left, otherLeft) = (first[one + row], second[two + row])
      for column in effects..<(effects + width) {
        cells[target] += product(left, first[one + column], otherLeft, second[two + column])
        target += 1
      }
    }
  }

  private mutating func cell(_ kind: Int) -> Int {
    if cellOfKind[kind] >= 0 { return cellOfKind[kind] }
    cellOfKind[kind] = kinds.count
    kinds.append(Int32(kind))
    cells.append(contentsOf: repeatElement(0, count: cellSize))
    return kinds.count - 1
  }
}

extension ResidualRows {
  /// One row.
  func row(_ position: Int) -> ArraySlice<Double> {
    values[(position * width)..<((position + 1) * width)]
  }
}
