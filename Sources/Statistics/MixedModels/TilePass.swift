/// The sums of products of a range of groups, tile by tile.
///
/// The inner loops of every fit: they go over memory whose bounds are checked once for each tile, by
/// the lengths of the columns, and not once for each number.
struct TilePass: Sendable {
  typealias Lanes = SIMD8<Double>

  /// All columns, those of the fixed part first, the response the last of these.
  let columns: [RowPass.Source]
  /// Which of them the random effects have.
  let places: [Int]
  /// The number of columns of the fixed part and the response.
  let fixed: Int
  let weights: [Double]?
  let pilot: [Double]?
  let order: RowOrder

  /// The sums of a range of groups.
  struct Piece: Sendable {
    var gram: [Double]
    var cross: [Double]
    /// The lower triangle by rows of the products of all columns.
    var total: [Double]
  }

  /// Part of a group's rows, which stand one after another in the order of the groups.
  private struct Stretch {
    var group: Int
    var rows: Range<Int>
    /// Where it begins in a column's buffer.
    var start: Int

    var lanes: Int { (rows.count + 7) / 8 }
  }

  /// The numbers of a column that a tile holds: a dozen columns fit the second cache.
  private static let tile = 1024

  func piece(_ groups: Range<Int>) -> Piece {
    let count = columns.count
    let (effects, width) = (places.count, fixed)
    let (gramSize, crossSize) = (effects * (effects + 1) / 2, effects * width)
    var piece = Piece(
      gram: [Double](repeating: 0, count: groups.count * gramSize),
      cross: [Double](repeating: 0, count: groups.count * crossSize),
      total: [Double](repeating: 0, count: count * (count + 1) / 2))
    let gramPlaces = places.indices.flatMap { row in
      (0...row).map { packed(places[row], places[$0]) }
    }
    let crossPlaces = places.flatMap { place in (0..<width).map { packed(place, $0) } }
    var buffer = [Double](repeating: 0, count: (count + 1) * Self.tile)
    var sums = piece.total
    var position = order.starts[groups.lowerBound]
    var group = groups.lowerBound
    while group < groups.upperBound {
      let stretches = tile(from: &position, &group, before: groups.upperBound)
      fill(&buffer, stretches)
      for stretch in stretches {
        Self.addProducts(buffer, columns: count, stretch, to: &sums)
        let place = stretch.group - groups.lowerBound
        for (target, source) in gramPlaces.enumerated() {
          piece.gram[place * gramSize + target] += sums[source]
        }
        for (target, source) in crossPlaces.enumerated() {
          piece.cross[place * crossSize + target] += sums[source]
        }
        for entry in sums.indices { piece.total[entry] += sums[entry] }
      }
    }
    return piece
  }

  /// The stretches of the next tile.
  private func tile(from position: inout Int, _ group: inout Int, before end: Int) -> [Stretch] {
    var stretches: [Stretch] = []
    var start = 0
    while group < end, start < Self.tile {
      let last = min(order.starts[group + 1], position + Self.tile - start)
      let stretch = Stretch(group: group, rows: position..<last, start: start)
      let isWhole = last == order.starts[group + 1]
      // A group that fits a tile of its own is not divided: its sums are added in one go.
      if !isWhole, start > 0, order.starts[group + 1] - order.starts[group] <= Self.tile { break }
      if !stretch.rows.isEmpty { stretches.append(stretch) }
      start += 8 * stretch.lanes
      position = last
      if isWhole { group += 1 }
    }
    return stretches
  }

  /// Standardises the columns over a tile; what fills up the last lanes of a stretch is 0.
  private func fill(_ buffer: inout [Double], _ stretches: [Stretch]) {
    let roots = columns.count * Self.tile
    if let weights {
      for stretch in stretches {
        for (offset, place) in stretch.rows.enumerated() {
          buffer[roots + stretch.start + offset] = weights[order.row(place)].squareRoot()
        }
      }
    }
    for (column, source) in columns.enumerated() {
      let base = column * Self.tile
      unsafe buffer.withUnsafeMutableBufferPointer { buffer in
        let target = unsafe UnsafeMutableBufferPointer(
          rebasing: buffer[base..<(base + Self.tile)])
        unsafe fill(target, source, stretches)
      }
    }
    if let pilot {
      let response = (fixed - 1) * Self.tile
      for (column, coefficient) in pilot.enumerated() {
        for entry in 0..<Self.tile {
          buffer[response + entry] -= coefficient * buffer[column * Self.tile + entry]
        }
      }
    }
    guard weights != nil else { return }
    for column in columns.indices {
      for stretch in stretches {
        for entry in stretch.start..<(stretch.start + stretch.rows.count) {
          buffer[column * Self.tile + entry] *= buffer[roots + entry]
        }
      }
    }
  }

  /// One column: the product of its pieces, then (x − centre) / scale.
  private func fill(
    _ target: UnsafeMutableBufferPointer<Double>, _ source: RowPass.Source, _ stretches: [Stretch]
  ) {
    if source.values.pieces.isEmpty {
      unsafe target.update(repeating: 1)
    }
    for (number, piece) in source.values.pieces.enumerated() {
      switch piece {
      case .numbers(let numbers):
        precondition(numbers.count == source.values.count)
        unsafe numbers.withUnsafeBufferPointer { numbers in
          for stretch in stretches {
            unsafe take(numbers, target, stretch, isFirst: number == 0)
          }
        }
      case .coded(let codes, let table):
        precondition(codes.count == source.values.count)
        unsafe codes.withUnsafeBufferPointer { codes in
          unsafe table.withUnsafeBufferPointer { table in
            for stretch in stretches {
              unsafe take(codes, table, target, stretch, isFirst: number == 0)
            }
          }
        }
      }
    }
    unsafe Self.standardise(target, source.scaling, stretches)
  }

  /// Puts numbers in their places, or multiplies what is there by them.
  private func take(
    _ numbers: UnsafeBufferPointer<Double>, _ target: UnsafeMutableBufferPointer<Double>,
    _ stretch: Stretch, isFirst: Bool
  ) {
    let count = stretch.rows.count
    let (first, start) = (stretch.rows.lowerBound, stretch.start)
    if let rows = order.rows {
      for offset in 0..<count {
        let next = unsafe numbers[rows[first &+ offset]]
        unsafe target[start &+ offset] = isFirst ? next : target[start &+ offset] * next
      }
      return
    }
    let source = unsafe UnsafeRawBufferPointer(
      rebasing: UnsafeRawBufferPointer(numbers)[(8 * first)...])
    let whole = count & ~7
    var offset = 0
    let raw = UnsafeMutableRawBufferPointer(target)
    while offset < whole {
      let place = 8 &* (start &+ offset)
      var eight = unsafe source.loadUnaligned(fromByteOffset: 8 &* offset, as: Lanes.self)
      if !isFirst { eight *= unsafe raw.loadUnaligned(fromByteOffset: place, as: Lanes.self) }
      unsafe raw.storeBytes(of: eight, toByteOffset: place, as: Lanes.self)
      offset &+= 8
    }
    while offset < count {
      let next = unsafe numbers[first &+ offset]
      unsafe target[start &+ offset] = isFirst ? next : target[start &+ offset] * next
      offset &+= 1
    }
  }

  /// The same for a coded factor.
  private func take(
    _ codes: UnsafeBufferPointer<Int32>, _ table: UnsafeBufferPointer<Double>,
    _ target: UnsafeMutableBufferPointer<Double>, _ stretch: Stretch, isFirst: Bool
  ) {
    let (first, start) = (stretch.rows.lowerBound, stretch.start)
    for offset in 0..<stretch.rows.count {
      let row = order.rows.map { $0[first &+ offset] } ?? (first &+ offset)
      let next = unsafe table[Int(codes[row]) &+ 1]
      unsafe target[start &+ offset] = isFirst ? next : target[start &+ offset] * next
    }
  }

  /// (x − centre) / scale, eight at a time; what fills up the last lanes becomes 0.
  private static func standardise(
    _ target: UnsafeMutableBufferPointer<Double>, _ scaling: Standardisation.Column,
    _ stretches: [Stretch]
  ) {
    let centre = Lanes(repeating: scaling.centre)
    let inverse = Lanes(repeating: 1 / scaling.scale)
    let raw = UnsafeMutableRawBufferPointer(target)
    for stretch in stretches {
      for lane in 0..<stretch.lanes where scaling != .unchanged {
        let place = 8 &* (stretch.start &+ 8 &* lane)
        let eight = unsafe raw.loadUnaligned(fromByteOffset: place, as: Lanes.self)
        unsafe raw.storeBytes(of: (eight - centre) * inverse, toByteOffset: place, as: Lanes.self)
      }
      for entry in (stretch.start + stretch.rows.count)..<(stretch.start + 8 * stretch.lanes) {
        unsafe target[entry] = 0
      }
    }
  }

  /// The products of all pairs of columns over a stretch, eight rows at a time.
  private static func addProducts(
    _ buffer: [Double], columns: Int, _ stretch: Stretch, to sums: inout [Double]
  ) {
    let lanes = stretch.lanes
    precondition(buffer.count >= columns * tile && stretch.start + 8 * lanes <= tile)
    precondition(sums.count == columns * (columns + 1) / 2)
    unsafe buffer.withUnsafeBytes { buffer in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        var target = 0
        for row in 0..<columns {
          let left = 8 &* (row &* tile &+ stretch.start)
          for column in 0...row {
            let right = 8 &* (column &* tile &+ stretch.start)
            var sum = Lanes.zero
            for lane in 0..<lanes {
              let first = unsafe buffer.loadUnaligned(
                fromByteOffset: left &+ 64 &* lane, as: Lanes.self)
              let second = unsafe buffer.loadUnaligned(
                fromByteOffset: right &+ 64 &* lane, as: Lanes.self)
              sum += first * second
            }
            unsafe sums[target] = sum.sum()
            target &+= 1
          }
        }
      }
    }
  }
}
