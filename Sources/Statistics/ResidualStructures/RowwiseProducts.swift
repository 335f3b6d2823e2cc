import RealModule

/// Cross-products of rows that are whitened one by one, a pass over the rows for every ψ.
///
/// For gaps that hardly repeat (clock times) or noise beside the process no small set of sums will
/// do. A pass is linear in the rows all the same, whatever the size of a block.
struct RowwiseProducts: ResidualProducts {
  let correlation: DecayingCorrelation
  private let rows: ResidualRows
  private let frame: ResidualFrame
  private let strata: Int
  private let stratumCounts: [Double]

  var start: [Double] { correlation.start + [Double](repeating: 0, count: strata - 1) }

  init(_ rows: ResidualRows, frame: ResidualFrame, kind: DecayingCorrelation.Kind) {
    self.rows = rows
    self.frame = frame
    strata = frame.stratumNames.count
    var counts = [Double](repeating: 0, count: strata)
    for stratum in frame.strata { counts[Int(stratum)] += 1 }
    stratumCounts = counts
    var gaps: [Double] = []
    for block in 0..<frame.blocks {
      let range = frame.blockStarts[block]..<frame.blockStarts[block + 1]
      for position in range.dropFirst() {
        gaps.append(frame.times[position] - frame.times[position - 1])
      }
    }
    gaps.sort()
    correlation = DecayingCorrelation(
      kind: kind, medianGap: gaps.isEmpty ? 1 : gaps[gaps.count / 2])
  }

  private func ratios(_ parameters: [Double]) -> [Double] {
    [1] + parameters.dropFirst(correlation.count).map { Double.exp($0) }
  }

  func products(at parameters: [Double]) -> WhitenedProducts? {
    let constants = correlation.constants(parameters)
    let inverse = ratios(parameters).map { 1 / $0 }
    let (effects, width) = (rows.effects, rows.width)
    let fixed = width - effects
    var products = GroupProducts(effects: effects, width: fixed, groups: frame.groups)
    var total = [Double](repeating: 0, count: fixed * (fixed + 1) / 2)
    var prediction = [Double](repeating: 0, count: width)
    var surprise = prediction
    var whitened = prediction
    var logarithm = -2 * dot(stratumCounts, inverse.map { Double.log($0) })
    var (explained, variance, gain) = (0.0, 1.0, 0.0)
    var (group, block) = (0, 0)
    for position in 0..<rows.count {
      while position >= frame.groupStarts[group + 1] { group += 1 }
      while position >= frame.blockStarts[block + 1] { block += 1 }
      if position == frame.blockStarts[block] {
        explained = 0
        for column in 0..<width { prediction[column] = 0 }
      } else {
        let step = correlation.transition(
          constants, parameters[0],
          gap: frame.times[position] - frame.times[position - 1])
        let factor = step.gainDecay * gain / variance
        for column in 0..<width {
          prediction[column] = step.decay * prediction[column] + factor * surprise[column]
        }
        explained =
          step.decay * step.decay * explained + step.gainDecay * gain * factor
      }
      variance = 1 - explained
      gain = constants.first - constants.second * explained
      guard variance > 0 else { return nil }
      logarithm += Double.log(variance)
      let scale = inverse[Int(frame.strata[position])]
      let root = 1 / variance.squareRoot()
      for column in 0..<width {
        surprise[column] = scale * rows.values[position * width + column] - prediction[column]
        whitened[column] = root * surprise[column]
      }
      products.counts[group] += 1
      var target = group * products.gramSize
      for row in 0..<effects {
        for column in 0...row {
          products.gram[target] += whitened[row] * whitened[column]
          target += 1
        }
      }
      target = group * products.crossSize
      for row in 0..<effects {
        for column in effects..<width {
          products.cross[target] += whitened[row] * whitened[column]
          target += 1
        }
      }
      target = 0
      for row in effects..<width {
        for column in effects...row {
          total[target] += whitened[row] * whitened[column]
          target += 1
        }
      }
    }
    guard logarithm.isFinite else { return nil }
    products.total = Matrix(rows: fixed, columns: fixed) { total[packed($0, $1)] }
    return WhitenedProducts(products: products, logDeterminant: logarithm)
  }

  func relativeCovariance(of block: Int, at parameters: [Double]) -> Matrix {
    let constants = correlation.constants(parameters)
    let ratios = ratios(parameters)
    let first = frame.blockStarts[block]
    let count = frame.blockStarts[block + 1] - first
    return Matrix(rows: count, columns: count) { row, column in
      let size =
        ratios[Int(frame.strata[first + row])] * ratios[Int(frame.strata[first + column])]
      guard row != column else { return size }
      let gap = abs(frame.times[first + row] - frame.times[first + column])
      return size * correlation.correlation(constants, gap: gap)
    }
  }
}

extension RowwiseProducts {
  /// How the recursion changes with one parameter.
  private struct Tangent {
    var explained = 0.0
    var gain = 0.0
    /// Of G/F.
    var ratio = 0.0
    var prediction: [Double]
    var surprise: [Double]
  }

  func gradient(at parameters: [Double], adjoint: ProductAdjoint) -> [Double] {
    let constants = correlation.constants(parameters)
    let inverse = ratios(parameters).map { 1 / $0 }
    let width = rows.width
    let zeros = [Double](repeating: 0, count: width)
    let count = parameters.count
    var gradient = [Double](repeating: 0, count: count)
    for stratum in 1..<max(1, strata) {
      gradient[correlation.count + stratum - 1] = 2 * stratumCounts[stratum]
    }
    var tangents = [Tangent](
      repeating: Tangent(prediction: zeros, surprise: zeros), count: count)
    var (prediction, surprise, slope) = (zeros, zeros, zeros)
    var (explained, variance, gain) = (0.0, 1.0, 0.0)
    var weight = AdjointMatrix(adjoint)
    var (group, block) = (-1, 0)
    for position in 0..<rows.count {
      while group < 0 || position >= frame.groupStarts[group + 1] {
        group += 1
        weight.load(group, of: adjoint)
      }
      while position >= frame.blockStarts[block + 1] { block += 1 }
      if position == frame.blockStarts[block] {
        explained = 0
        prediction = zeros
        for parameter in 0..<count {
          tangents[parameter].explained = 0
          tangents[parameter].prediction = zeros
        }
      } else {
        let step = correlation.transition(
          constants, parameters[0],
          gap: frame.times[position] - frame.times[position - 1])
        let ratio = gain / variance
        for parameter in 0..<count {
          let (decay, gainDecay) =
            parameter == 0 ? (step.decaySlope, step.gainDecaySlope) : (0, 0)
          let bySurprise =
            gainDecay * ratio + step.gainDecay * tangents[parameter].ratio
          for column in 0..<width {
            tangents[parameter].prediction[column] =
              decay * prediction[column]
              + step.decay * tangents[parameter].prediction[column]
              + bySurprise * surprise[column]
              + step.gainDecay * ratio * tangents[parameter].surprise[column]
          }
          let own = step.decay * step.decay * tangents[parameter].explained
          let passed = 2 * step.gainDecay * gainDecay * gain * ratio
          tangents[parameter].explained =
            2 * step.decay * decay * explained + own + passed
            + step.gainDecay * step.gainDecay
            * (tangents[parameter].gain * ratio + gain * tangents[parameter].ratio)
        }
        for column in 0..<width {
          prediction[column] =
            step.decay * prediction[column] + step.gainDecay * ratio * surprise[column]
        }
        explained =
          step.decay * step.decay * explained
          + step.gainDecay * step.gainDecay * gain * ratio
      }
      variance = 1 - explained
      gain = constants.first - constants.second * explained
      let stratum = Int(frame.strata[position])
      let root = 1 / variance.squareRoot()
      for column in 0..<width {
        surprise[column] =
          inverse[stratum] * rows.values[position * width + column] - prediction[column]
      }
      // slope: the derivative of the criterion by the whitened row.
      for row in 0..<width {
        var sum = 0.0
        for column in 0..<width { sum += weight.elements[row * width + column] * surprise[column] }
        slope[row] = root * sum
      }
      for parameter in 0..<count {
        let change = tangents[parameter].explained
        let (first, second) =
          parameter < correlation.count ? constants.slopes[parameter] : (0, 0)
        tangents[parameter].gain = first - second * explained - constants.second * change
        tangents[parameter].ratio =
          (tangents[parameter].gain + gain / variance * change) / variance
        let isOwn = parameter - correlation.count == stratum - 1 && stratum > 0
        var sum = 0.0
        for column in 0..<width {
          let row = isOwn ? -inverse[stratum] * rows.values[position * width + column] : 0
          let moved = row - tangents[parameter].prediction[column]
          tangents[parameter].surprise[column] = moved
          sum += slope[column] * (moved + surprise[column] * change / (2 * variance))
        }
        gradient[parameter] += root * sum - change / variance
      }
    }
    return gradient
  }
}

/// The derivative of a criterion by [Z X y]′[Z X y] of one group, times the two of a square.
private struct AdjointMatrix {
  private(set) var elements: [Double]
  private let effects: Int
  private let width: Int

  init(_ adjoint: ProductAdjoint) {
    effects = adjoint.effects
    width = adjoint.effects + adjoint.width
    elements = [Double](repeating: 0, count: width * width)
    for row in 0..<adjoint.width {
      for column in 0...row {
        set(effects + row, effects + column, adjoint.total[packed(row, column)])
      }
    }
  }

  mutating func load(_ group: Int, of adjoint: ProductAdjoint) {
    let gram = group * effects * (effects + 1) / 2
    let cross = group * effects * adjoint.width
    for row in 0..<effects {
      for column in 0...row { set(row, column, adjoint.gram[gram + packed(row, column)]) }
      for column in 0..<adjoint.width {
        set(row, effects + column, adjoint.cross[cross + row * adjoint.width + column])
      }
    }
  }

  private mutating func set(_ row: Int, _ column: Int, _ value: Double) {
    elements[row * width + column] = row == column ? 2 * value : value
    elements[column * width + row] = elements[row * width + column]
  }
}
