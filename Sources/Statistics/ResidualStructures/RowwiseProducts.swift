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
    let (values, times) = (rows.values, frame.times)
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
          gap: times[position] - times[position - 1])
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
        surprise[column] = scale * values[position * width + column] - prediction[column]
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

  func relativeVariances(of block: Int, at parameters: [Double]) -> [Double] {
    let ratios = ratios(parameters)
    return (frame.blockStarts[block]..<frame.blockStarts[block + 1]).map {
      ratios[Int(frame.strata[$0])] * ratios[Int(frame.strata[$0])]
    }
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
  func gradient(at parameters: [Double], adjoint: ProductAdjoint) -> [Double] {
    let constants = correlation.constants(parameters)
    let inverse = ratios(parameters).map { 1 / $0 }
    let (width, count, own) = (rows.width, parameters.count, correlation.count)
    let (values, times, stratumOf) = (rows.values, frame.times, frame.strata)
    let slopes =
      constants.slopes + [(first: Double, second: Double)](repeating: (0, 0), count: count - own)
    var gradient = [Double](repeating: 0, count: count)
    for stratum in 1..<max(1, strata) { gradient[own + stratum - 1] = 2 * stratumCounts[stratum] }
    // Everything of the recursion, and by parameter how it changes with that parameter.
    var prediction = [Double](repeating: 0, count: width)
    var surprise = prediction
    var slope = prediction
    var predictionTangents = [Double](repeating: 0, count: width * count)
    var surpriseTangents = predictionTangents
    var explainedTangents = [Double](repeating: 0, count: count)
    var gainTangents = explainedTangents
    var ratioTangents = explainedTangents
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
        for column in prediction.indices { prediction[column] = 0 }
        for place in predictionTangents.indices { predictionTangents[place] = 0 }
        for parameter in 0..<count { explainedTangents[parameter] = 0 }
      } else {
        let step = correlation.transition(
          constants, parameters[0], gap: times[position] - times[position - 1])
        let ratio = gain / variance
        let bySurpriseTangent = step.gainDecay * ratio
        for parameter in 0..<count {
          let (decay, gainDecay) =
            parameter == 0 ? (step.decaySlope, step.gainDecaySlope) : (0, 0)
          let bySurprise = gainDecay * ratio + step.gainDecay * ratioTangents[parameter]
          let start = parameter * width
          for column in 0..<width {
            predictionTangents[start + column] =
              decay * prediction[column] + step.decay * predictionTangents[start + column]
              + bySurprise * surprise[column]
              + bySurpriseTangent * surpriseTangents[start + column]
          }
          let passed = 2 * step.gainDecay * gainDecay * gain * ratio
          explainedTangents[parameter] =
            2 * step.decay * decay * explained
            + step.decay * step.decay * explainedTangents[parameter] + passed
            + step.gainDecay * step.gainDecay
            * (gainTangents[parameter] * ratio + gain * ratioTangents[parameter])
        }
        for column in 0..<width {
          prediction[column] =
            step.decay * prediction[column] + bySurpriseTangent * surprise[column]
        }
        explained =
          step.decay * step.decay * explained
          + step.gainDecay * step.gainDecay * gain * ratio
      }
      variance = 1 - explained
      gain = constants.first - constants.second * explained
      let stratum = Int(stratumOf[position])
      let scale = inverse[stratum]
      let first = position * width
      for column in 0..<width {
        surprise[column] = scale * values[first + column] - prediction[column]
      }
      weight.multiply(surprise, into: &slope)
      for parameter in 0..<count {
        let change = explainedTangents[parameter]
        gainTangents[parameter] =
          slopes[parameter].first - slopes[parameter].second * explained
          - constants.second * change
        ratioTangents[parameter] =
          (gainTangents[parameter] + gain / variance * change) / variance
        let rowScale = stratum > 0 && parameter == own + stratum - 1 ? -scale : 0
        let half = change / (2 * variance)
        let start = parameter * width
        var sum = 0.0
        for column in 0..<width {
          let moved = rowScale * values[first + column] - predictionTangents[start + column]
          surpriseTangents[start + column] = moved
          sum += slope[column] * (moved + surprise[column] * half)
        }
        gradient[parameter] += (sum - change) / variance
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

  /// The product with a row.
  func multiply(_ row: [Double], into result: inout [Double]) {
    var place = 0
    for target in 0..<width {
      var sum = 0.0
      for column in 0..<width {
        sum += elements[place] * row[column]
        place += 1
      }
      result[target] = sum
    }
  }

  private mutating func set(_ row: Int, _ column: Int, _ value: Double) {
    elements[row * width + column] = row == column ? 2 * value : value
    elements[column * width + row] = elements[row * width + column]
  }
}
