extension TrendSeries {
  /// The slope between two places.
  func slope(_ earlier: Int, _ later: Int) -> Double {
    (values[later] - values[earlier]) / (times[later] - times[earlier])
  }

  /// The values less a line of the given slope; time counts from the first, for the digits' sake.
  func residuals(of slope: Double) -> [Double] {
    let start = times.first ?? 0
    return values.indices.map { values[$0] - slope * (times[$0] - start) }
  }

  /// The slopes in (low, high]: those of the pairs whose order by `residuals` turns between them.
  func slopesTurning(from low: Double, to high: Double) -> [Double] {
    var order = places(orderedAt: low)
    let last = places(orderedAt: high)
    var ranks = Array(repeating: 0, count: count)
    for (rank, place) in last.enumerated() { ranks[place] = rank }
    var spare = order
    var found: [Double] = []
    var width = 1
    while width < count {
      var start = 0
      while start < count {
        let middle = min(start + width, count)
        let end = min(middle + width, count)
        var left = start
        var right = middle
        for target in start..<end {
          if right < end, left >= middle || ranks[order[right]] < ranks[order[left]] {
            for turned in left..<max(left, middle) {
              let (one, other) = (order[turned], order[right])
              found.append(slope(min(one, other), max(one, other)))
            }
            spare[target] = order[right]
            right += 1
          } else {
            spare[target] = order[left]
            left += 1
          }
        }
        start = max(end, start + 2 * width)
      }
      swap(&order, &spare)
      width *= 2
    }
    return found
  }

  /// The places in the order of their residuals; a pair of exactly this slope counts as turned.
  private func places(orderedAt slope: Double) -> [Int] {
    if slope == -.infinity { return Array(values.indices) }
    if slope == .infinity { return values.indices.reversed() }
    let residuals = residuals(of: slope)
    return values.indices.sorted {
      residuals[$0] < residuals[$1] || (residuals[$0] == residuals[$1] && $0 > $1)
    }
  }

  /// The two places of a pair numbered (0,1), (0,2), (1,2), (0,3) ….
  static func pair(number: Int) -> (earlier: Int, later: Int) {
    var later = Int(((1 + (1 + 8 * Double(number)).squareRoot()) / 2).rounded(.down))
    while later * (later - 1) / 2 > number { later -= 1 }
    while (later + 1) * later / 2 <= number { later += 1 }
    return (number - later * (later - 1) / 2, later)
  }
}
