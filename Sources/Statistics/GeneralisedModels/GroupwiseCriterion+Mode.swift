extension GroupwiseCriterion {
  /// Newton's iteration for a group's mode, from the one in `state`.
  ///
  /// A step is halved until the gradient is shorter in the metric of the curvature that made the
  /// step; the direction always leads there, so the search cannot fail but by overflow.
  ///
  /// - Returns: Whether a mode was found; `state` then holds the rows there.
  func searchMode(of group: Int, run: Run, state: inout GroupState) -> Bool {
    pass(group, run: run, state: &state)
    guard
      var decrement = SmallTriangle.squaredLength(
        state.residual, by: state.observedFactor, size: size, work: &state.vector)
    else { return false }
    var passes = 1
    while decrement > modeTolerance {
      for effect in 0..<size {
        state.origin[effect] = state.mode[effect]
        state.step[effect] = state.residual[effect]
      }
      for position in 0..<(size * size) { state.metric[position] = state.observedFactor[position] }
      SmallTriangle.solveLower(state.metric, size: size, &state.step)
      SmallTriangle.solveUpper(state.metric, size: size, &state.step)
      if size == 1 { bend(&state, run: run) }
      var length = 1.0
      while true {
        for effect in 0..<size {
          state.mode[effect] = state.origin[effect] + length * state.step[effect]
        }
        pass(group, run: run, state: &state)
        passes += 1
        guard passes < mostModePasses else { return false }
        if let next = SmallTriangle.squaredLength(
          state.residual, by: state.metric, size: size, work: &state.vector), next < decrement
        {
          break
        }
        // Rounding, not a long step, is what keeps a gradient this short from shrinking.
        if decrement < 1e-9, state.logLikelihood.isFinite { break }
        length /= 2
      }
      guard
        let next = SmallTriangle.squaredLength(
          state.residual, by: state.observedFactor, size: size, work: &state.vector)
      else { return false }
      if decrement < 1e-9, next >= decrement { break }
      decrement = next
    }
    return true
  }

  /// Halley's step in place of Newton's for a single random effect: the derivative of the curvature
  /// costs nothing beside it, and most groups then need one pass less.
  private func bend(_ state: inout GroupState, run: Run) {
    let factor = run.factor[0]
    let curvature = state.metric[0] * state.metric[0]
    let bend = 1 + state.step[0] * factor * factor * factor * state.slopeSum / (2 * curvature)
    if bend > 0.5, bend < 2 { state.step[0] /= bend }
  }

  /// Reads the rows of a group at the mode in `state`: its likelihood, score and curvatures.
  private func pass(_ group: Int, run: Run, state: inout GroupState) {
    SmallTriangle.multiply(run.factor, state.mode, size: size, into: &state.effects)
    let range = starts[group]..<starts[group + 1]
    if size == 1 {
      let sums = run.kernel.readScalar(
        range, design: design, predictor: state.predictor, effect: state.effects[0],
        into: &state.rows)
      state.logLikelihood = sums.likelihood
      state.scoreSums[0] = sums.score
      state.observedGram[0] = sums.observed
      state.weightGram[0] = sums.weight
      state.slopeSum = sums.slope
    } else {
      state.logLikelihood = GroupLoops.readVector(
        range, kernel: run.kernel, design: design, stride: rows.count, predictor: state.predictor,
        effects: state.effects, into: &state.rows, scores: &state.scoreSums,
        observedGram: &state.observedGram, weightGram: &state.weightGram)
    }
    for column in 0..<size {
      var sum = -state.mode[column]
      for row in column..<size { sum += run.factor[row * size + column] * state.scoreSums[row] }
      state.residual[column] = sum
    }
    SmallTriangle.decompose(
      state.observedGram, factor: run.factor, size: size, work: &state.work,
      into: &state.observedFactor)
  }
}
