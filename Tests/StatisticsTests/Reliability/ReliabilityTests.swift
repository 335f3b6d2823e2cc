import Foundation
import Statistics
import Testing

@Suite("Reliability")
struct ReliabilityTests {
  @Test("Cronbach's alpha, its interval and its items agree with psych")
  func alpha() throws {
    let fixture = try ReliabilityFixture.load()
    let found = try CronbachAlpha(try fixture.scores)
    #expect(found.rowCount == 58 && found.itemCount == 5)
    expectClose(
      [found.alpha, found.standardised, found.lower, found.upper], fixture.alpha,
      relative: 1e-10, "alpha, standardised, lower, upper")
    expectClose(found.withoutItem, fixture.dropped, relative: 1e-10, "alpha without item")
    expectClose(found.itemRest, fixture.itemRest, relative: 1e-10, "item-rest correlation")
  }

  @Test("one factor and omega agree with lavaan and factanal")
  func omega() throws {
    let fixture = try ReliabilityFixture.load()
    let found = try OneFactorModel(try fixture.scores)
    expectClose(
      [found.omega, found.omega], fixture.omega, relative: 1e-6, "omega")
    // lavaan divides by n, we by n − 1.
    let ratio = (57.0 / 58).squareRoot()
    expectClose(
      found.factor.loadings.map { $0 * ratio }, fixture.loadings, relative: 1e-5, "loadings")
    expectClose(
      found.factor.uniquenesses.map { $0 * 57 / 58 }, fixture.uniquenesses, relative: 1e-4,
      "uniquenesses")
    #expect(found.degreesOfFreedom == 5)
  }

  @Test("the six intraclass correlations agree with psych", arguments: 0..<6)
  func intraclass(place: Int) throws {
    let fixture = try ReliabilityFixture.load()
    let found = try IntraclassCorrelation.all(of: try fixture.scores)[place]
    let expected = fixture.icc[place]
    expectClose(
      [
        found.estimate, found.test.statistic, found.test.numerator, found.test.denominator,
        found.lower, found.upper,
      ],
      [expected[0], expected[1], expected[2], expected[3], expected[5], expected[6]],
      relative: 1e-9, "\(found.kind.rawValue)")
    #expect(isClose(found.test.pValue, expected[4], relative: 1e-6))
  }

  @Test(
    "a diary's coefficients agree with psych, complete and with gaps", arguments: [false, true])
  func diary(kept: Bool) throws {
    let diary = try ReliabilityFixture.load().diary
    let scores = try ItemScores(items: diary.items.map { diary.column($0, kept: kept) })
    let found = try DiaryReliability(
      scores, persons: diary.persons(kept: kept), times: diary.column(diary.time, kept: kept))
    let parts = found.components
    expectClose(
      [
        parts.person, parts.time, parts.item, parts.personTime, parts.personItem, parts.timeItem,
        parts.residual,
      ], kept ? diary.componentsGaps : diary.components, relative: 1e-4, absolute: 1e-6,
      "components")
    if !kept {
      expectClose(
        [
          found.personsOverFixedTimes, found.personsAtOneTime, found.personsOverRandomTimes,
          found.change,
        ], diary.generalisability, relative: 1e-4, "R_kF, R_1R, R_kR, R_C")
    }
  }

  @Test("omega within and between persons agrees with lavaan's two-level model")
  func twoLevel() throws {
    let diary = try ReliabilityFixture.load().diary
    let scores = try ItemScores(items: diary.items.map { diary.column($0, kept: true) })
    let found = try TwoLevelFactorModel(scores, persons: diary.persons(kept: true))
    expectClose(
      [found.within.omega, found.between.omega, found.logLikelihood], diary.twoLevel,
      relative: 1e-5, "omega within, between, log-likelihood")
    expectClose(found.within.loadings, diary.withinLoadings, relative: 1e-4, "within")
    expectClose(found.between.loadings, diary.betweenLoadings, relative: 1e-4, "between")
    expectClose(
      found.between.uniquenesses, diary.betweenUniquenesses, relative: 1e-3, "uniquenesses")
  }

  /// Two groups of three by hand: MSB = 13.5, MSW = 1.
  @Test("ICC(1) and ICC(2) follow from the mean squares")
  func groups() throws {
    let found = try GroupCorrelation([1, 2, 3, 4, 5, 6, .nan], groups: [0, 0, 0, 1, 1, 1, 1])
    #expect(isClose(found.single, 12.5 / 15.5, relative: 1e-12))
    #expect(isClose(found.mean, 12.5 / 13.5, relative: 1e-12))
  }

  /// s = 7.5, r = 0.8: √2 · 7.5 · √0.2 = 4.743; times 1.96 is 9.297 (Jacobson & Truax's formula).
  @Test("a change is reliable beyond its error only")
  func change() throws {
    let change = try ReliableChange(reliability: 0.8, standardDeviation: 7.5)
    #expect(isClose(change.differenceError, 4.743416490252569, relative: 1e-12))
    #expect(isClose(change.threshold, 9.2969, relative: 1e-4))
    #expect(change.direction(before: 40, after: 49.2) == .unchanged)
    #expect(change.direction(before: 40, after: 49.4) == .risen)
    #expect(change.direction(before: 40, after: 30) == .fallen)
    #expect(change.direction(before: 40, after: .nan) == nil)
  }

  @Test("two items have Spearman and Brown's coefficient")
  func twoItems() throws {
    let found = try CronbachAlpha(
      try ItemScores(items: [[1, 2, 3, 4, 5], [2, 1, 4, 3, 5]]))
    #expect(isClose(try #require(found.spearmanBrown), 2 * 0.8 / 1.8, relative: 1e-12))
    #expect(found.withoutItem.isEmpty)
  }

  @Test("pairs of items use the rows that have both when asked to")
  func pairwise() throws {
    let scores = try ReliabilityFixture.load().scores
    let all = try CronbachAlpha(scores, rows: .pairwise)
    let complete = try CronbachAlpha(scores)
    #expect(all.alpha != complete.alpha && abs(all.alpha - complete.alpha) < 0.05)
  }

  @Test("what cannot be computed is refused in words")
  func refusals() throws {
    let flat = try ItemScores(items: [[1, 1, 1, 1], [1, 2, 3, 4]])
    #expect(throws: ReliabilityError.constantItem(0)) { try CronbachAlpha(flat) }
    #expect(throws: ReliabilityError.tooFewItems(items: 1, needed: 2)) {
      try CronbachAlpha(try ItemScores(items: [[1, 2, 3]]))
    }
    #expect(throws: ReliabilityError.tooFewRows(rows: 1, needed: 3)) {
      try CronbachAlpha(try ItemScores(items: [[1, .nan, 3], [.nan, .nan, 2]]))
    }
    #expect(throws: ReliabilityError.unequalLengths(rows: 1, expected: 2)) {
      try ItemScores(items: [[1, 2], [1]])
    }
    let copies = (0..<20).map { Double(($0 * 7) % 11) }
    let other = (0..<20).map { Double(($0 * 5) % 13) }
    #expect(throws: ReliabilityError.self) {
      try OneFactorModel(try ItemScores(items: [copies, copies, other]))
    }
    #expect(throws: ReliabilityError.self) {
      try ReliableChange(reliability: 1, standardDeviation: 2)
    }
    let two = try ItemScores(items: [[1, 2, 3, 4], [2, 3, 4, 4]])
    #expect(throws: ReliabilityError.repeatedOccasion(row: 1)) {
      try DiaryReliability(two, persons: [0, 0, 1, 1], times: [0, 0, 0, 1])
    }
  }
}
