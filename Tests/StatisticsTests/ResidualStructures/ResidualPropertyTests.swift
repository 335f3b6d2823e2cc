import Foundation
import Testing

@testable import Statistics

@Suite("Residual structures keep their properties")
struct ResidualPropertyTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let formula: String
    let structure: ResidualStructure
    var weights: String?
    var testDescription: String { "\(formula), \(structure)" }

    func model(seed: UInt64 = 1) throws -> ResidualModel {
      var diary = SimulatedDiary(seed: seed)
      return try ResidualModel(
        ModelFormula.parse(formula), data: diary.rows().data(), structure: structure,
        codings: [:], weights: weights, offset: nil)
    }
  }

  static let cases: [Case] = [
    Case(formula: "y ~ x + (1 | person)", structure: .ar1(time: "prompt")),
    Case(formula: "y ~ x * arm + (prompt | person)", structure: .ar1(time: "prompt")),
    Case(
      formula: "y ~ x + (1 | person)", structure: .ar1(time: "prompt", within: "day"),
      weights: "weight"),
    Case(formula: "y ~ x + (x | person)", structure: .variance(per: "arm")),
    Case(
      formula: "y ~ x + (1 | person)", structure: .ar1(time: "prompt").variance(per: "arm"),
      weights: "weight"),
    Case(formula: "y ~ x", structure: .ar1(time: "prompt", within: "person")),
    Case(formula: "y ~ x + (x | person)", structure: .continuousAR1(time: "clock")),
    Case(
      formula: "y ~ x + (1 | person)",
      structure: .continuousAR1(time: "clock", within: "day").variance(per: "arm"),
      weights: "weight"),
    Case(formula: "y ~ x + (1 | person)", structure: .ar1PlusNoise(time: "prompt")),
    Case(
      formula: "y ~ x", structure: .continuousAR1PlusNoise(time: "clock", within: "person")),
    Case(formula: "y ~ x + (1 | person)", structure: .arma11(time: "prompt")),
    Case(formula: "y ~ x", structure: .compoundSymmetry(within: "person"), weights: "weight"),
    Case(formula: "y ~ x + (x | person)", structure: .variancePower(of: "weight")),
    Case(formula: "y ~ x", structure: .variancePower(of: "weight"), weights: "weight"),
    Case(formula: "y ~ x", structure: .unstructured(wave: "beep", within: "person:day")),
  ]

  /// Parameters away from any special point.
  private func point(_ model: ResidualModel) -> [Double] {
    let theta = model.layout.entries.indices.map { 0.7 - 0.3 * Double($0) }
    return theta + model.source.start.indices.map { 0.4 - 0.25 * Double($0 % 3) }
  }

  @Test("the gradient is that of differences", arguments: cases)
  func gradient(_ item: Case) throws {
    let model = try item.model()
    let point = point(model)
    for method in [EstimationMethod.ml, .reml] {
      let criterion = ResidualCriterion(
        source: model.source, layout: model.layout, method: method)
      let value = try #require(criterion.evaluate(point, withGradient: true))
      #expect(value.gradient.count == point.count)
      for parameter in point.indices {
        var (ahead, behind) = (point, point)
        ahead[parameter] += 1e-5
        behind[parameter] -= 1e-5
        let after = try #require(criterion.evaluate(ahead, withGradient: false))
        let before = try #require(criterion.evaluate(behind, withGradient: false))
        let slope =
          (after.value.deviance - before.value.deviance) / (ahead[parameter] - behind[parameter])
        #expect(
          isClose(value.gradient[parameter], slope, relative: 1e-6, absolute: 1e-6),
          "\(parameter): \(value.gradient[parameter]), by differences \(slope)")
      }
    }
  }

  @Test("whitened products are those of the inverse covariance itself", arguments: cases)
  func products(_ item: Case) throws {
    let model = try item.model()
    let parameters = Array(point(model).dropFirst(model.layout.parameterCount))
    let whitened = try #require(model.source.products(at: parameters))
    let rows = model.rows
    let (effects, width) = (rows.effects, rows.width - rows.effects)
    var grams = [Matrix](
      repeating: Matrix(rows: rows.width, columns: rows.width), count: model.residuals.groups)
    var logarithm = 0.0
    var group = 0
    for block in 0..<model.residuals.blocks {
      let range = model.residuals.blockStarts[block]..<model.residuals.blockStarts[block + 1]
      while range.lowerBound >= model.residuals.groupStarts[group + 1] { group += 1 }
      let cholesky = try #require(
        Cholesky(model.source.relativeCovariance(of: block, at: parameters)))
      logarithm += cholesky.logDeterminant
      let columns = (0..<rows.width).map { column in
        cholesky.solveLower(range.map { rows.row($0)[$0 * rows.width + column] })
      }
      grams[group] += Matrix(rows: rows.width, columns: rows.width) {
        dot(columns[$0], columns[$1])
      }
    }
    #expect(isClose(whitened.logDeterminant, logarithm, relative: 1e-9, absolute: 1e-9))
    let fixed = Array(effects..<rows.width)
    let total = grams.reduce(Matrix(rows: width, columns: width)) {
      $0 + $1.part(rows: fixed, columns: fixed)
    }
    expectClose(
      whitened.products.total.elements, total.elements, relative: 1e-9, absolute: 1e-9, "C")
    let random = Array(0..<effects)
    for (group, gram) in grams.enumerated() where effects > 0 {
      expectClose(
        whitened.products.gram(group).elements,
        gram.part(rows: random, columns: random).elements, relative: 1e-9, absolute: 1e-9, "A")
      expectClose(
        whitened.products.cross(group).elements,
        gram.part(rows: random, columns: fixed).elements, relative: 1e-9, absolute: 1e-9, "B")
    }
  }

  @Test("the order of rows does not matter", arguments: cases)
  func rowOrder(_ item: Case) throws {
    var diary = SimulatedDiary(seed: 3)
    let rows = diary.rows()
    let count = rows.person.count
    let shuffled = (0..<count).map { ($0, diary.bits()) }.sorted { $0.1 < $1.1 }.map(\.0)
    func fit(_ order: [Int]?) throws -> ResidualModelFit {
      try LinearMixedModel.fit(
        ModelFormula.parse(item.formula), data: rows.data(order: order),
        residuals: item.structure, weights: item.weights)
    }
    let (first, second) = (try fit(nil), try fit(shuffled))
    #expect(isClose(first.criterion, second.criterion, relative: 0, absolute: 1e-8))
    expectClose(
      second.fixedEffects.map(\.estimate), first.fixedEffects.map(\.estimate), relative: 1e-6,
      "estimate")
    // Without a time, what is new in a residual depends on which came before it.
    guard item.structure.time != nil || item.structure.correlation == .independent else { return }
    let normalized = try first.residuals(.normalized)
    expectClose(
      try second.residuals(.normalized), shuffled.map { normalized[$0] }, relative: 0,
      absolute: 1e-4, "normalised residual")
  }

  @Test("normalised residuals have about unit variance and no autocorrelation")
  func normalised() throws {
    var diary = SimulatedDiary(seed: 8)
    let rows = diary.rows(persons: 60, prompts: 30, autoregression: 0.6, response: 1)
    let fit = try LinearMixedModel.fit(
      ModelFormula.parse("y ~ x + (prompt | person)"), data: rows.data(),
      residuals: .ar1(time: "prompt").variance(per: "arm"))
    #expect(fit.converged)
    #expect(isClose(try #require(fit.phi), 0.6, relative: 0, absolute: 0.06))
    #expect(isClose(fit.strata[1].ratio, 1.5, relative: 0.1))
    let normalized = try fit.residuals(.normalized)
    let products = zip(normalized, normalized.dropFirst()).map(*)
    let variance = normalized.reduce(0) { $0 + $1 * $1 } / Double(normalized.count)
    #expect(isClose(variance, 1, relative: 0.1))
    #expect(abs(products.reduce(0, +) / Double(products.count)) < 0.1)
  }

  @Test("no structure gives the plain fit", arguments: [EstimationMethod.ml, .reml])
  func independent(_ method: EstimationMethod) throws {
    var diary = SimulatedDiary(seed: 5)
    let data = try diary.rows().data()
    let formula = try ModelFormula.parse("y ~ x * arm + (prompt | person)")
    let plain = try LinearMixedModel.fit(formula, data: data, method: method, weights: "weight")
    let fit = try LinearMixedModel.fit(
      formula, data: data, method: method, residuals: .independent, weights: "weight")
    #expect(isClose(fit.criterion, plain.criterion, relative: 0, absolute: 1e-9))
    #expect(fit.parameterCount == plain.parameterCount)
    expectClose(fit.theta, plain.theta, relative: 1e-6, absolute: 1e-7, "theta")
    expectClose(
      fit.covariance.elements, plain.covariance.elements, relative: 1e-6, "covariance")
    #expect(fit.degreesOfFreedom == .satterthwaite)
    expectClose(
      fit.fixedEffects.compactMap(\.degreesOfFreedom),
      plain.fixedEffects.compactMap(\.degreesOfFreedom), relative: 1e-4, "df")
    let contrasts = Matrix(rows: 2, columns: 4) { $0 + 2 == $1 ? 1 : 0 }
    let test = try #require(fit.test(contrasts))
    let known = try #require(plain.test(contrasts))
    #expect(isClose(test.statistic, known.statistic, relative: 1e-6))
    #expect(isClose(test.denominator, known.denominator, relative: 1e-4))
    expectClose(fit.fittedValues(), plain.fittedValues(), relative: 1e-7, "fitted")
    for (modes, known) in zip(fit.randomEffects(), plain.randomEffects()) {
      expectClose(modes.values.elements, known.values.elements, relative: 1e-6, "modes")
      #expect(modes.levels == known.levels)
    }
  }

  @Test("AR(1) at φ = 0 has the criterion of independent residuals")
  func vanishingAutoregression() throws {
    let model = try Self.cases[0].model()
    let plain = try Case(formula: "y ~ x + (1 | person)", structure: .independent).model()
    let criterion = ResidualCriterion(source: model.source, layout: model.layout, method: .reml)
    let other = ResidualCriterion(source: plain.source, layout: plain.layout, method: .reml)
    let value = try #require(criterion.evaluate([0.8, 0], withGradient: true))
    let known = try #require(other.evaluate([0.8], withGradient: true))
    #expect(isClose(value.value.deviance, known.value.deviance, relative: 1e-13))
    #expect(isClose(value.gradient[0], known.gradient[0], relative: 1e-10))
  }

  @Test("continuous time with whole gaps is AR(1)")
  func wholeGaps() throws {
    var diary = SimulatedDiary(seed: 7)
    let data = try diary.rows(persons: 20, prompts: 15).data()
    let formula = try ModelFormula.parse("y ~ x + (1 | person)")
    let discrete = try LinearMixedModel.fit(formula, data: data, residuals: .ar1(time: "prompt"))
    let continuous = try LinearMixedModel.fit(
      formula, data: data, residuals: .continuousAR1(time: "prompt"))
    #expect(isClose(continuous.criterion, discrete.criterion, relative: 0, absolute: 1e-8))
    #expect(isClose(continuous.phi ?? .nan, discrete.phi ?? .nan, relative: 1e-5))
    expectClose(
      continuous.fixedEffects.map(\.standardError), discrete.fixedEffects.map(\.standardError),
      relative: 1e-6, "se")
  }

  @Test("compound symmetry is a random intercept in other words")
  func compoundSymmetry() throws {
    var diary = SimulatedDiary(seed: 11)
    let data = try diary.rows().data()
    let marginal = try LinearMixedModel.fit(
      ModelFormula.parse("y ~ x"), data: data, residuals: .compoundSymmetry(within: "person"))
    let mixed = try LinearMixedModel.fit(
      ModelFormula.parse("y ~ x + (1 | person)"), data: data)
    #expect(isClose(marginal.criterion, mixed.criterion, relative: 0, absolute: 1e-8))
    expectClose(
      marginal.covariance.elements, mixed.covariance.elements, relative: 1e-5, "covariance")
    let variance = mixed.varianceComponents[0].covariance[0, 0]
    // The same model, so the same degrees of freedom, though ρ stands for θ.
    for (effect, known) in zip(marginal.fixedEffects, mixed.fixedEffects) {
      let freedom = try #require(effect.degreesOfFreedom)
      #expect(isClose(freedom, known.degreesOfFreedom ?? .nan, relative: 1e-4))
    }
    let share = variance / (variance + mixed.sigma * mixed.sigma)
    #expect(isClose(marginal.residualParameters[0].estimate, share, relative: 1e-5))
  }

  @Test("an unstructured covariance fits no worse than any other")
  func unstructured() throws {
    var diary = SimulatedDiary(seed: 12)
    let data = try diary.rows(persons: 60, prompts: 5).data()
    let formula = try ModelFormula.parse("y ~ x * arm")
    let free = try LinearMixedModel.fit(
      formula, data: data, residuals: .unstructured(wave: "prompt", within: "person"))
    let waves = try #require(free.waves)
    #expect(free.converged && waves.waves == ["0", "1", "2", "3", "4"])
    #expect(isClose(waves.standardDeviations[0], free.sigma, relative: 1e-12))
    for structure in [
      ResidualStructure.compoundSymmetry(within: "person"),
      .ar1(time: "prompt", within: "person"),
    ] {
      let fit = try LinearMixedModel.fit(formula, data: data, residuals: structure)
      #expect(free.criterion <= fit.criterion)
    }
  }

  @Test("degrees of freedom do not hang on how the structure is written")
  func degreesOfFreedom() throws {
    var diary = SimulatedDiary(seed: 13)
    let data = try diary.rows(persons: 20, prompts: 15).data()
    let formula = try ModelFormula.parse("y ~ x + (1 | person)")
    let discrete = try LinearMixedModel.fit(formula, data: data, residuals: .ar1(time: "prompt"))
    let continuous = try LinearMixedModel.fit(
      formula, data: data, residuals: .continuousAR1(time: "prompt"))
    expectClose(
      continuous.fixedEffects.compactMap(\.degreesOfFreedom),
      discrete.fixedEffects.compactMap(\.degreesOfFreedom), relative: 1e-3, "df")
    let simple = try LinearMixedModel.fit(
      formula, data: data, residuals: .ar1(time: "prompt"), degreesOfFreedom: .none)
    #expect(simple.fixedEffects.allSatisfy { $0.degreesOfFreedom == nil })
    #expect(throws: ModelError.self) {
      try LinearMixedModel.fit(
        formula, data: data, residuals: .ar1(time: "prompt"), degreesOfFreedom: .kenwardRoger)
    }
  }

  @Test("AR(1) is within AR(1) plus noise and within ARMA(1,1)")
  func nestedStructures() throws {
    var diary = SimulatedDiary(seed: 9)
    let data = try diary.rows(persons: 20, prompts: 15).data()
    let formula = try ModelFormula.parse("y ~ x + (1 | person)")
    let simple = try LinearMixedModel.fit(formula, data: data, residuals: .ar1(time: "prompt"))
    for structure in [ResidualStructure.ar1PlusNoise(time: "prompt"), .arma11(time: "prompt")] {
      let fit = try LinearMixedModel.fit(formula, data: data, residuals: structure)
      #expect(fit.criterion <= simple.criterion + 1e-6)
      #expect(fit.parameterCount == simple.parameterCount + 1)
    }
  }

  @Test("a shift and scale of the outcome and of covariates does not matter")
  func scales() throws {
    var diary = SimulatedDiary(seed: 6)
    var rows = diary.rows()
    let formula = try ModelFormula.parse("y ~ x + (x | person)")
    let structure = ResidualStructure.ar1(time: "prompt")
    let fit = try LinearMixedModel.fit(formula, data: rows.data(), residuals: structure)
    rows.y = rows.y.map { 1e6 + 10 * $0 }
    rows.x = rows.x.map { 2024 + $0 / 100 }
    let moved = try LinearMixedModel.fit(formula, data: rows.data(), residuals: structure)
    #expect(isClose(moved.phi ?? .nan, fit.phi ?? .nan, relative: 1e-5))
    #expect(isClose(moved.sigma, 10 * fit.sigma, relative: 1e-6))
    #expect(
      isClose(
        moved.fixedEffects[1].estimate, 1000 * fit.fixedEffects[1].estimate, relative: 1e-5))
    #expect(
      isClose(
        moved.fixedEffects[1].standardError, 1000 * fit.fixedEffects[1].standardError,
        relative: 1e-5))
  }
}
