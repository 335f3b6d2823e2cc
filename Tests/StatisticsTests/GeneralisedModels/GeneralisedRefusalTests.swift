import Testing

@testable import Statistics

/// What no fit could answer is refused in words, never by a trap.
@Suite("Generalised and ordinal mixed models refuse what they cannot fit")
struct GeneralisedRefusalTests {
  private func error(
    _ source: String, _ family: ResponseFamily,
    change: (inout SimulatedResponses) -> Void = { _ in },
    points: Int = 1, failures: String? = nil, trials: String? = nil, weights: String? = nil
  ) -> ModelError? {
    var simulated = SimulatedResponses()
    change(&simulated)
    do {
      _ = try GeneralisedMixedModel.fit(
        try ModelFormula.parse(source), data: try simulated.data(), family: family,
        quadraturePoints: points, weights: weights, failures: failures, trials: trials)
      return nil
    } catch {
      return error as? ModelError
    }
  }

  @Test("a binomial response that is not 0 or 1")
  func notBinary() {
    let found = error("binary ~ x + (1 | person)", .logistic) { $0.binary[4] = 2 }
    guard case .invalidResponse("binary", 4, _) = found else {
      Issue.record("\(String(describing: found))")
      return
    }
    #expect(found?.description.contains("row 5") == true)
  }

  @Test("negative, fractional and infinite counts", arguments: [-1, 0.5, .infinity])
  func notCount(_ value: Double) {
    for family in [ResponseFamily.poisson, .negativeBinomial] {
      let found = error("count ~ x + (1 | person)", family) { $0.count[2] = value }
      switch found {
      case .invalidResponse("count", 2, _), .notFinite("count", 2): break
      default: Issue.record("\(String(describing: found))")
      }
    }
  }

  @Test("a response that does not vary", arguments: [0.0, 1.0])
  func constant(_ value: Double) {
    let found = error("binary ~ x + (1 | person)", .logistic) { data in
      data.binary = data.binary.map { _ in value }
    }
    #expect(found == .constantResponse(name: "binary"))
  }

  @Test("a factor as a count, a pair as a count, both columns at once")
  func wrongForms() {
    #expect(error("rating ~ x + (1 | person)", .poisson) == .notNumeric(name: "rating"))
    #expect(error("cbind(count, binary) ~ x + (1 | person)", .poisson) != nil)
    #expect(error("cbind(count) ~ x + (1 | person)", .logistic) != nil)
    #expect(
      error("count ~ x + (1 | person)", .logistic, failures: "count", trials: "count") != nil)
    #expect(error("count ~ x + (1 | person)", .logistic, failures: "nothing") != nil)
    #expect(
      error("cbind(count, binary) ~ x + (1 | person)", .logistic, weights: "count") != nil)
  }

  @Test("more successes than trials")
  func tooManySuccesses() {
    let found = error("count ~ x + (1 | person)", .logistic, trials: "binary")
    guard case .invalidResponse = found else {
      Issue.record("\(String(describing: found))")
      return
    }
  }

  @Test("no random term, one group, nothing but missing values")
  func tooLittle() {
    #expect(error("binary ~ x", .logistic) == .noRandomTerm)
    #expect(
      error("binary ~ x + (1 | person)", .logistic) { $0.person = $0.person.map { _ in 0 } }
        == .singleGroup(factor: "person"))
    let found = error("binary ~ x + (1 | person)", .logistic) { data in
      data.binary = data.binary.map { _ in .nan }
    }
    guard case .noCompleteRows = found else {
      Issue.record("\(String(describing: found))")
      return
    }
  }

  @Test("quadrature over crossed factors, over too many effects, with no points")
  func quadrature() {
    let cases = [
      ("binary ~ x + (1 | person) + (1 | item)", 5), ("binary ~ x + (x | person)", 101),
      ("binary ~ x + (1 | person)", 0), ("binary ~ x + (x + I(x^2) | person)", 50),
    ]
    for (source, points) in cases {
      guard case .unsupported = error(source, .logistic, points: points) else {
        Issue.record("\(source), \(points)")
        continue
      }
    }
  }

  @Test("an ordered response of one category, of too many, or without room for thresholds")
  func ordinal() throws {
    var simulated = SimulatedResponses()
    func error(_ source: String) throws -> ModelError? {
      do {
        _ = try OrdinalMixedModel.fit(
          try ModelFormula.parse(source), data: try simulated.data())
        return nil
      } catch {
        return error as? ModelError
      }
    }
    guard case .unsupported = try error("rating ~ 0 + x + (1 | person)") else {
      Issue.record("thresholds without an intercept")
      return
    }
    #expect(try error("cbind(count, binary) ~ x + (1 | person)") != nil)
    simulated.count = simulated.count.indices.map { Double($0) * 1.5 }
    simulated = {
      var many = SimulatedResponses(persons: 30)
      many.count = many.count.indices.map { Double($0) * 1.5 }
      return many
    }()
    guard case .unsupported = try error("count ~ x + (1 | person)") else {
      Issue.record("too many categories")
      return
    }
    simulated.rating = simulated.rating.map { _ in 2 }
    #expect(try error("rating ~ x + (1 | person)") == .constantResponse(name: "rating"))
  }
}
