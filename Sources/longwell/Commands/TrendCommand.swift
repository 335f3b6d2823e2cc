import ArgumentParser
import Statistics

/// `longwell trend`: monotonic trends of one series or of each person's, on any CSV file.
struct TrendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trend",
    abstract: "Test series of a CSV file for trends.",
    discussion: """
      Without --time the rows are taken in order, one step apart. With --by every person is tested
      alone; p values are then also adjusted over the persons (Benjamini-Hochberg), and only persons
      with at least ten values have one. The regional test takes all persons together.

        longwell trend --data diary.csv --value mood --time day --by person --test hamed-rao

      Empty cells, NA and NaN are missing: they are left out, and their places in time stay.
      """)

  @Option(
    help: ArgumentHelp(
      "The CSV file, or - for standard input; its first line names the columns.", valueName: "file")
  )
  var data: String

  @Option(help: ArgumentHelp("The column tested.", valueName: "column"))
  var value: String

  @Option(help: ArgumentHelp("A column of numbers to order the values by.", valueName: "column"))
  var time: String?

  @Option(help: ArgumentHelp("The column that tells the persons.", valueName: "column"))
  var by: String?

  @Option(
    help: ArgumentHelp(
      MannKendallTest.Method.allCases.map(\.rawValue).joined(separator: ", ") + ".",
      valueName: "test"),
    transform: { try OptionWord.read($0) })
  var test = MannKendallTest.Method.mannKendall

  @Option(help: ArgumentHelp("Steps in a season's cycle, for --test seasonal.", valueName: "n"))
  var period: Int?

  @Option(
    help: ArgumentHelp(
      "The largest lag for hamed-rao and yue-wang; without it, all.", valueName: "n"))
  var lags: Int?

  @Option(help: ArgumentHelp("The level of intervals and directions.", valueName: "level"))
  var confidence = 0.95

  @Flag(help: "Print every number as JSON.")
  var json = false

  func validate() throws {
    guard confidence > 0, confidence < 1 else {
      throw ValidationError("--confidence takes a number between 0 and 1, such as 0.95")
    }
    guard (test == .seasonal) == (period != nil) else {
      throw ValidationError("--test seasonal and --period go together")
    }
    guard lags == nil || test == .hamedRao || test == .yueWang else {
      throw ValidationError("--lags is for --test hamed-rao and yue-wang")
    }
    guard test != .regional || by != nil else {
      throw ValidationError("--test regional needs --by: it takes several series together")
    }
  }

  func run() throws {
    let courses = try TrendCourses(file: data, value: value, time: time, by: by)
    if test == .regional {
      return try show { () throws(TrendError) in
        try MannKendallTest(regional: courses.all.map(\.series), confidenceLevel: confidence)
      }
    }
    guard by != nil else {
      guard let course = courses.all.first else {
        throw CommandFailure(.problems, "\(data): no rows")
      }
      return try show { () throws(TrendError) in try tested(course.series) }
    }
    let report = TrendReport(
      courses: courses.all,
      tests: courses.all.map { course in try? tested(course.series) })
    if json { return try Console.json(report.documents) }
    for line in report.lines(columnOfPersons: by ?? "", test: test) { Console.out(line) }
  }

  private func tested(_ series: TrendSeries) throws(TrendError) -> MannKendallTest {
    if let period {
      return try MannKendallTest(
        seasonal: series, period: period, confidenceLevel: confidence)
    }
    return try MannKendallTest(series, method: test, lags: lags, confidenceLevel: confidence)
  }

  private func show(_ test: () throws(TrendError) -> MannKendallTest) throws {
    let tested: MannKendallTest
    do throws(TrendError) { tested = try test() } catch {
      throw CommandFailure(.problems, "\(data): \(error)")
    }
    if json { return try Console.json(TrendDocument(tested)) }
    for line in TrendReport.lines(of: tested, confidence: confidence) { Console.out(line) }
  }
}
