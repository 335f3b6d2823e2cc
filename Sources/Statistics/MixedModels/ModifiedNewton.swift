/// An unconstrained search for a minimum by Newton steps with the eigenvalues of the Hessian made
/// positive.
///
/// The criterion of a mixed model is even in each column of the relative covariance factor, so a
/// bound at 0 would turn saddles into traps (a bounded search stops there with a gradient of 0).
/// Without bounds, a stationary point whose Hessian has a negative eigenvalue is left along it, and
/// the sign is put right at the end. The Hessian is differenced from the closed-form gradient, on
/// one side while searching, unless the function knows one that is near enough: for steps to fall
/// short a little costs less than several more gradients where those are dear. The search ends by
/// the Newton decrement, which is in units of deviance
/// and so means the same whatever the number of rows, unlike the largest entry of the gradient.
struct ModifiedNewton {
  /// A function at a point.
  struct Sample {
    var value: Double
    var gradient: [Double]
    /// What may stand for the Hessian, positive definite.
    var curvature: Matrix?
  }

  /// A function's value and gradient, `nil` where it is not defined.
  typealias Function = (_ point: [Double], _ withGradient: Bool) -> Sample?

  /// Where the search stopped.
  struct Outcome {
    var point: [Double]
    var value: Double
    var record: FitRecord
  }

  let function: Function
  /// The size of a change of each parameter that matters.
  let scales: [Double]

  init(function: @escaping Function, scales: [Double]) {
    self.function = function
    self.scales = scales
  }

  /// A search whose Hessians are differenced.
  init(
    function:
      @escaping (_ point: [Double], _ withGradient: Bool) -> (
        value: Double, gradient: [Double]
      )?, scales: [Double]
  ) {
    self.init(
      function: { point, withGradient in
        function(point, withGradient).map { Sample(value: $0.value, gradient: $0.gradient) }
      }, scales: scales)
  }

  /// A deviance that no statistic notices: the fixtures' tolerance is a hundred thousand times it.
  static let negligibleDecrement = 1e-11
  /// The share of the deviance itself that rounding takes, beyond which no decrement is resolved.
  static let resolution = 2e-15
  /// What is within rounding when no step gains any more.
  static let roundingDecrement = 1e-6
  /// A curvature, per squared scale, below which a direction counts as leading down.
  static let negativeCurvature = -1e-6
  /// The share of a saddle's promise below which the Newton step is left for the way down.
  static let saddleShare = 0.1
  /// Halvings of a step: to 1e-15 of it, or to 1e-4 where only a way down is tried.
  static let mostHalvings = 50
  static let mostEscapes = 14
  /// Four times the most seen over the reference models.
  static let mostSteps = 100
  /// Central differences of a gradient that is exact to 1e-13 err least near this step.
  static let differenceStep = 1e-4
  /// One-sided differences err by about this share, which costs the search nothing.
  static let searchStep = 1e-6

  /// - Returns: `nil` when the function is not defined at the start.
  func minimum(from start: [Double]) -> Outcome? {
    var evaluations = 1
    var point = start
    guard var current = function(point, true) else { return nil }
    var steps: [FitRecord.Step] = []
    var reason = FitRecord.Reason.stepLimit
    var isTrusted = true
    for _ in 0..<Self.mostSteps {
      let known = isTrusted ? current.curvature : nil
      guard
        let hessian = known
          ?? hessian(at: point, gradient: current.gradient, evaluations: &evaluations),
        let eigen = SymmetricEigen(hessian)
      else {
        reason = .stalled
        break
      }
      let plan = plan(gradient: current.gradient, eigen: eigen)
      steps.append(
        FitRecord.Step(
          parameters: point, criterion: current.value, decrement: plan.decrement,
          leastCurvature: eigen.values.last ?? 0))
      // A way down that promises more than the Newton step leaves a saddle.
      if let descent = plan.descent, plan.decrement < Self.saddleShare * plan.promise,
        let found = search(
          from: point, value: current.value, along: descent, isEscape: true, slope: 0,
          evaluations: &evaluations)
      {
        (point, current) = found
        continue
      }
      let negligible = max(Self.negligibleDecrement, Self.resolution * abs(current.value))
      let isFlat = plan.decrement < negligible
      // Where gradients are dear, none is spent on digits that no statistic notices.
      if isFlat, known != nil {
        reason = .converged
        break
      }
      if plan.decrement < Self.roundingDecrement {
        // So near, the criterion itself resolves the gain no better than the gradient does.
        let last = zip(point, plan.step).map(+)
        evaluations += 1
        if let found = function(last, true),
          self.plan(gradient: found.gradient, eigen: eigen).decrement <= plan.decrement / 4
        {
          (point, current) = (last, found)
          guard isFlat else { continue }
        }
        reason = isFlat ? .converged : .precisionReached
        break
      }
      guard
        let found = search(
          from: point, value: current.value, along: plan.step, isEscape: false,
          slope: -2 * plan.decrement, evaluations: &evaluations)
      else {
        reason = .stalled
        break
      }
      if known != nil, plan.decrement < 1, plan.decrement > Self.roundingDecrement {
        isTrusted = Self.agrees(
          hessian, step: zip(found.point, point).map(-),
          change: zip(found.value.gradient, current.gradient).map(-))
      }
      (point, current) = found
    }
    return Outcome(
      point: point, value: current.value,
      record: FitRecord(start: start, steps: steps, evaluations: evaluations, reason: reason))
  }

  /// Whether a step changed the gradient about as much as a Hessian says: half to twice.
  ///
  /// The last steps go where what stands for the Hessian is worst, so that one which agrees there is
  /// good enough to end by.
  private static func agrees(_ hessian: Matrix, step: [Double], change: [Double]) -> Bool {
    let expected = dot(step, hessian * step)
    let seen = dot(step, change)
    return seen > expected / 2 && seen < expected * 2
  }

  /// The Hessian at a point, by central differences of the gradient.
  func hessian(at point: [Double], evaluations: inout Int) -> Matrix? {
    let count = point.count
    var hessian = Matrix(rows: count, columns: count)
    for column in 0..<count {
      let step = Self.differenceStep * max(scales[column], abs(point[column]))
      var ahead = point
      var behind = point
      ahead[column] += step
      behind[column] -= step
      evaluations += 2
      guard let after = function(ahead, true), let before = function(behind, true) else {
        return nil
      }
      for row in 0..<count {
        hessian[row, column] =
          (after.gradient[row] - before.gradient[row]) / (ahead[column] - behind[column])
      }
    }
    return hessian.symmetrised
  }

  /// The Hessian at a point whose gradient is known, by one-sided differences.
  private func hessian(
    at point: [Double], gradient: [Double], evaluations: inout Int
  ) -> Matrix? {
    let count = point.count
    var hessian = Matrix(rows: count, columns: count)
    for column in 0..<count {
      var ahead = point
      ahead[column] += Self.searchStep * max(scales[column], abs(point[column]))
      evaluations += 1
      guard let after = function(ahead, true) else { return nil }
      for row in 0..<count {
        hessian[row, column] =
          (after.gradient[row] - gradient[row]) / (ahead[column] - point[column])
      }
    }
    return hessian.symmetrised
  }

  /// The Newton step with absolute eigenvalues, what it would gain, and the way down if the
  /// criterion curves down.
  private func plan(
    gradient: [Double], eigen: SymmetricEigen
  ) -> (step: [Double], decrement: Double, descent: [Double]?, promise: Double) {
    let count = gradient.count
    let largest = eigen.values.map(abs).max() ?? 0
    let floor = max(largest * 1e-12, .leastNormalMagnitude)
    var step = [Double](repeating: 0, count: count)
    var decrement = 0.0
    for vector in 0..<count {
      let along = (0..<count).reduce(0) { $0 + eigen.vectors[$1, vector] * gradient[$1] }
      let curvature = max(abs(eigen.values[vector]), floor)
      decrement += along * along / curvature / 2
      for row in 0..<count { step[row] -= along / curvature * eigen.vectors[row, vector] }
    }
    var descent: [Double]?
    var promise = 0.0
    if let least = eigen.values.last {
      let direction = (0..<count).map { eigen.vectors[$0, count - 1] }
      let size = zip(direction, scales).reduce(0) { max($0, abs($1.0 / $1.1)) }
      if least / (size * size) < Self.negativeCurvature {
        descent = direction.map { $0 / size }
        promise = -least / (size * size) / 2
      }
    }
    return (step, decrement, descent, promise)
  }

  /// A point along the direction that lowers the function enough: the whole step, or half of it
  /// again and again. To escape from a saddle, both ways are tried and any gain will do.
  private func search(
    from point: [Double], value: Double, along direction: [Double], isEscape: Bool,
    slope: Double, evaluations: inout Int
  ) -> (point: [Double], value: Sample)? {
    var length = min(1, reach(of: point) / max(size(of: direction), .leastNormalMagnitude))
    for _ in 0..<(isEscape ? Self.mostEscapes : Self.mostHalvings) {
      for sign in isEscape ? [1.0, -1.0] : [1.0] {
        let candidate = zip(point, direction).map { $0 + sign * length * $1 }
        evaluations += 1
        guard let found = function(candidate, true) else { continue }
        let bound = isEscape ? value : value + 1e-4 * length * slope
        if found.value < bound { return (candidate, found) }
      }
      length /= 2
    }
    return nil
  }

  /// The longest step allowed, in scales: far points are left and reached in strides.
  private func reach(of point: [Double]) -> Double { max(4, 2 * size(of: point)) }

  private func size(of vector: [Double]) -> Double {
    zip(vector, scales).reduce(0) { max($0, abs($1.0 / $1.1)) }
  }
}
