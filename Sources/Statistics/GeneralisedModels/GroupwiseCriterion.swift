import RealModule

/// Laplace's approximation or adaptive Gauss-Hermite quadrature for one grouping factor.
///
/// For each group, with T the covariance factor, u = Tv and F(v) = −2ℓ(η₀ + ZTv) + |v|²: the mode v̂
/// minimises F, H = T′Z′WZT + I is half its curvature there, and −2 log of the group's likelihood is
/// F(v̂) + log|H| (Laplace), or log|H| − 2 log Σ_k w_k exp(|z_k|² − F(v_k)/2) at the nodes
/// v_k = v̂ + √2 L⁻ᵀz_k, H = LL′ (Pinheiro & Bates 1995, *Approximations to the log-likelihood
/// function in the nonlinear mixed-effects model*, section 2).
///
/// The gradient is in closed form and moves the modes and the nodes along. Let K be the derivative
/// of a group's value by H, h = diag(ZTKT′Z′), b = Z′(h·w′), and a = H⁻¹(T′b + G), with G the mean
/// of F′ over the nodes. Then the derivative by the linear predictor of a row is
/// γ = −2ℓ̄′ + h·w′ − w·ZTa, by β it is X′γ, and by T
/// −2 Σ_k p_k s_k v_k′ + 2ATK + bv̂′ + sa′ − ATav̂′, where s = Z′ℓ′ and A = Z′WZ.
final class GroupwiseCriterion<Kernel: RowKernel> {
  let rows: GeneralisedRows
  let layout: RandomLayout
  /// The random effects of a group.
  let size: Int
  /// The first row of each group; one more entry than groups.
  let starts: [Int]
  /// The random-effect columns, one after another.
  let design: [Double]
  /// The fixed columns, one after another.
  let columns: [Double]
  let rule: QuadratureRule
  private var kernel: Kernel
  /// Each group's mode when last evaluated: where the next search starts.
  private var warmModes: [Double]

  /// What all groups share at one point.
  struct Run {
    /// T by rows.
    var factor: [Double]
    /// The fixed effects.
    var coefficients: [Double]
    var kernel: Kernel
  }

  init(_ rows: GeneralisedRows, kernel: Kernel, rule: QuadratureRule) {
    let factor = rows.factors[0]
    self.rows = rows
    self.kernel = kernel
    self.rule = rule
    layout = factor.layout
    size = factor.layout.effects
    var starts = [Int](repeating: 0, count: factor.levels + 1)
    for code in factor.codes { starts[Int(code) + 1] += 1 }
    for level in 0..<factor.levels { starts[level + 1] += starts[level] }
    self.starts = starts
    design = factor.columns.flatMap(\.self)
    columns = rows.fixed.flatMap(\.self)
    warmModes = [Double](repeating: 0, count: factor.levels * factor.layout.effects)
  }

  var parameterCount: Int {
    layout.parameterCount + rows.fixed.count + kernel.auxiliaryCount
  }

  var groups: Int { starts.count - 1 }
  private var isLaplace: Bool { rule.count == 1 }

  func evaluate(_ parameters: [Double]) -> (value: Double, gradient: [Double])? {
    guard let run = prepare(parameters) else { return nil }
    var total = -2 * run.kernel.constant
    var sums = GroupSums(
      fixed: [Double](repeating: 0, count: rows.fixed.count),
      factor: [Double](repeating: 0, count: size * size),
      auxiliary: run.kernel.constantGradient.map { -2 * $0 })
    var state = makeState()
    for group in 0..<groups {
      guard findMode(of: group, run: run, state: &state) else { return nil }
      total +=
        isLaplace
        ? laplace(of: group, run: run, state: &state)
        : quadrature(of: group, run: run, state: &state)
      guard total.isFinite else { return nil }
      total += collect(group, run: run, state: &state, into: &sums)
    }
    let gradient =
      layout.entries.map { sums.factor[$0.row * size + $0.column] } + sums.fixed
      + sums.auxiliary
    guard gradient.allSatisfy(\.isFinite) else { return nil }
    return (total, gradient)
  }

  func modes(_ parameters: [Double]) -> ModeSummary? {
    guard let run = prepare(parameters) else { return nil }
    var state = makeState()
    let factor = layout.factor(Array(parameters.prefix(layout.parameterCount)))
    var summary = ModeSummary(
      values: [Matrix(rows: groups, columns: size)], covariances: [[]],
      predictor: [Double](repeating: 0, count: rows.count))
    for group in 0..<groups {
      guard findMode(of: group, run: run, state: &state) else { return nil }
      invert(&state, run: run)
      let inverse = Matrix(rows: size, columns: size) { state.inverse[$0 * size + $1] }
      summary.covariances[0].append((factor * inverse * factor.transposed).symmetrised)
      let effects = factor * state.mode
      for (effect, value) in effects.enumerated() { summary.values[0][group, effect] = value }
      for (local, row) in (starts[group]..<starts[group + 1]).enumerated() {
        summary.predictor[row] = state.rows.predictor(local)
      }
    }
    return summary
  }

  /// Splits the parameters and computes what all groups share.
  private func prepare(_ parameters: [Double]) -> Run? {
    let variances = layout.parameterCount
    let fixed = rows.fixed.count
    guard parameters.allSatisfy(\.isFinite),
      kernel.prepare(Array(parameters[(variances + fixed)...]))
    else { return nil }
    return Run(
      factor: layout.factor(Array(parameters.prefix(variances))).elements,
      coefficients: Array(parameters[variances..<(variances + fixed)]),
      kernel: kernel)
  }

  private func makeState() -> GroupState {
    let longest = (0..<groups).reduce(0) { max($0, starts[$1 + 1] - starts[$1]) }
    return GroupState(size: size, rows: longest, points: rule.count)
  }

  /// The mode of a group, from where it was last found or from 0.
  ///
  /// - Returns: Whether there is one; `state` then holds the rows there.
  private func findMode(of group: Int, run: Run, state: inout GroupState) -> Bool {
    GroupLoops.predict(
      starts[group]..<starts[group + 1], offset: rows.offset, columns: columns,
      coefficients: run.coefficients, into: &state.predictor)
    for effect in 0..<size { state.mode[effect] = warmModes[group * size + effect] }
    if !searchMode(of: group, run: run, state: &state) {
      for effect in 0..<size { state.mode[effect] = 0 }
      guard searchMode(of: group, run: run, state: &state) else { return false }
    }
    for effect in 0..<size { warmModes[group * size + effect] = state.mode[effect] }
    return true
  }
}
