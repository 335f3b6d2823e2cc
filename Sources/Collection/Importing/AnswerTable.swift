package import Definitions
import Delimited
import Foundation

/// A table from elsewhere, read by a map: what was answered, by whom, when and on which occasion.
package struct AnswerTable: Sendable {
  /// One answer as the table has it.
  struct Cell: Sendable {
    let source: AnswerMap.ItemSource
    let text: String
    let place: Place
  }

  /// The answers of one person on one occasion.
  struct Row: Sendable {
    let person: String
    let wave: AnswerMap.Wave
    let moment: Date
    let cells: [Cell]
    let place: Place
    /// What the table says about somebody who is not in the study.
    let newcomer: Newcomer?
  }

  /// Somebody who may join.
  struct Newcomer: Sendable {
    let zone: String
    let site: String?
    let language: String?
  }

  package let map: AnswerMap
  let rows: [Row]
  /// Answers in rows of which it is not known who gave them, when or on which occasion.
  let strays: [Cell]
  /// What is wrong with rows and cells, as far as the table tells without the study.
  let mistakes: Problems
  /// Rows, or waves of a wide row, without any answer, and those that the map leaves out.
  let emptyRows: Int
  /// Rows without a date, where the map leaves these out.
  let unfinishedRows: Int
}

extension AnswerTable {
  /// Reads a table; reports what cannot be read of it at all: its header, and the columns of the map.
  ///
  /// What is wrong with single rows goes along with it, so that ``StudyDesk/importAnswers(_:isTrial:now:)``
  /// reports it together with what the study does not take. Places are the line on which a row begins and
  /// the number of the cell in it.
  package static func load(
    _ bytes: [UInt8], file: String, map: AnswerMap, problems: inout Problems
  ) -> AnswerTable? {
    var options = DelimitedOptions(delimiter: map.delimiter)
    options.allowsRaggedRows = true
    let table: [(line: Int, cells: [String])]
    do throws(DelimitedProblem) {
      table = try DelimitedText.readNumberedRows(bytes, options: options)
    } catch {
      problems.report(
        at: error.line == 0 ? .whole(file) : Place(file: file, line: error.line, column: 1),
        found: "a table that cannot be read (\(error))", expected: "delimited text in UTF-8")
      return nil
    }
    let before = problems.errorCount
    guard let header = table.first else {
      problems.report(at: .whole(file), found: "an empty file", expected: "a header row")
      return nil
    }
    var columns: [String: Int] = [:]
    for (index, cell) in header.cells.enumerated() {
      let name = cell.trimmingCharacters(in: .whitespaces)
      if columns.updateValue(index, forKey: name) != nil {
        problems.report(
          at: Place(file: file, line: header.line, column: index + 1),
          found: "two columns \(quoted(name))", expected: "different names")
      }
    }
    let layout = RowLayout(map: map, columns: columns)
    for name in layout.absent {
      problems.report(
        at: Place(file: file, line: header.line, column: 1), found: "no column \(quoted(name))",
        expected: "the columns that the map names",
        suggestion: nearestName(to: name, among: columns.keys.sorted()))
    }
    guard problems.errorCount == before else { return nil }
    var rows: [Row] = []
    var strays: [Cell] = []
    var mistakes = Problems()
    var counts = (empty: 0, unfinished: 0)
    for (line, cells) in table.dropFirst() {
      guard cells.count == header.cells.count else {
        mistakes.report(
          at: Place(file: file, line: line, column: min(cells.count, header.cells.count) + 1),
          found: "\(cells.count) cells", expected: "\(header.cells.count) as in the header")
        continue
      }
      let reader = AnswerRow(layout: layout, cells: cells, file: file, line: line)
      for outcome in reader.read(&mistakes) {
        switch outcome {
        case .row(let row): rows.append(row)
        case .empty: counts.empty += 1
        case .unfinished: counts.unfinished += 1
        case .damaged(let cells): strays += cells
        }
      }
    }
    return AnswerTable(
      map: map, rows: rows, strays: strays, mistakes: mistakes, emptyRows: counts.empty,
      unfinishedRows: counts.unfinished)
  }
}

/// Which columns each occasion of a row has.
struct RowLayout {
  /// The columns of an occasion; without one, of all.
  struct Section {
    let wave: AnswerMap.Wave?
    let dates: [String]
    let items: [AnswerMap.ItemSource]
  }

  let map: AnswerMap
  /// The columns by name.
  let columns: [String: Int]
  let sections: [Section]
  /// Columns that the map names and the table has not, in order of name.
  let absent: [String]

  init(map: AnswerMap, columns: [String: Int]) {
    self.map = map
    self.columns = columns
    var wanted = [map.participant]
    for fact in [map.zone, map.newcomers?.zone, map.newcomers?.site, map.newcomers?.language] {
      if case .column(let name) = fact { wanted.append(name) }
    }
    var sections: [Section]
    switch map.occasion {
    case .all(_, let number):
      if let number { wanted.append(number) }
      sections = [Section(wave: nil, dates: map.dates, items: map.items)]
    case .column(let name, _, let number):
      wanted += [name] + (number.map { [$0] } ?? [])
      sections = [Section(wave: nil, dates: map.dates, items: map.items)]
    case .wide(let parts):
      // Not every wave asks every instrument: one that lacks all of its columns was not asked in it, if
      // another wave has them.
      let all = parts.map { (wave: $0.wave, named: map.narrowed(to: $0)) }
      func lacks(_ instrument: String, _ items: [AnswerMap.ItemSource]) -> Bool {
        !items.contains { item in
          item.instrument == instrument && item.columns.contains { columns[$0] != nil }
        }
      }
      let nowhere = Set(map.items.map(\.instrument)).filter { name in
        all.allSatisfy { lacks(name, $0.named.items) }
      }
      sections = all.map { wave, named in
        Section(
          wave: wave, dates: named.dates,
          items: named.items.filter { item in
            nowhere.contains(item.instrument) || !lacks(item.instrument, named.items)
          })
      }
    }
    self.sections = sections
    wanted += sections.flatMap { section in section.dates + section.items.flatMap(\.columns) }
    absent = Set(wanted).filter { columns[$0] == nil }.sorted()
  }
}
