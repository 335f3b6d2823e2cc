import Definitions
import Foundation
import LocalTime

/// Reads the cells of one row.
struct AnswerRow {
  enum Outcome {
    case row(AnswerTable.Row)
    /// The answers of a row of which it is not known who gave them, when or on which occasion.
    case damaged([AnswerTable.Cell])
    case empty, unfinished
  }

  let layout: RowLayout
  let cells: [String]
  let file: String
  let line: Int

  private var map: AnswerMap { layout.map }

  private func cell(_ column: String) -> (text: String, place: Place) {
    let index = layout.columns[column] ?? 0
    return (
      cells[index].trimmingCharacters(in: .whitespaces),
      Place(file: file, line: line, column: index + 1)
    )
  }

  /// What each occasion of the row comes to; everything that is wrong with it is reported.
  func read(_ problems: inout Problems) -> [Outcome] {
    layout.sections.map { read($0, &problems) }
  }

  private func read(_ section: RowLayout.Section, _ problems: inout Problems) -> Outcome {
    let before = problems.errorCount
    let wave = section.wave ?? wave(&problems)
    // Left out by the map, or of an occasion that it does not know.
    guard wave != nil || problems.errorCount > before else { return .empty }
    let date = section.dates.map(cell).first { !map.missing.contains($0.text) }
    guard date != nil || !map.skipsUnfinished else { return .unfinished }
    let answers = section.items.compactMap { answer(to: $0, &problems) }
    guard !answers.isEmpty else {
      return problems.errorCount == before ? .empty : .damaged([])
    }
    let person = cell(map.participant)
    if person.text.isEmpty {
      problems.report(
        at: person.place, found: "nobody in column \(quoted(map.participant))",
        expected: "who answered")
    }
    let moment = moment(date, in: section.dates, &problems)
    guard let wave, let moment, !person.text.isEmpty else { return .damaged(answers) }
    return .row(
      AnswerTable.Row(
        person: person.text, wave: wave, moment: moment, cells: answers, place: person.place,
        newcomer: map.newcomers.map {
          AnswerTable.Newcomer(
            zone: text($0.zone), site: $0.site.map(text), language: $0.language.map(text))
        }))
  }

  private func text(_ fact: AnswerMap.Fact) -> String {
    switch fact {
    case .same(let text): text
    case .column(let name): cell(name).text
    }
  }

  // MARK: Answers

  private func isMissing(_ text: String, for item: AnswerMap.ItemSource) -> Bool {
    map.missing.contains(text) || item.missing.contains(text)
  }

  private func answer(
    to item: AnswerMap.ItemSource, _ problems: inout Problems
  ) -> AnswerTable.Cell? {
    switch item.cells {
    case .column(let name):
      let (text, place) = cell(name)
      guard !isMissing(text, for: item) else { return nil }
      let meant = item.recode[text] ?? text
      guard let layout = item.dateLayout else {
        return AnswerTable.Cell(source: item, text: meant, place: place)
      }
      guard let date = layout.read(meant)?.date else {
        // No cell's text in a message: it is somebody's answer.
        problems.report(
          at: place, found: "something else in column \(quoted(name))",
          expected: "a date written \(layout.pattern)")
        return nil
      }
      return AnswerTable.Cell(source: item, text: date.description, place: place)
    case .boxes(let boxes): return ticked(boxes, of: item, &problems)
    }
  }

  /// The options whose boxes are ticked; none of them is no answer, as REDCap writes both alike.
  private func ticked(
    _ boxes: [AnswerMap.Box], of item: AnswerMap.ItemSource, _ problems: inout Problems
  ) -> AnswerTable.Cell? {
    var chosen: [Int] = []
    for box in boxes {
      let (text, place) = cell(box.column)
      guard !isMissing(text, for: item) else { continue }
      switch (item.recode[text] ?? text).lowercased() {
      case "1", "checked", "true": chosen.append(box.option)
      case "0", "unchecked", "false": continue
      default:
        problems.report(
          at: place, found: "something else in column \(quoted(box.column))",
          expected: "1 or 0, Checked or Unchecked, TRUE or FALSE, a recode, or a missing code")
      }
    }
    guard !chosen.isEmpty, let first = boxes.first else { return nil }
    return AnswerTable.Cell(
      source: item, text: chosen.map(String.init).joined(separator: ","),
      place: cell(first.column).place)
  }

  // MARK: When and on which occasion

  /// - Parameter date: the cell that counts; nil where all are empty.
  private func moment(
    _ date: (text: String, place: Place)?, in columns: [String], _ problems: inout Problems
  ) -> Date? {
    let zone = zone(&problems)
    guard let (text, place) = date ?? columns.first.map(cell) else { return nil }
    guard let moment = map.moment(text, in: zone ?? .gmt) else {
      problems.report(
        at: place,
        found: "\(quoted(text)) in column \(columns.map { quoted($0) }.joined(separator: " or "))",
        expected: map.dateLayout.map { "a date written \($0.pattern)" }
          ?? "a date such as 2026-03-29 or 2026-03-29T08:00",
        suggestion: date == nil ? "unfinished: skip in the map, under date" : nil)
      return nil
    }
    return zone == nil ? nil : moment
  }

  private func zone(_ problems: inout Problems) -> TimeZone? {
    do throws(ZoneProblem) { return try timeZone(named: text(map.zone)) } catch {
      guard case .column(let name) = map.zone else { return nil }
      problems.report(
        at: cell(name).place, found: "\(quoted(text(map.zone))) in column \(quoted(name))",
        expected: "an IANA name such as Europe/Amsterdam", suggestion: error.suggestion)
      return nil
    }
  }

  /// - Returns: `nil` for a row that is left out, or of an occasion that the map does not know.
  private func wave(_ problems: inout Problems) -> AnswerMap.Wave? {
    switch map.occasion {
    case .all(let wave, let number): return repetition(of: wave, number, &problems)
    case .column(let name, let waves, let number):
      let (text, place) = cell(name)
      guard let known = waves[text] else {
        problems.report(
          at: place, found: "\(quoted(text)) in column \(quoted(name))",
          expected: "one of the waves of the map",
          suggestion: nearestName(to: text, among: waves.keys.sorted()))
        return nil
      }
      return known.flatMap { repetition(of: $0, number, &problems) }
    case .wide: return nil
    }
  }

  /// The repetition that a column numbers, from the one that the map names; an empty cell is the first, as
  /// REDCap leaves it where nothing repeats.
  private func repetition(
    of wave: AnswerMap.Wave, _ column: String?, _ problems: inout Problems
  ) -> AnswerMap.Wave? {
    guard let column, case let (text, place) = cell(column), !map.missing.contains(text) else {
      return wave
    }
    guard let number = Int(text), AnswerMap.repetitions.contains(number) else {
      problems.report(
        at: place, found: "\(quoted(text)) in column \(quoted(column))",
        expected: "the number of a repetition, from 1")
      return nil
    }
    return AnswerMap.Wave(plan: wave.plan, index: wave.index + number - 1)
  }
}

extension AnswerMap {
  /// The moment that a cell says, by the clocks of a zone; noon of a date without a time.
  fileprivate func moment(_ cell: String, in zone: TimeZone) -> Date? {
    let noon = ClockTime(hour: 12, minute: 0)
    if let dateLayout {
      guard let (date, time) = dateLayout.read(cell), let time = time ?? noon else { return nil }
      return resolve(date, time, in: zone).instant
    }
    if let date = LocalDate(cell), let noon { return resolve(date, noon, in: zone).instant }
    return try? instant(iso8601: cell, in: zone)
  }
}
