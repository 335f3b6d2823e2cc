import RealModule

/// A free covariance matrix of planned waves, shared by all persons.
///
/// R = SKK′S with fixed scales S, K lower triangular with K₁₁ = 1, its other diagonal entries
/// exp(ψ): a positive definite matrix for every ψ, without bounds (Pinheiro & Bates 1996,
/// *Unconstrained parametrizations for variance-covariance matrices*). Persons who answered the same
/// waves share their R⁻¹, so products are kept by pattern of waves and pair of waves.
struct UnstructuredWeights: ResidualWeighting {
  let waves: Int
  private(set) var start: [Double] = []
  /// The waves of each pattern, ascending.
  private(set) var patterns: [[Int]] = []
  private(set) var patternCounts: [Double] = []
  private var scales: [Double]
  private let frame: ResidualFrame

  static func products(
    _ rows: ResidualRows, frame: ResidualFrame
  ) throws(ModelError) -> BasisProducts {
    var weights = UnstructuredWeights(frame: frame)
    let parameters = weights.waves * (weights.waves + 1) / 2
    guard parameters < frame.blocks else {
      throw .residualStructure(
        "a covariance matrix of \(weights.waves) waves has \(parameters) parameters, too many for "
          + "\(frame.blocks) of ‘\(frame.blockName)’")
    }
    var builder = BasisBuilder(rows)
    builder.beginGroup(rows: rows.count)
    var known: [[Int]: (pattern: Int, firstKind: Int)] = [:]
    for block in 0..<frame.blocks {
      let range = frame.blockStarts[block]..<frame.blockStarts[block + 1]
      let pattern = range.map { Int(frame.times[$0]) }
      let place: (pattern: Int, firstKind: Int)
      if let seen = known[pattern] {
        place = seen
      } else {
        var first = -1
        for _ in 0..<(pattern.count * (pattern.count + 1) / 2) {
          let kind = builder.addKind()
          if first < 0 { first = kind }
        }
        place = (weights.patterns.count, first)
        known[pattern] = place
        weights.patterns.append(pattern)
        weights.patternCounts.append(0)
      }
      weights.patternCounts[place.pattern] += 1
      for row in pattern.indices {
        let position = range.lowerBound + row
        builder.addSquare(rows.row(position), to: place.firstKind + packed(row, row))
        for column in 0..<row {
          builder.addPair(
            rows.row(position), rows.row(range.lowerBound + column),
            to: place.firstKind + packed(row, column))
        }
      }
    }
    try weights.begin(with: builder)
    return BasisProducts(builder, weights: weights)
  }

  private init(frame: ResidualFrame) {
    self.frame = frame
    waves = frame.waves.count
    scales = [Double](repeating: 1, count: waves)
  }

  /// Starts from the moments of residuals about a fit without correlation.
  private mutating func begin(with builder: BasisBuilder) throws(ModelError) {
    let width = builder.width
    let size = width * (width + 1) / 2
    func matrix(_ kind: Int) -> Matrix {
      Matrix(rows: width, columns: width) { builder.totals[kind * size + packed($0, $1)] }
    }
    var kind = 0
    var total = Matrix(rows: width, columns: width)
    for pattern in patterns {
      for row in pattern.indices {
        kind += row
        total += matrix(kind)
        kind += 1
      }
    }
    let fixed = Array(0..<(width - 1))
    guard let cholesky = Cholesky(total.part(rows: fixed, columns: fixed)) else {
      throw .numerical("the fixed effects could not be separated")
    }
    let contrast = cholesky.solve(fixed.map { total[width - 1, $0] }).map { -$0 } + [1]
    var moments = Matrix(rows: waves, columns: waves)
    var counts = Matrix(rows: waves, columns: waves)
    kind = 0
    for (pattern, count) in zip(patterns, patternCounts) {
      for row in pattern.indices {
        for column in 0...row {
          let product = dot(contrast, matrix(kind) * contrast) / (row == column ? 1 : 2)
          moments[pattern[row], pattern[column]] += product
          counts[pattern[row], pattern[column]] += count
          kind += 1
        }
      }
    }
    for row in 0..<waves {
      for column in 0...row where counts[row, column] == 0 {
        throw .residualStructure(
          "waves ‘\(frame.waves[column])’ and ‘\(frame.waves[row])’ never occur together, so "
            + "their covariance cannot be estimated")
      }
    }
    let deviations = (0..<waves).map { (moments[$0, $0] / counts[$0, $0]).squareRoot() }
    guard deviations.allSatisfy({ $0 > 0 && $0.isFinite }) else { throw .perfectFit }
    scales = deviations.map { $0 / deviations[0] }
    var correlations = Matrix(rows: waves, columns: waves) { row, column in
      guard row != column else { return 1 }
      let (high, low) = (max(row, column), min(row, column))
      return moments[high, low] / counts[high, low] / (deviations[row] * deviations[column])
    }
    // Moments over different persons need not make a matrix; shrunk far enough they do.
    for _ in 0..<200 {
      if let lower = Cholesky(correlations)?.factor,
        lower.diagonal.allSatisfy({ $0 > 0.05 })
      {
        start = (1..<max(1, waves)).flatMap { row in
          (0..<row).map { lower[row, $0] } + [Double.log(lower[row, row])]
        }
        return
      }
      correlations = Matrix(rows: waves, columns: waves) { row, column in
        row == column ? 1 : 0.9 * correlations[row, column]
      }
    }
    throw .numerical("the waves' covariance has no start")
  }

  /// SK.
  private func factor(_ parameters: [Double]) -> Matrix {
    var factor = Matrix(rows: waves, columns: waves)
    factor[0, 0] = scales[0]
    var place = 0
    for row in 1..<max(1, waves) {
      for column in 0...row {
        let value = parameters[place]
        factor[row, column] = scales[row] * (row == column ? Double.exp(value) : value)
        place += 1
      }
    }
    return factor
  }

  /// R over all waves.
  func relativeCovariance(at parameters: [Double]) -> Matrix {
    let factor = factor(parameters)
    return factor * factor.transposed
  }

  func relativeCovariance(of block: Int, at parameters: [Double]) -> Matrix {
    let range = frame.blockStarts[block]..<frame.blockStarts[block + 1]
    let present = range.map { Int(frame.times[$0]) }
    return relativeCovariance(at: parameters).part(rows: present, columns: present)
  }

  func values(at parameters: [Double]) -> PatternWeights? {
    let whole = relativeCovariance(at: parameters)
    var values: [Double] = []
    var logarithm = 0.0
    for (pattern, count) in zip(patterns, patternCounts) {
      guard let cholesky = Cholesky(whole.part(rows: pattern, columns: pattern)) else {
        return nil
      }
      logarithm += count * cholesky.logDeterminant
      let inverse = cholesky.inverse
      for row in pattern.indices {
        for column in 0...row { values.append(inverse[row, column]) }
      }
    }
    return PatternWeights(values: values, logDeterminant: logarithm)
  }

  func derivatives(at parameters: [Double]) -> (weights: [[Double]], logDeterminant: [Double]) {
    let factor = factor(parameters)
    let whole = factor * factor.transposed
    let inverses = patterns.map { pattern in
      Cholesky(whole.part(rows: pattern, columns: pattern))?.inverse
        ?? Matrix(rows: pattern.count, columns: pattern.count)
    }
    var rows: [[Double]] = []
    var logarithms: [Double] = []
    for wave in 1..<max(1, waves) {
      for column in 0...wave {
        // dR = ew′ + we′ with e the wave and w a column of the factor.
        let step = column == wave ? factor[wave, wave] : scales[wave]
        var row: [Double] = []
        var logarithm = 0.0
        for ((pattern, inverse), count) in zip(zip(patterns, inverses), patternCounts) {
          guard let place = pattern.firstIndex(of: wave) else {
            row.append(contentsOf: repeatElement(0, count: pattern.count * (pattern.count + 1) / 2))
            continue
          }
          let moved = inverse * pattern.map { step * factor[$0, column] }
          for first in pattern.indices {
            for second in 0...first {
              row.append(
                -inverse[first, place] * moved[second] - moved[first] * inverse[place, second])
            }
          }
          logarithm += count * 2 * moved[place]
        }
        rows.append(row)
        logarithms.append(logarithm)
      }
    }
    return (rows, logarithms)
  }
}
