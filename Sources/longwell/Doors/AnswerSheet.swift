import Definitions
import Delimited
import Foundation
import Instruments

/// Answers collected elsewhere: a CSV file with a row for each person and a column for each item.
struct AnswerSheet {
  /// The answers of each row, by item.
  private(set) var rows: [[String: Answer]] = []
  /// Columns that are no item, which are passed over.
  private(set) var otherColumns: [String] = []
  /// Items without a column; they count as unanswered.
  private(set) var absentItems: [String] = []

  /// Reads a file of answers to an instrument.
  ///
  /// Empty cells, NA and NaN are left blank. Nothing off its response scale is taken.
  ///
  /// - Throws: ``CommandFailure`` with every cell that is refused, by row and item and never by what
  ///   is in it; what `Delimited` throws for a file that is no table.
  static func read(_ path: String, for instrument: Instrument) throws -> AnswerSheet {
    let bytes = Array(try Data(contentsOf: URL(filePath: path)))
    let table = try DelimitedText.readRows(bytes)
    let items =
      instrument.items.filter { $0.valueType != nil }.map(\.id) + instrument.earlier.map(\.name)
    let header = (table.first ?? []).map(trimmed)
    var sheet = AnswerSheet()
    sheet.otherColumns = header.filter { !items.contains($0) }
    sheet.absentItems = items.filter { !header.contains($0) }
    try check(header, items: items, of: instrument)
    var refusals: [String] = []
    for (number, row) in table.dropFirst().enumerated() {
      var answers: [String: Answer] = [:]
      for (name, cell) in zip(header, row) where items.contains(name) {
        let text = trimmed(cell)
        guard !["", "NA", "NaN"].contains(text) else { continue }
        do throws(AnswerRefusal) {
          answers[name] = try instrument.answer(reading: text, for: name)
        } catch {
          refusals.append("row \(number + 1): \(error.description)")
        }
      }
      sheet.rows.append(answers)
    }
    guard refusals.isEmpty else { throw CommandFailure(.problems, summary(of: refusals)) }
    return sheet
  }

  private static func check(
    _ header: [String], items: [String], of instrument: Instrument
  ) throws {
    let known = header.filter(items.contains)
    if Set(known).count < known.count {
      let twice = known.first { name in known.count { $0 == name } > 1 } ?? ""
      throw CommandFailure(.problems, "the column \(quoted(twice)) is there twice")
    }
    guard !known.isEmpty else {
      let names = items.prefix(4).joined(separator: ", ")
      throw CommandFailure(
        .problems, "no column is an item of \(instrument.id): expected \(names), …")
    }
  }

  /// The first refusals, and how many more there are.
  private static func summary(of refusals: [String]) -> String {
    let shown = refusals.prefix(20)
    let more = refusals.count - shown.count
    return (shown + (more > 0 ? ["and \(more) more"] : [])).joined(separator: "\n")
  }

  private static func trimmed(_ text: String) -> String {
    text.trimmingCharacters(in: .whitespaces)
  }
}
