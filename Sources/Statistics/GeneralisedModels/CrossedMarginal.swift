import RealModule

/// Laplace's approximation for several grouping factors, nested or crossed.
///
/// The modes of all random effects are found together. With ζ = T′z the row of ZΛ that belongs to a
/// row of the data, H = Σ w ζζ′ + I is sparse; its Cholesky factor gives the modes and log|H|, and
/// the entries of its inverse on the same pattern give the gradient: with h = ζ′H⁻¹ζ, b = Σ h w′ ζ
/// and a = H⁻¹(b + F′), the derivative by a row's linear predictor is γ = −2ℓ′ + h w′ − w ζ′a and
/// by ζ it is γv̂ + ℓ′a + 2wH⁻¹ζ.
final class CrossedMarginal<Kernel: RowKernel> {
  private let rows: GeneralisedRows
  private let layout: CrossedLayout
  private var kernel: Kernel
  private var warmModes: [Double]

  init(_ rows: GeneralisedRows, kernel: Kernel) {
    self.rows = rows
    self.kernel = kernel
    let layout = CrossedLayout(rows)
    self.layout = layout
    warmModes = [Double](repeating: 0, count: layout.size)
  }

  var parameterCount: Int { rows.thetaCount + rows.fixed.count + kernel.auxiliaryCount }

  /// What stays the same while the modes are sought.
  private struct Run {
    var factors: [Matrix]
    /// ζ by sorted row.
    var loadings: [Double]
    var predictor: [Double]
  }

  /// The rows at one point of the search for the modes.
  private struct State {
    var modes: [Double]
    var terms: [RowTerms]
    var eta: [Double]
    var logLikelihood: Double
    /// Half of −F′.
    var residual: [Double]
    var curvature: SparseMatrix
  }

  private func prepare(_ parameters: [Double]) -> Run? {
    let variances = rows.thetaCount
    let fixed = rows.fixed.count
    guard parameters.allSatisfy(\.isFinite),
      kernel.prepare(Array(parameters[(variances + fixed)...]))
    else { return nil }
    let factors = rows.factorMatrices(at: parameters)
    let width = layout.width
    var loadings = [Double](repeating: 0, count: rows.count * width)
    var first = 0
    for (factor, triangle) in zip(rows.factors, factors) {
      for column in 0..<factor.layout.effects {
        for effect in column..<factor.layout.effects where triangle[effect, column] != 0 {
          let scale = triangle[effect, column]
          let values = factor.columns[effect]
          for row in 0..<rows.count {
            loadings[row * width + first + column] += scale * values[row]
          }
        }
      }
      first += factor.layout.effects
    }
    return Run(
      factors: factors, loadings: loadings,
      predictor: rows.fixedPredictor(parameters[variances..<(variances + fixed)]))
  }

  private func read(_ modes: [Double], run: Run) -> State {
    let width = layout.width
    var state = State(
      modes: modes, terms: [], eta: run.predictor, logLikelihood: 0,
      residual: modes.map { -$0 }, curvature: SparseMatrix(layout.pattern))
    state.terms.reserveCapacity(rows.count)
    for row in 0..<rows.count {
      let base = row * width
      var eta = run.predictor[row]
      for entry in 0..<width {
        eta += run.loadings[base + entry] * modes[Int(layout.indices[base + entry])]
      }
      let terms = kernel.terms(row, eta)
      state.eta[row] = eta
      state.terms.append(terms)
      state.logLikelihood += terms.logLikelihood
      if terms.factor != 1 { state.logLikelihood -= Double.log(terms.factor) }
      for entry in 0..<width {
        state.residual[Int(layout.indices[base + entry])] +=
          terms.score * run.loadings[base + entry]
      }
    }
    state.curvature = curvature(run, weights: state.terms.map(\.observed))
    return state
  }

  /// H with some weights.
  private func curvature(_ run: Run, weights: [Double]) -> SparseMatrix {
    let width = layout.width
    var matrix = SparseMatrix(layout.pattern)
    for position in 0..<layout.size { matrix.diagonal[position] = 1 }
    for row in 0..<rows.count {
      let base = row * width
      var pair = row * layout.pairCount
      for high in 0..<width {
        let left = weights[row] * run.loadings[base + high]
        matrix.diagonal[Int(layout.indices[base + high])] += left * run.loadings[base + high]
        for low in 0..<high {
          matrix.lower[Int(layout.pairs[pair])] += left * run.loadings[base + low]
          pair += 1
        }
      }
    }
    return matrix
  }

  /// Newton's iteration for all modes, halving steps as for a single group.
  private func findModes(_ run: Run) -> (state: State, factor: SparseMatrix)? {
    if let found = searchModes(run, from: warmModes) { return found }
    return searchModes(run, from: [Double](repeating: 0, count: layout.size))
  }

  private func searchModes(
    _ run: Run, from start: [Double]
  ) -> (state: State, factor: SparseMatrix)? {
    let pattern = layout.pattern
    func length(_ residual: [Double], _ metric: SparseMatrix) -> Double {
      var vector = residual
      pattern.solveLower(metric, &vector)
      return dot(vector, vector)
    }
    var state = read(start, run: run)
    var factor = state.curvature
    guard pattern.factorise(&factor) else { return nil }
    var decrement = length(state.residual, factor)
    guard decrement.isFinite else { return nil }
    var passes = 1
    // The tolerance is one for each random effect, as it is for one group.
    let tolerance = modeTolerance * Double(layout.size)
    while decrement > tolerance {
      var step = state.residual
      pattern.solveLower(factor, &step)
      pattern.solveUpper(factor, &step)
      var share = 1.0
      var next = state
      while true {
        next = read(zip(state.modes, step).map { $0 + share * $1 }, run: run)
        passes += 1
        guard passes < mostModePasses else { return nil }
        let shortened = length(next.residual, factor)
        if shortened < decrement { break }
        if decrement < 1e-9, next.logLikelihood.isFinite { break }
        share /= 2
      }
      state = next
      factor = state.curvature
      guard pattern.factorise(&factor) else { return nil }
      let shortened = length(state.residual, factor)
      guard shortened.isFinite else { return nil }
      if decrement < 1e-9, shortened >= decrement { break }
      decrement = shortened
    }
    warmModes = state.modes
    return (state, factor)
  }

  /// The Cholesky factor of H with the weights of the determinant.
  private func determinantFactor(_ run: Run, state: State, factor: SparseMatrix) -> SparseMatrix? {
    guard state.terms.contains(where: { $0.weight != $0.observed }) else { return factor }
    var other = curvature(run, weights: state.terms.map(\.weight))
    return layout.pattern.factorise(&other) ? other : nil
  }

  func evaluate(_ parameters: [Double]) -> (value: Double, gradient: [Double])? {
    guard let run = prepare(parameters), let (state, factor) = findModes(run),
      let weighted = determinantFactor(run, state: state, factor: factor)
    else { return nil }
    let inverse = layout.pattern.selectedInverse(weighted)
    let width = layout.width
    // H⁻¹ζ and h by row, and b.
    var solved = [Double](repeating: 0, count: rows.count * width)
    var heights = [Double](repeating: 0, count: rows.count)
    var adjoint = state.residual.map { -2 * $0 }
    for row in 0..<rows.count {
      let base = row * width
      var pair = row * layout.pairCount
      for high in 0..<width {
        solved[base + high] +=
          inverse.diagonal[Int(layout.indices[base + high])] * run.loadings[base + high]
        for low in 0..<high {
          let entry = inverse.lower[Int(layout.pairs[pair])]
          solved[base + high] += entry * run.loadings[base + low]
          solved[base + low] += entry * run.loadings[base + high]
          pair += 1
        }
      }
      for entry in 0..<width {
        heights[row] += run.loadings[base + entry] * solved[base + entry]
      }
      let pulled = heights[row] * state.terms[row].weightSlope
      for entry in 0..<width {
        adjoint[Int(layout.indices[base + entry])] += pulled * run.loadings[base + entry]
      }
    }
    var missing = state.residual
    layout.pattern.solveLower(factor, &missing)
    layout.pattern.solveUpper(factor, &missing)
    let value =
      -2 * (state.logLikelihood + kernel.constant) + dot(state.modes, state.modes)
      + weighted.logDeterminant + dot(missing, adjoint) + dot(missing, state.residual)
    layout.pattern.solveLower(factor, &adjoint)
    layout.pattern.solveUpper(factor, &adjoint)
    let gradient = gradient(
      run, state: state, solved: solved, heights: heights, adjoint: adjoint)
    guard value.isFinite, gradient.allSatisfy(\.isFinite) else { return nil }
    return (value, gradient)
  }

  private func gradient(
    _ run: Run, state: State, solved: [Double], heights: [Double], adjoint: [Double]
  ) -> [Double] {
    let width = layout.width
    var gamma = heights
    var auxiliary = kernel.constantGradient.map { -2 * $0 }
    // The derivative by ζ.
    var turned = solved
    for row in 0..<rows.count {
      let base = row * width
      let terms = state.terms[row]
      var shift = 0.0
      for entry in 0..<width {
        shift += run.loadings[base + entry] * adjoint[Int(layout.indices[base + entry])]
      }
      gamma[row] =
        -2 * terms.score + heights[row] * terms.weightSlope - terms.observed * shift
      for entry in 0..<width {
        let index = Int(layout.indices[base + entry])
        turned[base + entry] =
          gamma[row] * state.modes[index] + terms.score * adjoint[index]
          + 2 * terms.weight * solved[base + entry]
      }
      if kernel.auxiliaryCount > 0 {
        kernel.addAuxiliary(
          row, state.eta[row], likelihood: -2, score: shift, weight: heights[row], to: &auxiliary)
      }
    }
    var gradient: [Double] = []
    var first = 0
    for factor in rows.factors {
      for entry in factor.layout.entries {
        let values = factor.columns[entry.row]
        var sum = 0.0
        for row in 0..<rows.count {
          sum += values[row] * turned[row * width + first + entry.column]
        }
        gradient.append(sum)
      }
      first += factor.layout.effects
    }
    return gradient + rows.products(gamma) + auxiliary
  }

  func modes(_ parameters: [Double]) -> ModeSummary? {
    guard let run = prepare(parameters), let (state, factor) = findModes(run),
      let weighted = determinantFactor(run, state: state, factor: factor)
    else { return nil }
    let inverse = layout.pattern.selectedInverse(weighted)
    var summary = ModeSummary(values: [], covariances: [], predictor: state.eta)
    for (position, factor) in rows.factors.enumerated() {
      let size = factor.layout.effects
      let triangle = run.factors[position]
      var values = Matrix(rows: factor.levels, columns: size)
      var covariances: [Matrix] = []
      for level in 0..<factor.levels {
        let base = layout.bases[position] + level * size
        let block = Matrix(rows: size, columns: size) { row, column in
          guard row != column else { return inverse.diagonal[base + row] }
          let (high, low) = (max(row, column), min(row, column))
          return layout.pattern.position(row: Int32(base + high), column: base + low)
            .map { inverse.lower[$0] } ?? 0
        }
        covariances.append((triangle * block * triangle.transposed).symmetrised)
        let effects = triangle * Array(state.modes[base..<(base + size)])
        for (effect, value) in effects.enumerated() { values[level, effect] = value }
      }
      summary.values.append(values)
      summary.covariances.append(covariances)
    }
    return summary
  }
}
