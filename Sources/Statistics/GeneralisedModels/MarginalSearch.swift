import RealModule

/// Finds where a marginal criterion is least.
///
/// By the quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno from a differenced Hessian,
/// because a gradient is cheap and a Hessian is not. Where it stops, the Hessian is taken by central
/// differences, as standard errors need it: the search has converged if the Newton decrement is
/// negligible there and no direction curves down. If not, it goes on from a Newton step, or away
/// from the saddle by ``ModifiedNewton``.
struct MarginalSearch {
  let criterion: MarginalCriterion

  /// Where the search stopped.
  struct Outcome {
    var point: [Double]
    var hessian: Matrix
    var record: FitRecord
  }

  /// The quasi-Newton search stops where a quadratic function could fall by no more.
  static let negligibleDecrement = 1e-12
  /// The share of the largest eigenvalue of the Hessian that differences may get wrong.
  static let curvatureError = 1e-7
  /// Several times the most seen over the reference models.
  static let mostSteps = 200
  /// How often the search may start again.
  static let mostRounds = 8
  /// One-sided differences of the gradient: only a start for the search.
  static let startingStep = 1e-4
  /// The parameters are those of standardised columns on the scale of the link, where a unit
  /// matters.
  static let scale = 1.0

  /// A point with its value and gradient.
  private struct Place {
    var point: [Double]
    var value: Double
    var gradient: [Double]
  }

  /// What a search has seen so far.
  private struct Path {
    var steps: [FitRecord.Step] = []
    var evaluations = 0
  }

  /// - Returns: `nil` when the criterion is not defined at the start.
  func minimum(from start: [Double]) -> Outcome? {
    var path = Path()
    guard var place = evaluate(start, &path) else { return nil }
    var curvature = startingCurvature(at: place, &path)
    var reason = FitRecord.Reason.stepLimit
    for _ in 0..<Self.mostRounds {
      descend(&place, curvature: curvature, &path)
      guard let exact = newton.hessian(at: place.point, evaluations: &path.evaluations),
        let eigen = SymmetricEigen(exact)
      else {
        reason = .stalled
        break
      }
      curvature = exact
      let plan = plan(gradient: place.gradient, eigen: eigen)
      let least = eigen.values.last ?? 0
      path.steps.append(
        FitRecord.Step(
          parameters: place.point, criterion: place.value, decrement: plan.decrement,
          leastCurvature: least))
      if least < -Self.curvatureError * max(1, eigen.values.first ?? 0) {
        guard let away = newton.minimum(from: place.point),
          let next = evaluate(away.point, &path), next.value < place.value
        else {
          reason = .stalled
          break
        }
        path.evaluations += away.record.evaluations
        place = next
        continue
      }
      let negligible = max(
        ModifiedNewton.negligibleDecrement, ModifiedNewton.resolution * abs(place.value))
      let next = evaluate(zip(place.point, plan.step).map(+), &path)
      if plan.decrement < ModifiedNewton.roundingDecrement {
        if let next, self.plan(gradient: next.gradient, eigen: eigen).decrement < plan.decrement {
          place = next
        }
        reason = plan.decrement < negligible ? .converged : .precisionReached
        break
      }
      if let next, next.value < place.value { place = next }
    }
    return Outcome(
      point: place.point, hessian: curvature,
      record: FitRecord(
        start: start, steps: path.steps, evaluations: path.evaluations, reason: reason))
  }

  /// Where a search without a last Hessian stopped.
  struct Settled {
    var point: [Double]
    var value: Double
    /// Whether a quadratic function could fall by next to nothing there.
    var isSettled: Bool
  }

  /// Goes down from a point near the minimum; no Hessian is taken where it stops.
  func settled(from start: [Double]) -> Settled? {
    var path = Path()
    guard var place = evaluate(start, &path) else { return nil }
    var isSettled = true
    if !start.isEmpty {
      let curvature = startingCurvature(at: place, &path)
      isSettled = descend(&place, curvature: curvature, &path)
    }
    return Settled(point: place.point, value: place.value, isSettled: isSettled)
  }

  private var newton: ModifiedNewton {
    let count = criterion.parameterCount
    return ModifiedNewton(
      function: { [criterion] point, _ in criterion.evaluate(point) },
      scales: [Double](repeating: Self.scale, count: count))
  }

  /// The Hessian at any point, by central differences.
  func hessian(at point: [Double]) -> Matrix? {
    var evaluations = 0
    return newton.hessian(at: point, evaluations: &evaluations)
  }

  private func evaluate(_ point: [Double], _ path: inout Path) -> Place? {
    path.evaluations += 1
    return criterion.evaluate(point).map {
      Place(point: point, value: $0.value, gradient: $0.gradient)
    }
  }

  /// Goes down until a quadratic function could fall by next to nothing.
  ///
  /// - Returns: Whether it could not, but for rounding.
  @discardableResult
  private func descend(
    _ place: inout Place, curvature start: Matrix, _ path: inout Path
  ) -> Bool {
    var curvature = start
    for _ in 0..<Self.mostSteps {
      guard let eigen = SymmetricEigen(curvature) else { return false }
      let plan = plan(gradient: place.gradient, eigen: eigen)
      guard plan.decrement > Self.negligibleDecrement,
        let next = step(from: place, plan: plan, &path)
      else { return plan.decrement < ModifiedNewton.roundingDecrement }
      path.steps.append(
        FitRecord.Step(
          parameters: place.point, criterion: place.value, decrement: plan.decrement,
          leastCurvature: eigen.values.last ?? 0))
      update(
        &curvature, change: zip(next.point, place.point).map(-),
        turn: zip(next.gradient, place.gradient).map(-))
      place = next
    }
    return false
  }

  /// The Hessian at the start, by differences to one side.
  private func startingCurvature(at place: Place, _ path: inout Path) -> Matrix {
    let point = place.point
    var hessian = Matrix(rows: point.count, columns: point.count)
    for column in point.indices {
      var ahead = point
      ahead[column] += Self.startingStep
      guard let after = evaluate(ahead, &path) else {
        hessian[column, column] = 1
        continue
      }
      for row in point.indices {
        hessian[row, column] =
          (after.gradient[row] - place.gradient[row]) / (ahead[column] - point[column])
      }
    }
    return hessian.symmetrised
  }

  private struct Plan {
    var step: [Double]
    var decrement: Double
  }

  /// The step to the minimum of a quadratic function whose eigenvalues are made positive.
  private func plan(gradient: [Double], eigen: SymmetricEigen) -> Plan {
    let count = gradient.count
    let floor = max((eigen.values.map(abs).max() ?? 0) * 1e-10, .leastNormalMagnitude)
    var plan = Plan(step: [Double](repeating: 0, count: count), decrement: 0)
    for vector in 0..<count {
      let along = (0..<count).reduce(0) { $0 + eigen.vectors[$1, vector] * gradient[$1] }
      let curvature = max(abs(eigen.values[vector]), floor)
      plan.decrement += along * along / curvature / 2
      for row in 0..<count {
        plan.step[row] -= along / curvature * eigen.vectors[row, vector]
      }
    }
    return plan
  }

  /// A point along the step that lowers the criterion enough.
  private func step(from place: Place, plan: Plan, _ path: inout Path) -> Place? {
    let size = plan.step.reduce(0) { max($0, abs($1)) }
    let reach = max(4, 2 * place.point.reduce(0) { max($0, abs($1)) })
    var length = min(1, reach / max(size, .leastNormalMagnitude))
    for _ in 0..<30 {
      let candidate = zip(place.point, plan.step).map { $0 + length * $1 }
      if let found = evaluate(candidate, &path),
        found.value <= place.value - 2e-4 * length * plan.decrement
      {
        return found
      }
      length /= 2
    }
    return nil
  }

  /// The update of Broyden, Fletcher, Goldfarb and Shanno, damped as Powell does so that the matrix
  /// stays positive; an indefinite start is made positive first.
  private func update(_ curvature: inout Matrix, change: [Double], turn: [Double]) {
    if let eigen = SymmetricEigen(curvature), let least = eigen.values.last, least <= 0 {
      let floor = (eigen.values.map(abs).max() ?? 1) * 1e-10
      curvature = eigen.compose { max(abs($0), floor) }
    }
    let pushed = curvature * change
    let along = dot(change, pushed)
    guard along > 0 else { return }
    let measured = dot(change, turn)
    let share = measured >= 0.1 * along ? 1 : 0.9 * along / (along - measured)
    let damped = zip(turn, pushed).map { share * $0 + (1 - share) * $1 }
    let inner = dot(change, damped)
    guard inner > 0, inner.isFinite else { return }
    for row in change.indices {
      for column in change.indices {
        curvature[row, column] +=
          damped[row] * damped[column] / inner - pushed[row] * pushed[column] / along
      }
    }
  }
}
