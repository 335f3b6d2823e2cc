import Testing

@testable import Statistics

/// Draws of missing responses: around what the model predicts, as widely as it says.
@Suite struct OutcomeImputationTests {
  /// 60 people, 5 times, intercepts and slopes; the last two values of every third are missing.
  private static func data(missing: Bool = true) throws -> ModelData {
    guard var random = GSLGenerator(seed: 4) else { throw ModelError.numerical("no generator") }
    var (y, t, id): ([Double], [Double], [Int32]) = ([], [], [])
    for person in 0..<60 {
      let (start, slope) = (random.normal(), 0.4 * random.normal())
      for time in 0..<5 {
        let value = 3 + start + (0.5 + slope) * Double(time) + 0.6 * random.normal()
        y.append(missing && person % 3 == 0 && time > 2 ? .nan : value)
        t.append(Double(time))
        id.append(Int32(person))
      }
    }
    return try ModelData([
      ("y", .numeric(y)), ("t", .numeric(t)),
      ("id", .factor(levels: (0..<60).map(String.init), codes: id)),
    ])
  }

  @Test func drawsScatterAsThePredictionSays() throws {
    let data = try Self.data()
    let fit = try LinearMixedModel.fit(try ModelFormula.parse("y ~ t + (t | id)"), data: data)
    let imputed = try fit.imputedResponses(of: data, draws: 300, seed: 9)
    #expect(imputed.rows.count == 40 && imputed.withoutPredictors == 0)
    let predicted = try fit.conditionalPredictions(for: data)
    var ratio = 0.0
    for (place, row) in imputed.rows.enumerated() {
      let values = imputed.draws.map { $0[place] }
      let mean = values.reduce(0, +) / 300
      let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 299).squareRoot()
      let expected = predicted[row]
      let deviation = (expected.standardError * expected.standardError + fit.sigma * fit.sigma)
        .squareRoot()
      // Five standard errors of the mean of 300 draws.
      #expect(abs(mean - expected.value) < 5 * deviation / 300.0.squareRoot())
      ratio += spread / deviation / 40
    }
    #expect(abs(ratio - 1) < 0.05, "\(ratio)")
  }

  @Test func aSeedFixesTheDraws() throws {
    let data = try Self.data()
    let fit = try LinearMixedModel.fit(try ModelFormula.parse("y ~ t + (1 | id)"), data: data)
    let first = try fit.imputedResponses(of: data, draws: 3, seed: 9)
    #expect(try fit.imputedResponses(of: data, draws: 3, seed: 9) == first)
    #expect(try fit.imputedResponses(of: data, draws: 3, seed: 10) != first)
  }

  @Test func nothingMissingIsNothingDrawn() throws {
    let data = try Self.data(missing: false)
    let fit = try LinearMixedModel.fit(try ModelFormula.parse("y ~ t + (1 | id)"), data: data)
    let imputed = try fit.imputedResponses(of: data, draws: 2, seed: 1)
    #expect(imputed.rows.isEmpty && imputed.draws == [[], []])
  }

  @Test func whatCannotBeDrawnIsSaid() throws {
    let data = try Self.data()
    let fit = try LinearMixedModel.fit(
      try ModelFormula.parse("log(y + 20) ~ t + (1 | id)"), data: data)
    #expect(throws: ModelError.self) { try fit.imputedResponses(of: data, draws: 2, seed: 1) }
  }

  @Test func aSingularCovarianceHasAFactor() {
    let matrix = Matrix(rows: 2, columns: 2, elements: [4, 2, 2, 1])
    let factor = matrix.semidefiniteFactor
    #expect(factor * factor.transposed == matrix && factor[1, 1] == 0)
    let zero = Matrix(rows: 2, columns: 2).semidefiniteFactor
    #expect(zero == Matrix(rows: 2, columns: 2))
  }
}
