extension GroupwiseCriterion {
  /// Adds a group's part of the gradient.
  ///
  /// - Returns: What the group's value would still change if the mode were exact: to first order, and
  ///   for Laplace's approximation with the second order of F.
  func collect(
    _ group: Int, run: Run, state: inout GroupState, into sums: inout GroupSums
  ) -> Double {
    let range = starts[group]..<starts[group + 1]
    spreadPull(run: run, state: &state)
    // Of a single random effect nothing else is needed by row, unless the family has more parameters.
    let isShort = size == 1 && run.kernel.auxiliaryCount == 0
    if isShort {
      state.lean[0] = state.spread[0] * state.slopeSum
    } else {
      GroupLoops.lean(
        range, design: design, stride: rows.count, spread: state.spread, rows: state.rows,
        heights: &state.heights, lean: &state.lean)
    }
    for column in 0..<size {
      var sum = state.meanSlope[column]
      for row in column..<size { sum += run.factor[row * size + column] * state.lean[row] }
      state.adjoint[column] = sum
      state.vector[column] = state.residual[column]
    }
    SmallTriangle.solveLower(state.observedFactor, size: size, &state.vector)
    SmallTriangle.solveUpper(state.observedFactor, size: size, &state.vector)
    var correction = 0.0
    for effect in 0..<size {
      let curved = rule.count == 1 ? state.residual[effect] : 0
      correction += state.vector[effect] * (state.adjoint[effect] + curved)
    }
    SmallTriangle.solveLower(state.observedFactor, size: size, &state.adjoint)
    SmallTriangle.solveUpper(state.observedFactor, size: size, &state.adjoint)
    SmallTriangle.multiply(run.factor, state.adjoint, size: size, into: &state.moved)
    if isShort {
      GroupLoops.scalarGamma(
        range, design: design, spread: state.spread[0], moved: state.moved[0], rows: state.rows,
        scores: state.meanScore, gamma: &state.gamma)
    } else {
      GroupLoops.gamma(
        range, design: design, stride: rows.count, moved: state.moved, rows: state.rows,
        heights: state.heights, scores: state.meanScore, gamma: &state.gamma)
    }
    GroupLoops.addProducts(
      range, columns: columns, rowCount: rows.count, gamma: state.gamma, to: &sums.fixed)
    if run.kernel.auxiliaryCount > 0 {
      addAuxiliary(range, run: run, state: state, to: &sums)
    }
    addFactor(run: run, state: state, to: &sums)
    return correction
  }

  /// TKT′.
  private func spreadPull(run: Run, state: inout GroupState) {
    for row in 0..<size {
      for column in 0..<size {
        var sum = 0.0
        for inner in 0...row {
          for other in 0...column {
            sum +=
              run.factor[row * size + inner] * state.pull[inner * size + other]
              * run.factor[column * size + other]
          }
        }
        state.spread[row * size + column] = sum
      }
    }
  }

  private func addAuxiliary(
    _ range: Range<Int>, run: Run, state: GroupState, to sums: inout GroupSums
  ) {
    let isLaplace = rule.count == 1
    for row in range {
      let local = row - range.lowerBound
      var shift = 0.0
      for effect in 0..<size { shift += design[effect * rows.count + row] * state.moved[effect] }
      run.kernel.addAuxiliary(
        row, state.rows.predictor(local), likelihood: isLaplace ? -2 : 0, score: shift,
        weight: state.heights[local], to: &sums.auxiliary)
    }
    guard !isLaplace else { return }
    for point in 0..<rule.count {
      let stride = point * range.count - range.lowerBound
      for row in range {
        run.kernel.addAuxiliary(
          row, state.nodePredictors[stride + row], likelihood: -2 * state.shares[point], score: 0,
          weight: 0, to: &sums.auxiliary)
      }
    }
  }

  /// −2 Σ_k p_k s_k v_k′ + 2ATK + bv̂′ + sa′ − ATav̂′.
  private func addFactor(run: Run, state: GroupState, to sums: inout GroupSums) {
    for row in 0..<size {
      var turned = 0.0
      for inner in 0..<size {
        turned += state.observedGram[row * size + inner] * state.moved[inner]
      }
      for column in 0...row {
        var trace = 0.0
        for inner in 0..<size {
          for other in 0...inner {
            trace +=
              state.weightGram[row * size + inner] * run.factor[inner * size + other]
              * state.pull[other * size + column]
          }
        }
        sums.factor[row * size + column] +=
          -2 * state.scoreModes[row * size + column] + 2 * trace
          + (state.lean[row] - turned) * state.mode[column]
          + state.scoreSums[row] * state.adjoint[column]
      }
    }
  }
}
