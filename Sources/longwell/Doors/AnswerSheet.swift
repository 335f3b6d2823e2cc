import Definitions
import Delimited
import Foundation
import Instruments

/// Answers collected elsewhere: a delimited file with a row for each person and a column for each item.
struct AnswerSheet {
  /// The answers of each row, by item.
  private(set) var rows: [[String: Answer]] = []
  /// Items without a column; they count as unanswered.
  private(set) var absentItems: [String] = []

  /// Reads a file of answers to an instrument, divided by commas, semicolons or tabs.
  ///
  /// A column is named by its item's id, with the instrument's before it or not, as in an export's
  /// `items.csv`; others are passed over. Empty cells, NA and NaN are left blank, and what else the file says
  /// for it. Nothing off its response scale is taken. Between semicolons a number may have a comma for its
  /// point.
  ///
  /// - Parameter missing: further texts that stand for no answer.
  /// - Throws: ``CommandFailure`` with every cell that is refused, by row and item and never by what
  ///   is in it; what `Delimited` throws for a file that is no table.
  static func read(
    _ path: String, for instrument: Instrument, missing: [String] = []
  ) throws -> AnswerSheet {
    let bytes = Array(try Data(contentsOf: URL(filePath: path)))
    let items =
      instrument.items.filter { $0.valueType != nil }.map(\.id) + instrument.earlier.map(\.name)
    let separator = separator(of: bytes, items: items, of: instrument)
    let table = try DelimitedText.readRows(bytes, options: DelimitedOptions(delimiter: separator))
    let columns = (table.first ?? []).map(trimmed)
    let header = columns.map { item(in: $0, of: instrument) }
    var sheet = AnswerSheet()
    sheet.absentItems = items.filter { !header.contains($0) }
    try check(header, columns, items: items, of: instrument)
    let blank = Set(DelimitedOptions.defaultMissingTokens + missing)
    var refusals: [String] = []
    for (number, row) in table.dropFirst().enumerated() {
      var answers: [String: Answer] = [:]
      for (name, cell) in zip(header, row) where items.contains(name) {
        var text = trimmed(cell)
        guard !blank.contains(text) else { continue }
        if separator == UInt8(ascii: ";"), instrument.item(name)?.takesFraction == true {
          text = text.replacing(",", with: ".")
        }
        do throws(AnswerRefusal) {
          answers[name] = try instrument.answer(reading: text, for: name)
        } catch {
          refusals.append("row \(number + 1): \(error.description)")
        }
      }
      sheet.rows.append(answers)
    }
    guard refusals.isEmpty else {
      throw CommandFailure(.problems, summary(of: refusals, blank: blank))
    }
    return sheet
  }

  /// The separator by which most columns of the first line are items; a comma where none is better.
  private static func separator(
    of bytes: [UInt8], items: [String], of instrument: Instrument
  ) -> UInt8 {
    let line = String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
    let counts = [",", ";", "\t"].map { separator in
      line.components(separatedBy: separator).count { column in
        let bare = column.trimmingCharacters(in: CharacterSet(charactersIn: " \"\u{FEFF}"))
        return items.contains(item(in: bare, of: instrument))
      }
    }
    let most = counts.max() ?? 0
    let best = counts.firstIndex(of: most) ?? 0
    return [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09][best]
  }

  /// The item that a column is named by.
  private static func item(in column: String, of instrument: Instrument) -> String {
    let own = instrument.id + "."
    return column.hasPrefix(own) ? String(column.dropFirst(own.count)) : column
  }

  private static func check(
    _ header: [String], _ columns: [String], items: [String], of instrument: Instrument
  ) throws {
    let known = header.filter(items.contains)
    if Set(known).count < known.count {
      let twice = known.first { name in known.count { $0 == name } > 1 } ?? ""
      throw CommandFailure(.problems, "the column \(quoted(twice)) is there twice")
    }
    // A column that is an item but for capital letters is meant to be it, and would be lost unseen.
    let missed = items.filter { !known.contains($0) }
    for (name, column) in zip(header, columns) where !items.contains(name) {
      guard let meant = missed.first(where: { $0.lowercased() == name.lowercased() }) else {
        continue
      }
      throw CommandFailure(
        .problems,
        "the column \(quoted(column)) is no item of \(instrument.id); did you mean \(meant)?")
    }
    guard !known.isEmpty else {
      let names = items.prefix(4).joined(separator: ", ")
      let found = columns.prefix(4).map { quoted($0, limit: 30) }.joined(separator: ", ")
      throw CommandFailure(
        .problems,
        "no column is an item of \(instrument.id): found \(found.isEmpty ? "none" : found), "
          + "expected \(names), … in the first line, divided by commas, semicolons or tabs")
    }
  }

  /// The first refusals, how many more there are, and what may be blank.
  private static func summary(of refusals: [String], blank: Set<String>) -> String {
    let shown = refusals.prefix(20)
    let more = refusals.count - shown.count
    let codes = blank.filter { !$0.isEmpty }.sorted().joined(separator: ", ")
    let advice =
      "Nothing was scored. Unanswered are empty cells and \(codes); --missing names others, such as "
      + "--missing=-99"
    return (shown + (more > 0 ? ["and \(more) more"] : []) + [advice]).joined(separator: "\n")
  }

  private static func trimmed(_ text: String) -> String {
    text.trimmingCharacters(in: .whitespaces)
  }
}

extension AnswerSheet {
  /// What is said of items without a column; nil where each has one.
  var absence: String? {
    guard !absentItems.isEmpty else { return nil }
    return "no column for \(absentItems.joined(separator: ", ")): unanswered"
  }
}

extension Item {
  /// Whether its answers can be numbers with a fraction.
  fileprivate var takesFraction: Bool {
    switch kind {
    case .slider, .number: true
    default: false
    }
  }
}
