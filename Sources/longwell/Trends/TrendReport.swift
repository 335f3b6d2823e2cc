import Statistics

/// The trends of several persons, for a reader and for programs.
struct TrendReport {
  /// From how many values on a person's p value is given and adjusted.
  static let fewestForTest = 10

  private var courses: [TrendCourses.Course]
  private var tests: [MannKendallTest?]
  private var adjusted: [Double?]

  /// - Parameter tests: One for each course; nil where it is too short.
  init(courses: [TrendCourses.Course], tests: [MannKendallTest?]) {
    self.courses = courses
    self.tests = tests
    let values = zip(courses, tests).map { course, test -> Double? in
      guard let p = test?.pValue, p.isFinite, course.series.count >= Self.fewestForTest else {
        return nil
      }
      return p
    }
    adjusted = Adjustment.benjaminiHochberg.adjusted(values) ?? []
  }

  /// For programs, in the order of the persons.
  var documents: [TrendDocument] {
    courses.indices.map { place in
      TrendDocument(
        person: courses[place].person, series: courses[place].series, test: tests[place],
        adjusted: adjusted[place])
    }
  }

  /// A table with a line for each person, then what to know about it.
  func lines(columnOfPersons: String, test: MannKendallTest.Method) -> [String] {
    var table = TextTable(
      header: [
        TerminalText.safe(columnOfPersons), "n", "S", "z", "p", "p adjusted", "tau", "Sen slope",
        "lower", "upper",
      ])
    let slopes = NumberText.column(tests.map { $0?.slope.slope ?? .nan })
    let lower = NumberText.column(tests.map { $0?.slope.lower ?? .nan })
    let upper = NumberText.column(tests.map { $0?.slope.upper ?? .nan })
    for place in courses.indices {
      let test = tests[place]
      let isTested = adjusted[place] != nil
      table.rows.append([
        TerminalText.safe(courses[place].person ?? ""), String(courses[place].series.count),
        test.map { String($0.score) } ?? "", isTested ? Self.number(test?.z, 3) : "",
        isTested ? NumberText.pValue(test?.pValue ?? .nan) : "",
        isTested ? NumberText.pValue(adjusted[place] ?? .nan) : "", Self.number(test?.tau, 3),
        slopes[place], lower[place], upper[place],
      ])
    }
    var lines = ["Trend by person: \(test.rawValue)", ""] + table.lines
    lines += [
      "",
      " p adjusted by Benjamini-Hochberg over the \(adjusted.count { $0 != nil }) persons with at "
        + "least \(Self.fewestForTest) values",
    ]
    let short = courses.count { $0.series.count < Self.fewestForTest }
    if short > 0 { lines.append(" \(short) with fewer have a slope and no p value") }
    return lines + Set(tests.compactMap { $0?.notes }.joined()).sorted().map { " Note: \($0)" }
  }

  /// One test as a reader likes it.
  static func lines(of test: MannKendallTest, confidence: Double) -> [String] {
    let p = NumberText.pValue(test.pValue) + (test.isExact ? " (exact)" : "")
    let ends = NumberText.column([
      test.slope.slope, test.slope.lower ?? .nan, test.slope.upper ?? .nan, test.slope.intercept,
    ])
    var lines = [
      "Trend: \(test.method.rawValue), \(test.count) values", "",
      " S = \(test.score), Var S = \(number(test.variance, 2)), z = \(number(test.z, 4)), p = \(p)",
      " tau = \(number(test.tau, 4)): \(test.trend.rawValue)",
      " Sen's slope = \(ends[0])"
        + (test.slope.lower == nil
          ? "" : ", \(number(100 * confidence, 0)) % interval \(ends[1]) to \(ends[2])")
        + ", intercept \(ends[3])",
    ]
    if test.method == .seasonal { lines.append(" The slope is per cycle.") }
    return lines + test.notes.map { " Note: \($0)" }
  }

  private static func number(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return "-" }
    return NumberText.fixed(value, decimals: decimals)
  }
}
