import RealModule

/// AR(1) with a variance for each stratum, either of them alone, or neither.
///
/// A row at gap g from the one before it, both divided by the ratios δ of their strata, is whitened
/// as (x_t − φ^g x_{t−1}) / √(1 − φ^{2g}), so R⁻¹ is a combination of three sums for each gap: of
/// x_t x_t′, of x_{t−1} x_{t−1}′, and of their products. φ = tanh(w) and δ = exp(v) are searched
/// without bounds; the first stratum has δ = 1.
struct AutoregressiveWeights: ResidualWeighting {
  /// Rows at one distance from the one before, by the strata of both.
  struct Gap: Hashable, Sendable {
    var length: Double
    var stratum: Int
    var previousStratum: Int
  }

  let hasAutoregression: Bool
  let strata: Int
  /// In the order of their patterns, three each, after the patterns of first rows by stratum.
  private(set) var gaps: [Gap] = []
  /// The rows that have each gap.
  private(set) var gapCounts: [Double] = []
  private(set) var stratumCounts: [Double]
  private let frame: ResidualFrame

  /// Where φ starts: autocorrelations of diaries lie between 0.2 and 0.5, and from 0 itself gaps
  /// beyond the first have no slope.
  static let startingPoint = 0.2

  var start: [Double] {
    (hasAutoregression ? [Self.startingPoint] : [])
      + [Double](repeating: 0, count: strata - 1)
  }

  /// Reads the rows once.
  static func products(
    _ rows: ResidualRows, frame: ResidualFrame, hasAutoregression: Bool
  ) -> BasisProducts {
    var weights = AutoregressiveWeights(frame: frame, hasAutoregression: hasAutoregression)
    var builder = BasisBuilder(rows)
    for _ in 0..<weights.strata { _ = builder.addKind() }
    var known: [Gap: Int] = [:]
    var block = 0
    for group in 0..<frame.groups {
      let range = frame.groupStarts[group]..<frame.groupStarts[group + 1]
      builder.beginGroup(rows: range.count)
      for position in range {
        while position >= frame.blockStarts[block + 1] { block += 1 }
        let stratum = Int(frame.strata[position])
        weights.stratumCounts[stratum] += 1
        guard hasAutoregression, position > frame.blockStarts[block] else {
          builder.addSquare(rows.row(position), to: stratum)
          continue
        }
        let gap = Gap(
          length: frame.times[position] - frame.times[position - 1], stratum: stratum,
          previousStratum: Int(frame.strata[position - 1]))
        let first: Int
        if let place = known[gap] {
          first = place
        } else {
          first = builder.addKind()
          for _ in 0..<2 { _ = builder.addKind() }
          known[gap] = first
          weights.gaps.append(gap)
          weights.gapCounts.append(0)
        }
        weights.gapCounts[(first - weights.strata) / 3] += 1
        builder.addSquare(rows.row(position), to: first)
        builder.addSquare(rows.row(position - 1), to: first + 1)
        builder.addPair(rows.row(position), rows.row(position - 1), to: first + 2)
      }
    }
    return BasisProducts(builder, weights: weights)
  }

  private init(frame: ResidualFrame, hasAutoregression: Bool) {
    self.frame = frame
    self.hasAutoregression = hasAutoregression
    strata = frame.stratumNames.count
    stratumCounts = [Double](repeating: 0, count: strata)
  }

  /// φ.
  func autoregression(_ parameters: [Double]) -> Double {
    hasAutoregression ? Double.tanh(parameters[0]) : 0
  }

  /// δ of each stratum.
  func ratios(_ parameters: [Double]) -> [Double] {
    [1] + parameters.dropFirst(hasAutoregression ? 1 : 0).map { Double.exp($0) }
  }

  func values(at parameters: [Double]) -> PatternWeights? {
    let phi = autoregression(parameters)
    let inverse = ratios(parameters).map { 1 / $0 }
    var values = inverse.map { $0 * $0 }
    var logarithm = 0.0
    for (ratio, count) in zip(inverse, stratumCounts) {
      logarithm -= 2 * count * Double.log(ratio)
    }
    for (gap, count) in zip(gaps, gapCounts) {
      let power = signedPower(phi, gap.length)
      let share = (1 - power) * (1 + power)
      guard share > 0 else { return nil }
      let (here, before) = (inverse[gap.stratum], inverse[gap.previousStratum])
      values.append(here * here / share)
      values.append(before * before * power * power / share)
      values.append(-here * before * power / share)
      logarithm += count * Double.log(share)
    }
    return PatternWeights(values: values, logDeterminant: logarithm)
  }

  func derivatives(at parameters: [Double]) -> (weights: [[Double]], logDeterminant: [Double]) {
    let phi = autoregression(parameters)
    let inverse = ratios(parameters).map { 1 / $0 }
    guard let values = values(at: parameters)?.values else {
      return (start.map { _ in [] }, start)
    }
    var rows: [[Double]] = []
    var logarithms: [Double] = []
    if hasAutoregression {
      let chain = (1 - phi) * (1 + phi)
      var row = [Double](repeating: 0, count: strata)
      var logarithm = 0.0
      for (gap, count) in zip(gaps, gapCounts) {
        let power = signedPower(phi, gap.length)
        let slope = chain * gap.length * signedPower(phi, gap.length - 1)
        let share = (1 - power) * (1 + power)
        let (here, before) = (inverse[gap.stratum], inverse[gap.previousStratum])
        let both = 2 * power / (share * share) * slope
        row.append(here * here * both)
        row.append(before * before * both)
        row.append(-here * before * (1 + power * power) / (share * share) * slope)
        logarithm -= count * 2 * power / share * slope
      }
      rows.append(row)
      logarithms.append(logarithm)
    }
    for stratum in 1..<max(1, strata) {
      var row = [Double](repeating: 0, count: values.count)
      row[stratum] = -2 * values[stratum]
      for (position, gap) in gaps.enumerated() {
        let first = strata + 3 * position
        let isHere = gap.stratum == stratum
        let isBefore = gap.previousStratum == stratum
        if isHere { row[first] = -2 * values[first] }
        if isBefore { row[first + 1] = -2 * values[first + 1] }
        row[first + 2] = -values[first + 2] * ((isHere ? 1 : 0) + (isBefore ? 1 : 0))
      }
      rows.append(row)
      logarithms.append(2 * stratumCounts[stratum])
    }
    return (rows, logarithms)
  }

  func relativeVariances(of block: Int, at parameters: [Double]) -> [Double] {
    let ratios = ratios(parameters)
    return (frame.blockStarts[block]..<frame.blockStarts[block + 1]).map {
      ratios[Int(frame.strata[$0])] * ratios[Int(frame.strata[$0])]
    }
  }

  func relativeCovariance(of block: Int, at parameters: [Double]) -> Matrix {
    let phi = autoregression(parameters)
    let ratios = ratios(parameters)
    let first = frame.blockStarts[block]
    let count = frame.blockStarts[block + 1] - first
    return Matrix(rows: count, columns: count) { row, column in
      guard row != column else {
        let ratio = ratios[Int(frame.strata[first + row])]
        return ratio * ratio
      }
      guard hasAutoregression else { return 0 }
      let gap = abs(frame.times[first + row] - frame.times[first + column])
      return signedPower(phi, gap) * ratios[Int(frame.strata[first + row])]
        * ratios[Int(frame.strata[first + column])]
    }
  }
}

/// A base that may be negative to a whole power; 0⁰ = 1.
func signedPower(_ base: Double, _ exponent: Double) -> Double {
  guard exponent != 0 else { return 1 }
  let size = Double.pow(abs(base), exponent)
  return base < 0 && exponent.truncatingRemainder(dividingBy: 2) != 0 ? -size : size
}
