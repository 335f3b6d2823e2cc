/// Pairs of a sequence that stand in the wrong order, counted by merge sort in O(n log n).
///
/// Keeps its two buffers between counts, as slope selection counts many times.
struct InversionCounting {
  private var source: [Double] = []
  private var target: [Double] = []

  /// The number of pairs i < j with value i ≥ value j (or > with `strictly`).
  mutating func count(_ values: [Double], strictly: Bool) -> Int {
    source = values
    if target.count != values.count { target = values }
    let count = values.count
    var inversions = 0
    var width = 1
    while width < count {
      var start = 0
      while start < count {
        let middle = min(start + width, count)
        inversions += merge(
          from: start, middle: middle, end: min(middle + width, count), strictly: strictly)
        start += 2 * width
      }
      swap(&source, &target)
      width *= 2
    }
    return inversions
  }

  /// Merges two sorted runs of `source` into `target`; the pairs between them in the wrong order.
  private mutating func merge(from start: Int, middle: Int, end: Int, strictly: Bool) -> Int {
    var inversions = 0
    var left = start
    var right = middle
    for place in start..<end {
      let takesRight: Bool
      if right >= end {
        takesRight = false
      } else if left >= middle {
        takesRight = true
      } else if strictly {
        takesRight = source[right] < source[left]
      } else {
        takesRight = source[right] <= source[left]
      }
      if takesRight {
        inversions += middle - left
        target[place] = source[right]
        right += 1
      } else {
        target[place] = source[left]
        left += 1
      }
    }
    return inversions
  }
}
