extension LinearMixedModel {
  /// What the tests of fixed effects at an optimum rest on.
  ///
  /// - Parameter back: From standardised fixed effects to those of the data.
  func inference(
    _ method: DegreesOfFreedom, optimum: Optimum, back: Matrix
  ) -> any FixedEffectInference {
    let criterion = optimum.criterion
    let value = optimum.value
    let variance = value.penalisedSum / criterion.divisor
    switch method {
    case .none: break
    case .satterthwaite:
      var evaluations = 0
      let hessian = search(criterion).hessian(at: optimum.theta, evaluations: &evaluations)
      if let hessian,
        let inference = SatterthwaiteInference(
          value: value, hessian: hessian, moments: criterion.moments(optimum.theta),
          layout: layout, theta: optimum.theta, scales: parameterScales,
          divisor: criterion.divisor, back: back)
      {
        return inference
      }
    case .kenwardRoger:
      let lower = value.precision.factor
      if let moments = criterion.kenwardRogerMoments(
        optimum.theta, precision: lower * lower.transposed),
        let inference = KenwardRogerInference(
          precision: value.precision, moments: moments, variance: variance, back: back)
      {
        return inference
      }
    }
    return AsymptoticInference(
      covariance: (variance * (back * value.precision.inverse * back.transposed)).symmetrised)
  }
}
