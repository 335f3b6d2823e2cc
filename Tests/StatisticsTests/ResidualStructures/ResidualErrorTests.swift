import Statistics
import Testing

@Suite("Residual structures refuse what they cannot answer, in words")
struct ResidualErrorTests {
  static let formula = "y ~ x + (1 | person)"

  private func message(
    _ formula: String = formula, _ structure: ResidualStructure,
    change: (inout SimulatedDiary.Rows) -> Void = { _ in }
  ) throws -> String? {
    var diary = SimulatedDiary(seed: 4)
    var rows = diary.rows()
    change(&rows)
    let data = try rows.data()
    let parsed = try ModelFormula.parse(formula)
    do throws(ModelError) {
      _ = try LinearMixedModel.fit(parsed, data: data, residuals: structure)
      return nil
    } catch {
      return error.description
    }
  }

  @Test("repeated and fractional times point to their row and the way out")
  func times() throws {
    let fractional = try #require(try message(Self.formula, .ar1(time: "clock")))
    #expect(fractional.contains("not a whole number in row 1"))
    #expect(fractional.contains("continuous-time"))
    let repeated = try #require(
      try message(Self.formula, .ar1(time: "prompt")) { $0.prompt[1] = $0.prompt[0] })
    #expect(repeated.contains("repeats a time of the same person in row 2"))
    let infinite = try #require(
      try message(Self.formula, .ar1(time: "prompt")) { $0.prompt[2] = .infinity })
    #expect(infinite.contains("infinite in row 3"))
  }

  @Test("unknown columns are named with the nearest")
  func names() throws {
    let found = try #require(try message(Self.formula, .ar1(time: "promt")))
    #expect(found.contains("‘promt’") && found.contains("did you mean ‘prompt’"))
  }

  @Test("a factor is no time, a marginal model needs its persons")
  func kinds() throws {
    #expect(
      try message(Self.formula, .ar1(time: "arm")) == "‘arm’ must be numeric, but it is a factor")
    #expect(try message("y ~ x", .ar1(time: "prompt"))?.contains("within") == true)
    #expect(
      try message(Self.formula, .compoundSymmetry(within: "person"))?.contains("random effects")
        == true)
    #expect(
      try message("y ~ x + (1 | person) + (1 | day)", .ar1(time: "prompt"))?
        .contains("one grouping factor") == true)
  }

  @Test("persons with one row each say nothing about correlation")
  func singles() throws {
    let found = try message("y ~ x", .ar1(time: "prompt", within: "person")) {
      $0.person = $0.person.indices.map(Double.init)
    }
    #expect(found?.contains("two rows") == true)
  }

  @Test("constant outcomes, perfect fits and missing values everywhere are told")
  func data() throws {
    let structure = ResidualStructure.ar1(time: "prompt")
    #expect(
      try message(Self.formula, structure) { $0.y = $0.y.map { _ in 1 } }?
        .contains("does not vary") == true)
    #expect(
      try message(Self.formula, structure) { $0.y = $0.x }?.contains("without residue") == true)
    #expect(
      try message(Self.formula, structure) { $0.prompt = $0.prompt.map { _ in .nan } }?
        .contains("missing: prompt") == true)
  }

  @Test("rows without a time are set aside and counted")
  func missingTimes() throws {
    var diary = SimulatedDiary(seed: 4)
    var rows = diary.rows()
    rows.prompt[3] = .nan
    rows.arm[5] = nil
    let fit = try LinearMixedModel.fit(
      ModelFormula.parse(Self.formula), data: rows.data(),
      residuals: .ar1(time: "prompt").variance(per: "arm"))
    #expect(fit.excludedRows == 2)
    #expect(fit.missing.map(\.name) == ["arm", "prompt"])
    #expect(try fit.fittedValues()[3].isNaN && fit.residuals(.normalized)[5].isNaN)
  }

  @Test(
    "tiny and degenerate data give a fit or an error, never a trap",
    arguments: [
      "ar1:prompt", "ar1", "ar1:prompt,variance:arm", "variance:arm", "car1:clock,within:day",
      "car1+noise:clock", "ar1+noise:prompt", "arma11:prompt", "cs,within:person",
      "un:beep,within:person:day",
    ])
  func degenerate(_ text: String) throws {
    let structure = try ResidualStructure(text)
    for seed in 0..<24 {
      var diary = SimulatedDiary(seed: UInt64(seed))
      var rows = diary.rows(
        persons: 1 + seed % 4, prompts: 1 + seed % 5, response: seed % 2 == 0 ? 1 : 0.6)
      switch seed % 6 {
      case 1: rows.y = rows.y.map { _ in 2 }
      case 2: rows.x = rows.x.map { _ in 0 }
      case 3: rows.y = rows.y.map { $0 * 1e200 }
      case 4: rows.y = rows.y.map { $0.rounded() }
      case 5: rows.clock = rows.clock.map { $0 * 1e-12 }
      default: break
      }
      for formula in ["y ~ x + (1 | person)", "y ~ x + (x | person)", "y ~ x", "y ~ 0 + x"] {
        let fit = try? LinearMixedModel.fit(
          ModelFormula.parse(formula), data: rows.data(), residuals: structure)
        guard let fit else { continue }
        #expect(try fit.residuals(.normalized).count == rows.y.count)
        #expect(fit.fixedEffects.allSatisfy { $0.estimate.isFinite })
      }
    }
  }

  @Test(
    "structures are read from text and printed back",
    arguments: [
      "ar1", "ar1:prompt", "car1:clock", "ar1+noise:prompt", "car1+noise:clock", "arma11:t",
      "cs,within:id", "un:wave,within:id", "variance:arm", "ar1:t,variance:arm,within:id:day",
    ])
  func text(_ text: String) throws {
    let structure = try ResidualStructure(text)
    #expect(structure.description == text)
  }

  @Test(
    "unreadable structures are refused",
    arguments: ["", "ar2:t", "ar1:", "car1", "cs:x", "un", "within:id", "ar1:t,cs", "ar1,,", ":"])
  func unreadable(_ text: String) {
    #expect(throws: ModelError.self) { try ResidualStructure(text) }
  }
}
