import Statistics
import Testing

/// Against `.D1` of mitml 0.4-4, which mice 3.15's `D1` calls, on made-up estimates.
@Suite("Tests of whole terms pool as D1 of Li, Raghunathan and Rubin")
struct PooledTestTests {
  private static let values = [
    [0.823, 0.2766, -0.4793], [0.8078, 0.3157, -0.4976], [0.9068, 0.3893, -0.5975],
    [1.0014, 0.2404, -0.5905], [0.8427, 0.3202, -0.4878],
  ]
  /// Lower triangles by rows.
  private static let covariances = [
    [0.038108, 0.001961, 0.024448, -0.005477, -0.002786, 0.021884],
    [0.036977, 0.001123, 0.022996, 0.007692, -0.001528, 0.038466],
    [0.046358, 0.004246, 0.02379, 0.00575, -0.000619, 0.030703],
    [0.055047, -0.012776, 0.024102, -0.00049, 0.002174, 0.038251],
    [0.035022, -0.003716, 0.021087, -0.000603, -0.001586, 0.028072],
  ]

  private func fits(
    _ count: Int, size: Int, denominator: Double
  ) -> [TermEstimates] {
    (0..<count).map { fit in
      TermEstimates(
        term: "g", values: Array(Self.values[fit].prefix(size)),
        covariance: Matrix(rows: size, columns: size) {
          let (row, column) = (max($0, $1), min($0, $1))
          return Self.covariances[fit][row * (row + 1) / 2 + column]
        }, denominator: denominator)
    }
  }

  @Test(
    "statistic, denominator and increase",
    arguments: [
      (5, 3, Double.infinity, [9.461045525017, 320.904081236508, 0.1574142734873]),
      (5, 3, 40.5, [9.461045525017, 33.074957195141, 0.1574142734873]),
      (3, 2, .infinity, [9.246958039152, 225.309747730513, 0.1304424999469]),
    ])
  func reference(_ count: Int, _ size: Int, _ complete: Double, _ known: [Double]) throws {
    let pooled = try PooledTest(fits(count, size: size, denominator: complete))
    expectClose(
      [pooled.test.statistic, pooled.test.denominator, pooled.relativeIncrease], known,
      relative: 1e-10, "D1")
    #expect(pooled.test.numerator == Double(size))
  }

  @Test("a single coefficient is tested by Barnard and Rubin's t")
  func single() throws {
    let fits = fits(5, size: 1, denominator: 12)
    let pooled = try PooledTest(fits)
    let effect = try PooledEffect(
      name: "g", estimates: fits.map { $0.values[0] },
      standardErrors: fits.map { $0.covariance[0, 0].squareRoot() },
      completeDegreesOfFreedom: 12)
    #expect(isClose(pooled.test.pValue, effect.pValue, relative: 1e-9))
  }

  @Test("imputations that agree give the fit's own F; few of them stay below complete data's")
  func bounds() throws {
    let one = fits(1, size: 3, denominator: .infinity)[0]
    let agreed = try PooledTest([one, one, one])
    #expect(agreed.relativeIncrease == 0 && agreed.test.denominator == .infinity)
    #expect(try PooledTest(fits(2, size: 2, denominator: 6)).test.denominator <= 6)
    #expect(try PooledTest(fits(5, size: 3, denominator: 3)).test.denominator <= 3)
    #expect(throws: ModelError.self) { try PooledTest([one]) }
    #expect(throws: ModelError.self) {
      try PooledTest([one, fits(1, size: 2, denominator: 9)[0]])
    }
    #expect(throws: ModelError.self) { try PooledTest.pool([]) }
  }

  @Test("a model's terms are pooled as they are tested")
  func model() throws {
    let fit = try Reference(name: "lmm19_bodyweight_reml").fit()
    let estimates = try fit.typeThreeEstimates()
    for (pooled, test) in zip(
      try PooledTest.pool([estimates, estimates]), try fit.typeThreeTests())
    {
      #expect(pooled.term == test.term)
      #expect(isClose(pooled.test.statistic, test.test.statistic, relative: 1e-9))
    }
  }
}
