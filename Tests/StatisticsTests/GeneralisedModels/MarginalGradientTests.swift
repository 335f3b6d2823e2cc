import Testing

@testable import Statistics

/// The closed-form gradient, the modes and the nodes moving along, against central differences.
@Suite("The marginal criterion's gradient is that of its value")
struct MarginalGradientTests {
  enum Response: String, CaseIterable {
    case logit, probit, observedProbit, poisson, negativeBinomial, expectedNegativeBinomial
    case ordinal
  }

  static let designs: [(terms: String, points: Int)] = [
    ("(1 | person)", 1), ("(1 | person)", 2), ("(1 | person)", 7), ("(x | person)", 1),
    ("(x | person)", 3), ("(x || person)", 1), ("(1 | person) + (1 | item)", 1),
    ("(x | person) + (1 | item)", 1),
  ]

  static func criterion(
    _ response: Response, terms: String, points: Int
  ) throws -> (criterion: MarginalCriterion, auxiliary: [Double]) {
    let data = try SimulatedResponses().data()
    func model(
      _ name: String, _ family: ResponseFamily
    ) throws -> (model: GeneralisedMixedModel, values: [Double], weights: [Double]) {
      let model = try GeneralisedMixedModel(
        try ModelFormula.parse("\(name) ~ x + \(terms)"), data: data, family: family)
      let order = model.design.rows.order
      let rows = model.response.values.indices
      return (
        model, rows.map { model.response.values[order.row($0)] },
        rows.map { model.response.weights[order.row($0)] }
      )
    }
    switch response {
    case .logit:
      let (model, values, weights) = try model("binary", .logistic)
      let kernel = BinomialLogitKernel(successes: values, trials: weights)
      return (try model.criterion(kernel, points: points), [])
    case .probit, .observedProbit:
      let (model, values, weights) = try model("binary", .binomial(.probit))
      let kernel = BinomialProbitKernel(
        successes: values, trials: weights,
        curvature: response == .probit ? .expected : .observed)
      return (try model.criterion(kernel, points: points), [])
    case .poisson:
      let (model, values, weights) = try model("count", .poisson)
      let kernel = PoissonKernel(counts: values, weights: weights)
      return (try model.criterion(kernel, points: points), [])
    case .negativeBinomial, .expectedNegativeBinomial:
      let (model, values, weights) = try model("count", .negativeBinomial)
      let kernel = NegativeBinomialKernel(
        counts: values, weights: weights,
        curvature: response == .negativeBinomial ? .observed : .expected)
      return (try model.criterion(kernel, points: points), [0.7])
    case .ordinal:
      let model = try OrdinalMixedModel(
        try ModelFormula.parse("rating ~ x + \(terms)"), data: data)
      return (try model.design.criterion(model.kernel, points: points), [-1.1, 0.4, 1.7])
    }
  }

  @Test("for each family and design", arguments: Response.allCases, designs.indices)
  func gradient(_ response: Response, _ design: Int) throws {
    let (terms, points) = Self.designs[design]
    let (criterion, auxiliary) = try Self.criterion(response, terms: terms, points: points)
    let fixed = response == .ordinal ? [0.4] : [0.3, 0.4]
    let variances = criterion.parameterCount - fixed.count - auxiliary.count
    let point = [0.7, -0.3, 0.5, 0.6].prefix(variances) + fixed + auxiliary
    let value = try #require(criterion.evaluate(Array(point)))
    let step = 1e-5
    for position in point.indices {
      var ahead = Array(point)
      var behind = ahead
      ahead[position] += step
      behind[position] -= step
      let after = try #require(criterion.evaluate(ahead))
      let before = try #require(criterion.evaluate(behind))
      let slope = (after.value - before.value) / (ahead[position] - behind[position])
      #expect(
        isClose(value.gradient[position], slope, relative: 1e-6, absolute: 2e-6),
        "\(terms), parameter \(position): \(value.gradient[position]), differences \(slope)")
    }
  }
}
