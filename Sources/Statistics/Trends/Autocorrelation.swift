extension [Double] {
  /// The autocorrelations of lag 0 to `largest` (all without it), each over n times the variance,
  /// as R's `acf` and pymannkendall have them; zeros for a constant series.
  func autocorrelations(to largest: Int? = nil) -> [Double] {
    let mean = reduce(0, +) / Double(count)
    let centred = map { $0 - mean }
    let variance = centred.reduce(0) { $0 + $1 * $1 }
    let last = Swift.min(largest ?? count - 1, count - 1)
    guard last >= 0 else { return [] }
    guard variance > 0 else { return Array(repeating: 0, count: last + 1) }
    return (0...last).map { lag in
      var sum = 0.0
      for place in lag..<count { sum += centred[place] * centred[place - lag] }
      return sum / variance
    }
  }

  /// The autocorrelation of neighbours in the array; 0 for a constant series.
  var lagOneAutocorrelation: Double {
    count >= 2 ? autocorrelations(to: 1)[1] : 0
  }
}
