import Statistics
import Testing

@Suite("Kenward-Roger with planned waves and compound symmetry")
struct ResidualKenwardRogerTests {
  static let missing = [2, 7, 20, 33, 34, 50, 71, 100]

  /// Orthodont, eight of the 108 measurements left out.
  private func incomplete() throws -> ModelData {
    let data = try ResidualReference.marginal[0].data()
    guard case .numeric(var response) = data["distance"] else { return data }
    for row in Self.missing { response[row - 1] = .nan }
    return try ModelData(
      data.names.compactMap { name in
        data[name].map { (name, name == "distance" ? .numeric(response) : $0) }
      })
  }

  private func fit(
    _ formula: String, _ data: ModelData, _ structure: ResidualStructure
  ) throws -> ResidualModelFit {
    try LinearMixedModel.fit(
      ModelFormula.parse(formula), data: data, residuals: structure,
      degreesOfFreedom: .kenwardRoger)
  }

  /// R 4.2: V, its inverse and each G_r as whole n×n matrices, REML by Fisher scoring in the entries
  /// of the waves' covariance matrix, then the formulas of Kenward & Roger (1997) as they stand.
  @Test("an unstructured covariance with missed waves agrees with matrices of all rows")
  func unstructured() throws {
    let fit = try fit(
      "distance ~ age * Sex", incomplete(),
      .unstructured(wave: "age", within: "Subject"))
    #expect(fit.degreesOfFreedom == .kenwardRoger)
    #expect(isClose(fit.criterion, 398.30174876, relative: 1e-10))
    expectClose(
      fit.fixedEffects.map(\.standardError),
      [1.072842288918, 0.09135456200343, 1.743067463796, 0.1473426715847], relative: 1e-5, "se")
    expectClose(
      fit.fixedEffects.compactMap(\.degreesOfFreedom),
      [23.06396277196, 22.92970283065, 23.95159575423, 24.1306328606], relative: 1e-5, "df")
  }

  /// pbkrtest 0.5.2, `vcovAdj` and `get_Lb_ddf` of `lmer(distance ~ age * Sex + (1 | Subject))`, the
  /// same model where the correlation is positive.
  @Test("compound symmetry with missed waves agrees with pbkrtest")
  func compoundSymmetry() throws {
    let data = try incomplete()
    let fit = try fit("distance ~ age * Sex", data, .compoundSymmetry(within: "Subject"))
    #expect(isClose(fit.criterion, 408.9946912915, relative: 1e-10))
    expectClose(
      fit.fixedEffects.map(\.standardError),
      [1.02450662965, 0.0822765668871, 1.65666436544, 0.133039453561], relative: 1e-6, "se")
    expectClose(
      fit.fixedEffects.compactMap(\.degreesOfFreedom),
      [95.57098413, 71.2931743791, 95.3371659415, 72.1910394961], relative: 1e-6, "df")
    let mixed = try LinearMixedModel.fit(
      ModelFormula.parse("distance ~ age * Sex + (1 | Subject)"), data: data,
      degreesOfFreedom: .kenwardRoger)
    for (test, other) in try zip(fit.typeThreeTests(), mixed.typeThreeTests()) {
      #expect(isClose(test.test.statistic, other.test.statistic, relative: 1e-5))
      #expect(isClose(test.test.denominator, other.test.denominator, relative: 1e-5))
    }
  }

  /// With complete waves and a mean for each, F is Hotelling's T² and exact: of N persons and w waves
  /// T²(N − w + 1)/((N − 1)(w − 1)) on w − 1 and N − w + 1 degrees of freedom.
  @Test("the test of complete waves is Hotelling's")
  func hotelling() throws {
    let data = try ResidualReference.marginal[0].data()
    let fit = try fit(
      "distance ~ factor(age)", data, .unstructured(wave: "age", within: "Subject"))
    let test = try #require(try fit.typeThreeTests().first).test
    #expect(test.numerator == 3)
    #expect(isClose(test.denominator, 24, relative: 1e-6))
    #expect(isClose(test.statistic, 28.85501737125, relative: 1e-6))
    expectClose(
      fit.fixedEffects.compactMap(\.degreesOfFreedom), [26, 26, 26, 26], relative: 1e-6, "df")
  }

  @Test(
    "it is refused by ML and where the covariance is not linear in its parameters",
    arguments: [
      (ResidualStructure.ar1(time: "age", within: "Subject"), EstimationMethod.reml),
      (.variance(per: "Sex"), .reml), (.compoundSymmetry(within: "Subject"), .ml),
    ])
  func refused(_ structure: ResidualStructure, _ method: EstimationMethod) throws {
    let data = try ResidualReference.marginal[0].data()
    let formula = try ModelFormula.parse("distance ~ age")
    #expect(throws: ModelError.self) {
      try LinearMixedModel.fit(
        formula, data: data, method: method, residuals: structure,
        degreesOfFreedom: .kenwardRoger)
    }
  }
}
