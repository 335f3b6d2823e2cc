import RealModule

extension GroupwiseCriterion {
  /// The Cholesky factor and the inverse of H with the weights of the determinant.
  func invert(_ state: inout GroupState, run: Run) {
    SmallTriangle.decompose(
      state.weightGram, factor: run.factor, size: size, work: &state.work,
      into: &state.weightFactor)
    SmallTriangle.invert(state.weightFactor, size: size, into: &state.inverse)
  }

  /// log|H|.
  private func logDeterminant(_ state: GroupState) -> Double {
    var product = 1.0
    for effect in 0..<size { product *= state.weightFactor[effect * size + effect] }
    guard product.isFinite else {
      return (0..<size).reduce(0) { $0 + 2 * Double.log(state.weightFactor[$1 * size + $1]) }
    }
    return 2 * Double.log(product)
  }

  /// −2 log of a group's likelihood by Laplace's approximation, with what the gradient needs.
  func laplace(of group: Int, run: Run, state: inout GroupState) -> Double {
    invert(&state, run: run)
    var value = -2 * state.logLikelihood + logDeterminant(state)
    for row in 0..<size {
      value += state.mode[row] * state.mode[row]
      state.meanSlope[row] = -2 * state.residual[row]
      for column in 0..<size {
        let position = row * size + column
        state.pull[position] = state.inverse[position]
        state.scoreModes[position] = state.scoreSums[row] * state.mode[column]
      }
    }
    GroupLoops.copyScores(
      count: starts[group + 1] - starts[group], rows: state.rows, scores: &state.meanScore)
    return value
  }

  /// −2 log of a group's likelihood by adaptive Gauss-Hermite quadrature, with what the gradient
  /// needs.
  func quadrature(of group: Int, run: Run, state: inout GroupState) -> Double {
    invert(&state, run: run)
    let range = starts[group]..<starts[group + 1]
    let reference = state.logLikelihood - squaredLength(state.mode) / 2
    var largest = -Double.infinity
    for point in 0..<rule.count {
      for effect in 0..<size { state.vector[effect] = rule.nodes[point * size + effect] }
      SmallTriangle.solveUpper(state.weightFactor, size: size, &state.vector)
      for effect in 0..<size {
        state.vector[effect] += state.mode[effect]
        state.nodeModes[point * size + effect] = state.vector[effect]
      }
      SmallTriangle.multiply(run.factor, state.vector, size: size, into: &state.effects)
      let likelihood = GroupLoops.readNode(
        range, point: point, kernel: run.kernel, design: design, stride: rows.count,
        predictor: state.predictor, effects: state.effects, predictors: &state.nodePredictors,
        scores: &state.nodeScores, sums: &state.nodeSums)
      let logarithm =
        rule.logWeights[point] + likelihood - squaredLength(state.vector) / 2 - reference
      state.shares[point] = logarithm
      largest = max(largest, logarithm)
    }
    var total = 0.0
    for point in 0..<rule.count {
      let share = Double.exp(state.shares[point] - largest)
      state.shares[point] = share
      total += share
    }
    for point in 0..<rule.count { state.shares[point] /= total }
    average(count: range.count, run: run, state: &state)
    return logDeterminant(state) - 2 * (Double.log(total) + largest + reference)
  }

  private func squaredLength(_ vector: [Double]) -> Double {
    var sum = 0.0
    for effect in 0..<size { sum += vector[effect] * vector[effect] }
    return sum
  }

  /// The means over nodes that the gradient needs: scores, slopes, and the pull on H.
  private func average(count: Int, run: Run, state: inout GroupState) {
    for position in 0..<(size * size) {
      state.scoreModes[position] = 0
      state.outer[position] = 0
    }
    for effect in 0..<size { state.meanSlope[effect] = 0 }
    GroupLoops.average(
      count: count, shares: state.shares, scores: state.nodeScores, means: &state.meanScore)
    for point in 0..<rule.count {
      let share = state.shares[point]
      let base = point * size
      for column in 0..<size {
        let mode = state.nodeModes[base + column]
        var sum = -mode
        for row in column..<size {
          sum += run.factor[row * size + column] * state.nodeSums[base + row]
        }
        state.vector[column] = -2 * sum
        state.meanSlope[column] += share * state.vector[column]
        for row in 0..<size {
          state.scoreModes[row * size + column] += share * state.nodeSums[base + row] * mode
        }
      }
      SmallTriangle.solveLower(state.weightFactor, size: size, &state.vector)
      for row in 0..<size {
        let node = share * rule.nodes[base + row]
        for column in 0...row {
          state.outer[row * size + column] += node * state.vector[column]
        }
      }
    }
    // K = H⁻¹ − L⁻ᵀ sym(Φ(N)) L⁻¹, Φ the lower triangle with half the diagonal.
    for row in 0..<size {
      for column in 0...row {
        state.work[row * size + column] = state.outer[row * size + column] / 2
        state.work[column * size + row] = state.outer[row * size + column] / 2
      }
    }
    for column in 0..<size {
      SmallTriangle.solveUpper(
        state.weightFactor, size: size, &state.work, offset: column, stride: size)
    }
    for row in 0..<size {
      SmallTriangle.solveUpper(
        state.weightFactor, size: size, &state.work, offset: row * size, stride: 1)
    }
    for position in 0..<(size * size) {
      state.pull[position] = state.inverse[position] - state.work[position]
    }
  }
}
