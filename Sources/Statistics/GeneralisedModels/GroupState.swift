/// What a criterion adds up over groups.
struct GroupSums {
  /// The derivative by the fixed effects.
  var fixed: [Double]
  /// The derivative by T.
  var factor: [Double]
  /// The derivative by the family's own parameters.
  var auxiliary: [Double]
}

/// The work space of one group, made once and used for one group after another.
struct GroupState {
  // By row.
  var rows: GroupRows
  /// The linear predictor without random effects.
  var predictor: [Double]
  /// The derivative by the linear predictor.
  var gamma: [Double]
  /// The score in the mean over nodes.
  var meanScore: [Double]
  /// diag(ZTKT′Z′).
  var heights: [Double]

  // By node, and by node and row.
  var nodeScores: [Double]
  var nodePredictors: [Double]
  /// v_k.
  var nodeModes: [Double]
  /// s_k.
  var nodeSums: [Double]
  /// The weights p of the nodes.
  var shares: [Double]

  // By effect.
  var mode: [Double]
  /// Where a step began.
  var origin: [Double]
  var step: [Double]
  /// Tv.
  var effects: [Double]
  /// T′Z′ℓ′ − v.
  var residual: [Double]
  /// Z′ℓ′.
  var scoreSums: [Double]
  /// G.
  var meanSlope: [Double]
  /// b.
  var lean: [Double]
  /// a.
  var adjoint: [Double]
  /// Ta.
  var moved: [Double]
  var vector: [Double]

  // By pair of effects.
  /// Z′WZ with observed weights.
  var observedGram: [Double]
  /// Z′WZ with the weights of the determinant.
  var weightGram: [Double]
  /// The Cholesky factor of H with observed weights.
  var observedFactor: [Double]
  /// The same where a step began.
  var metric: [Double]
  /// The Cholesky factor of H with the weights of the determinant.
  var weightFactor: [Double]
  var inverse: [Double]
  /// The derivative of the group's value by H.
  var pull: [Double]
  /// TKT′.
  var spread: [Double]
  /// Σ_k p_k s_k v_k′.
  var scoreModes: [Double]
  /// Σ_k p_k √2 z_k (L⁻¹F′(v_k))′.
  var outer: [Double]
  var work: [Double]

  var logLikelihood = 0.0
  /// Of a single random effect, the derivative of `weightGram` by it.
  var slopeSum = 0.0

  /// - Parameters:
  ///   - size: The random effects of a group.
  ///   - rows: The rows of the largest group.
  ///   - points: The nodes of quadrature.
  init(size: Int, rows: Int, points: Int) {
    let row = [Double](repeating: 0, count: rows)
    let vector = [Double](repeating: 0, count: size)
    let square = [Double](repeating: 0, count: size * size)
    self.rows = GroupRows(rows: rows)
    predictor = [Double](repeating: 0, count: self.rows.stride)
    gamma = predictor
    (meanScore, heights) = (row, row)
    let isQuadrature = points > 1
    nodeScores = [Double](repeating: 0, count: isQuadrature ? points * rows : 0)
    nodePredictors = nodeScores
    nodeModes = [Double](repeating: 0, count: isQuadrature ? points * size : 0)
    nodeSums = nodeModes
    shares = [Double](repeating: 0, count: points)
    (mode, origin, step, effects, residual) = (vector, vector, vector, vector, vector)
    (scoreSums, meanSlope, lean, adjoint, moved) = (vector, vector, vector, vector, vector)
    self.vector = vector
    (observedGram, weightGram, observedFactor, metric) = (square, square, square, square)
    (weightFactor, inverse, pull, spread) = (square, square, square, square)
    (scoreModes, outer, work) = (square, square, square)
  }
}
