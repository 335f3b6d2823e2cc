package import Definitions
import Delimited
import Foundation

/// A table from elsewhere, read by a map: what was answered, by whom, when and on which occasion.
package struct AnswerTable: Sendable {
  /// One cell that is an answer.
  struct Cell: Sendable {
    let source: AnswerMap.ItemSource
    let text: String
    let place: Place
  }

  /// One row with answers.
  struct Row: Sendable {
    let person: String
    let wave: AnswerMap.Wave
    let moment: Date
    let cells: [Cell]
    let place: Place
  }

  package let map: AnswerMap
  let rows: [Row]
  /// Rows without any answer, and those of occasions that the map leaves out.
  let emptyRows: Int
}

extension AnswerTable {
  /// Reads a table; reports every cell that the map does not account for.
  ///
  /// Places are the line on which a row begins and the number of the cell in it.
  package static func load(
    _ bytes: [UInt8], file: String, map: AnswerMap, problems: inout Problems
  ) -> AnswerTable? {
    var options = DelimitedOptions(delimiter: map.delimiter)
    options.allowsRaggedRows = true
    let table: [[String]]
    do throws(DelimitedProblem) {
      table = try DelimitedText.readRows(bytes, options: options)
    } catch {
      problems.report(
        at: error.line == 0 ? .whole(file) : Place(file: file, line: error.line, column: 1),
        found: "a table that cannot be read (\(error))", expected: "delimited text in UTF-8")
      return nil
    }
    let lines = recordLines(bytes)
    let before = problems.errorCount
    guard let header = table.first else {
      problems.report(at: .whole(file), found: "an empty file", expected: "a header row")
      return nil
    }
    var columns: [String: Int] = [:]
    for (index, name) in header.enumerated() {
      if columns.updateValue(index, forKey: name) != nil {
        problems.report(
          at: Place(file: file, line: 1, column: index + 1),
          found: "two columns \(quoted(name))", expected: "different names")
      }
    }
    var wanted = [map.participant, map.date]
    if case .column(let name, _) = map.occasion { wanted.append(name) }
    wanted += map.items.map(\.column)
    for name in Set(wanted).sorted() where columns[name] == nil {
      problems.report(
        at: Place(file: file, line: 1, column: 1), found: "no column \(quoted(name))",
        expected: "the columns that the map names",
        suggestion: nearestName(to: name, among: header))
    }
    guard problems.errorCount == before else { return nil }
    var rows: [Row] = []
    var emptyRows = 0
    for (number, cells) in table.enumerated().dropFirst() {
      let line = number < lines.count ? lines[number] : number + 1
      guard cells.count == header.count else {
        problems.report(
          at: Place(file: file, line: line, column: min(cells.count, header.count) + 1),
          found: "\(cells.count) cells", expected: "\(header.count) as in the header")
        continue
      }
      let reader = RowReader(map: map, columns: columns, cells: cells, file: file, line: line)
      switch reader.read(&problems) {
      case .row(let row): rows.append(row)
      case .empty: emptyRows += 1
      case .damaged: continue
      }
    }
    guard problems.errorCount == before else { return nil }
    return AnswerTable(map: map, rows: rows, emptyRows: emptyRows)
  }

  /// The lines on which rows begin; quoted cells may hold line ends, and empty lines are no rows.
  private static func recordLines(_ bytes: [UInt8]) -> [Int] {
    var lines: [Int] = []
    var (line, isQuoted, isAtStart) = (1, false, true)
    for byte in bytes {
      if isAtStart, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") {
        lines.append(line)
        isAtStart = false
      }
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      guard byte == UInt8(ascii: "\n") else { continue }
      line += 1
      if !isQuoted { isAtStart = true }
    }
    return lines
  }
}

/// Reads the cells of one row.
private struct RowReader {
  enum Outcome {
    case row(AnswerTable.Row)
    case empty, damaged
  }

  let map: AnswerMap
  let columns: [String: Int]
  let cells: [String]
  let file: String
  let line: Int

  private func cell(_ column: String) -> (text: String, place: Place) {
    let index = columns[column] ?? 0
    return (
      cells[index].trimmingCharacters(in: .whitespaces),
      Place(file: file, line: line, column: index + 1)
    )
  }

  func read(_ problems: inout Problems) -> Outcome {
    let before = problems.errorCount
    guard let wave = wave(&problems) else {
      return problems.errorCount == before ? .empty : .damaged
    }
    let answers = map.items.compactMap { source -> AnswerTable.Cell? in
      let (text, place) = cell(source.column)
      guard !map.missing.contains(text), !source.missing.contains(text) else { return nil }
      return AnswerTable.Cell(source: source, text: source.recode[text] ?? text, place: place)
    }
    guard !answers.isEmpty else { return .empty }
    let person = cell(map.participant)
    if person.text.isEmpty {
      problems.report(
        at: person.place, found: "nobody in column \(quoted(map.participant))",
        expected: "who answered")
    }
    let date = cell(map.date)
    guard let moment = map.moment(date.text) else {
      problems.report(
        at: date.place, found: "\(quoted(date.text)) in column \(quoted(map.date))",
        expected: map.dateFormat.map { "a date written \($0)" }
          ?? "a date such as 2026-03-29 or 2026-03-29T08:00")
      return .damaged
    }
    guard problems.errorCount == before else { return .damaged }
    return .row(
      AnswerTable.Row(
        person: person.text, wave: wave, moment: moment, cells: answers, place: person.place))
  }

  /// - Returns: `nil` for a row that is left out, or of an occasion that the map does not know.
  private func wave(_ problems: inout Problems) -> AnswerMap.Wave? {
    switch map.occasion {
    case .all(let wave): return wave
    case .column(let name, let waves):
      let (text, place) = cell(name)
      guard let known = waves[text] else {
        problems.report(
          at: place, found: "\(quoted(text)) in column \(quoted(name))",
          expected: "one of the waves of the map",
          suggestion: nearestName(to: text, among: waves.keys.sorted()))
        return nil
      }
      return known
    }
  }
}
