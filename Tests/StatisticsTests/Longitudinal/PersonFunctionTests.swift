import Testing

@testable import Statistics

@Suite("Functions of persons in a formula")
struct PersonFunctionTests {
  /// lme4 1.1-31 (fixture lmm27): its columns are the deviations and means of `bh1996`, so that their
  /// sum is the raw covariate; `between` is centred, which moves the intercept only.
  @Test("within and between give the effects that columns made beforehand give")
  func centring() throws {
    let reference = Reference(name: "lmm27_bh1996_wellbeing_within_between_reml")
    let data = try reference.data()
    func column(_ name: String) -> [Double] {
      guard case .numeric(let values) = data[name] else { return [] }
      return values
    }
    let raw = try ModelData([
      ("WBEING", .numeric(column("WBEING"))),
      ("HRS", .numeric(zip(column("W.HRS"), column("G.HRS")).map(+))),
      ("LEAD", .numeric(zip(column("W.LEAD"), column("G.LEAD")).map(+))),
      ("grp", data["grp"] ?? .numeric([])),
    ])
    let fit = try fit(
      "WBEING ~ within(HRS, grp) + between(HRS, grp) + within(LEAD, grp) + between(LEAD, grp)"
        + " + (1 | grp)", raw)
    let fixed = try reference.values()["fixef"].list.dropFirst()
    // G.HRS has ten digits, and groups of a hundred means of them.
    for (effect, known) in zip(fit.fixedEffects.dropFirst(), fixed) {
      #expect(isClose(effect.estimate, known["estimate"].number, relative: 1e-6), "\(effect)")
      #expect(isClose(effect.standardError, known["se"].number, relative: 1e-5), "\(effect)")
    }
    #expect(fit.fixedEffects[1].name == "within(HRS, grp)")
  }

  /// Three persons, ten prompts each; the second missed prompt 4, the third has no y at prompt 6.
  private func diary() throws -> ModelData {
    var generator = SplitMix64(state: 3)
    var (id, time, day, y, x) = ([String](), [Double](), [Double](), [Double](), [Double]())
    for person in 0..<12 {
      let level = generator.normal()
      for prompt in 1...10 where !(person == 1 && prompt == 4) {
        id.append("p\(person)")
        time.append(Double(prompt))
        day.append(Double((prompt - 1) / 5))
        y.append(person == 2 && prompt == 6 ? .nan : level + generator.normal())
        x.append(2 * level + generator.normal())
      }
    }
    return try ModelData([
      ("id", .factor(text: id)), ("time", .numeric(time)), ("day", .numeric(day)),
      ("y", .numeric(y)), ("x", .numeric(x)),
    ])
  }

  @Test("a lag is that of time: a missed prompt and a night have none, a row without y lends its x")
  func lags() throws {
    let data = try diary()
    let plain = try fit("y ~ lag(x, id, time) + (1 | id)", data)
    // The first prompt of each of 12, the one after the missed one, and the row without y.
    #expect(plain.excludedRows == 14)
    let days = try fit("y ~ lag(x, id, time, day = day) + (1 | id)", data)
    #expect(days.excludedRows == 14 + 11)
    let leads = try fit("y ~ lead(x, id, time, 2) + (1 | id)", data)
    #expect(leads.excludedRows == 24 + 1 + 1)
    let timeline = try PersonTimeline(
      persons: data.codes("id"), times: data.numbers("time"))
    let made = try ModelData(
      data.names.compactMap { name in data[name].map { (name: name, column: $0) } }
        + [(name: "before", column: .numeric(timeline.lag(data.numbers("x"))))])
    let other = try fit("y ~ before + (1 | id)", made)
    expectClose(plain.estimates, other.estimates, relative: 1e-12, "estimates")
  }

  @Test("means of a mean hold what it centres at its mean; slopes and predictions know the persons")
  func afterwards() throws {
    let data = try diary()
    let model = try fit("y ~ within(x, id) * factor(day) + (1 | id)", data)
    let means = try model.marginalMeans(of: ["factor(day)"], data: data)
    // Deviations from a person's own mean have the mean 0.
    #expect(isClose(means[0].effect.estimate, model.estimates[0], relative: 0, absolute: 1e-8))
    let slopes = try model.marginalSlopes(of: "within(x, id)", data: data)
    let expected = model.estimates[1] + model.estimates[3] / 2
    #expect(model.fixedEffects[3].name == "within(x, id):factor(day)1")
    #expect(isClose(slopes[0].effect.estimate, expected, relative: 1e-9))
    let whole = try model.conditionalPredictions(for: data).map(\.value)
    // One row of a person is centred at what the model found for the person.
    let first = try ModelData([
      ("id", .factor(text: ["p0"])), ("day", .numeric([0])),
      ("x", .numeric([data.numbers("x")[0]])),
    ])
    let alone = try #require(try model.conditionalPredictions(for: first).first)
    #expect(isClose(alone.value, whole[0], relative: 1e-9))
  }

  @Test("a lagged response centred at the person's mean is warned of; summaries refuse")
  func notes() throws {
    let data = try diary()
    let formula = "y ~ within(lag(y, id, time), id) + (1 | id)"
    #expect(try fit(formula, data).notes.contains { $0.contains("Nickell") })
    #expect(throws: ModelError.self) {
      try SufficientStatistics(ModelFormula.parse(formula), data: data)
    }
  }

  @Test(
    "arguments that make no sense are refused at their place",
    arguments: [
      "y ~ within(x) + (1 | id)", "y ~ lag(x, id) + (1 | id)", "y ~ lag(x, id, time, 0) + (1 | id)",
      "y ~ lag(x, id, time, week = day) + (1 | id)", "y ~ between(x, who) + (1 | id)",
      "y ~ lag(x, id, I(time / 2)) + (1 | id)",
    ])
  func refused(formula: String) throws {
    let data = try diary()
    #expect(throws: ModelError.self) { try fit(formula, data) }
  }
}

extension ModelData {
  fileprivate func numbers(_ name: String) -> [Double] {
    guard case .numeric(let values) = self[name] else { return [] }
    return values
  }

  fileprivate func codes(_ name: String) -> [Int32] {
    guard case .factor(_, let codes) = self[name] else { return [] }
    return codes
  }
}
