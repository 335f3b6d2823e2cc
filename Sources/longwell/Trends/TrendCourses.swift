import Statistics

/// The series of a CSV file: one, or one for each person.
struct TrendCourses {
  /// One person's series, or the only one.
  struct Course {
    var person: String?
    var series: TrendSeries
  }

  private(set) var all: [Course] = []

  /// - Throws: ``CommandFailure`` that names the file, the column and the person.
  init(file: String, value: String, time: String?, by: String?) throws {
    let columns = try DataFile.columns(file)
    let values = try columns.numbers(value, option: "--value", file: file)
    let times = try time.map { try columns.numbers($0, option: "--time", file: file) }
    guard let by else {
      all = [
        Course(
          person: nil,
          series: try Self.series(of: Array(values.indices), values, times, file: file, person: nil)
        )
      ]
      return
    }
    let groups = try columns.groups(by, option: "--by", file: file)
    var rows = Array(repeating: [Int](), count: groups.levels.count)
    for (row, code) in groups.codes.enumerated() {
      if let code { rows[code].append(row) }
    }
    for (person, rows) in zip(groups.levels, rows) {
      all.append(
        Course(
          person: person,
          series: try Self.series(of: rows, values, times, file: file, person: person)))
    }
  }

  private static func series(
    of rows: [Int], _ values: [Double], _ times: [Double]?, file: String, person: String?
  ) throws -> TrendSeries {
    do throws(TrendError) {
      return try TrendSeries(
        rows.map { values[$0] }, times: times.map { times in rows.map { times[$0] } })
    } catch {
      let whose = person.map { " (\(TerminalText.safe($0)))" } ?? ""
      throw CommandFailure(.problems, "\(file)\(whose): \(error)")
    }
  }
}
