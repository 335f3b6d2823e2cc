import Foundation
import Testing

@testable import Tables

/// What pyreadstat and haven read from our files.
@Suite("SPSS and Stata files")
struct StatisticalFileTests {
  /// Writes the hard table into a file of its own.
  private func file(_ format: StatisticalFile.Format) throws -> URL {
    let url = FileManager.default.temporaryDirectory
      .appending(path: "longwell-\(UUID().uuidString).\(format.rawValue)")
    let bytes = try StatisticalFile(format: format, written: 1_774_745_999)
      .bytes(of: HardTable.table())
    try Data(bytes).write(to: url)
    return url
  }

  @Test("the same table gives the same bytes", arguments: StatisticalFile.Format.allCases)
  func sameBytes(format: StatisticalFile.Format) throws {
    let file = StatisticalFile(format: format, written: 1_774_745_999)
    #expect(try file.bytes(of: HardTable.table()) == file.bytes(of: HardTable.table()))
  }

  @Test("a table without rows is a file", arguments: StatisticalFile.Format.allCases)
  func empty(format: StatisticalFile.Format) throws {
    let table = try HardTable.table().keeping(rows: [])
    #expect(try StatisticalFile(format: format, written: 0).bytes(of: table).count > 100)
  }

  @Test("a text that SPSS cannot hold is refused by its column's name, and Stata holds it")
  func tooLong() throws {
    let table = try Table(
      name: "t", title: "t",
      columns: [Column("words", .text([String(repeating: "x", count: 40_000)]))])
    #expect {
      try StatisticalFile(format: .sav, written: 0).bytes(of: table)
    } throws: { ($0 as? StatisticalFile.Problem)?.column == "words" }
    #expect(try StatisticalFile(format: .dta, written: 0).bytes(of: table).count > 40_000)
  }

  @Test("each reason has a code of its own")
  func codes() {
    let codes = MissingReason.allCases.map(\.code)
    #expect(Set(codes).count == codes.count && codes.allSatisfy((1...26).contains))
  }

  /// What pyreadstat prints of a file.
  private struct Reading: Decodable {
    var names: [String]
    var labels: [String]
    var file: String
    var rows: Int
    var values: [String: [String: String]]
    var missing: [String: [[Double]]]
    var cells: [String: [Cell?]]

    enum Cell: Decodable, Hashable {
      case number(Double), text(String)

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
          self = .number(number)
        } else {
          self = .text(try container.decode(String.self))
        }
      }
    }
  }

  @Test(
    "pyreadstat reads names, labels, values and reasons",
    .enabled(if: Reader.mustRead || Reader.hasPyreadstat),
    arguments: StatisticalFile.Format.allCases)
  func pyreadstat(format: StatisticalFile.Format) throws {
    let file = try file(format)
    defer { try? FileManager.default.removeItem(at: file) }
    let data = try #require(try Reader.python("read.py", file.path))
    let reading = try JSONDecoder().decode(Reading.self, from: data)
    #expect(reading.names == HardTable.names)
    #expect(reading.file == "One row per occasion: größer" && reading.rows == 4)
    #expect(reading.labels[1] == "Ich fühle mich frei — «meistens»")
    #expect(reading.labels[2] == "needs-6.n01_ [minutes]")
    let answers = reading.values["needs_6_n01"] ?? [:]
    #expect(answers["1.0"] == "gar nicht" || answers["1"] == "gar nicht")
    #expect(
      reading.cells["participant"] == [.text("P-1"), .text("P-2"), .text("P-é"), .text("P-4")])
    #expect(
      reading.cells["own_words"] == [
        .text("東京 🙂"), .text("\"quoted\", and; more"), .text(""), .text(HardTable.longText),
      ])
    #expect(reading.cells["own_words_missing"]?[2] == .text("not_shown"))
    #expect(reading.cells["if_"] == [.number(1), nil, .number(3), .number(2_147_483_648)])
    #expect(
      reading.cells["day"]?.compactMap(\.self)
        == Self.texts("1970-01-01", "2026-03-29", "1969-12-31"))
    #expect(reading.cells["late"] == [.number(1), .number(0), nil, .number(1)])
    let opened = reading.cells["opened"] ?? []
    #expect(opened.first == .text("1970-01-01T00:00:00"))
    if case .text(let text)? = opened.dropFirst().first {
      // SPSS counts seconds in a double: the last microsecond is rounded.
      #expect(text.hasPrefix("2026-03-29T00:59:59.12"))
    }
    switch format {
    case .sav:
      #expect(
        reading.cells["needs_6_n01"] == [.number(4), .number(-901), .number(-904), .number(1)])
      #expect(reading.missing["needs_6_n01"] == [[-999, -901]])
      #expect(answers["-904.0"] == MissingReason.expired.label)
      #expect(
        reading.cells["needs_6_n01_"] == [
          .number(-950.5), .number(-9_999_999_905), .number(0.1), .number(1e12),
        ])
      #expect(
        reading.values["state"] == ["submitted": "answered", "missed": "closed without a session"])
    case .dta:
      #expect(reading.cells["needs_6_n01"] == [.number(4), .text("a"), .text("d"), .number(1)])
      #expect(answers["d"] == MissingReason.expired.label)
      #expect(reading.cells["needs_6_n01_"]?[1] == .text("e"))
    }
  }

  private static func texts(_ texts: String...) -> [Reading.Cell] { texts.map { .text($0) } }

  @Test(
    "haven reads names, labels, values and reasons",
    .enabled(if: Reader.mustRead || Reader.hasHaven),
    arguments: StatisticalFile.Format.allCases)
  func haven(format: StatisticalFile.Format) throws {
    let file = try file(format)
    defer { try? FileManager.default.removeItem(at: file) }
    let data = try #require(try Reader.r("read.R", file.path))
    var facts: [String: [String]] = [:]
    for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      facts["\(parts[0]) \(parts[1])"] = Array(parts.dropFirst(2))
    }
    #expect(facts["needs_6_n01 label"] == ["Ich fühle mich frei — «meistens»"])
    let blank = format == .sav ? ["-901", "-904"] : [".a", ".d"]
    #expect(facts["needs_6_n01 cells"] == ["4", blank[0], blank[1], "1"])
    #expect(facts["needs_6_n01 values"]?.contains("\(blank[1])=occasion missed") == true)
    #expect(facts["needs_6_n01 values"]?.contains("5=völlig") == true)
    #expect(facts["opened cells"]?.dropFirst().first?.hasPrefix("2026-03-29T00:59:59.12") == true)
    #expect(facts["opened_missing cells"]?.dropFirst(2).first == "not_yet")
    #expect(facts["day cells"]?.dropFirst().first == "2026-03-29")
    #expect(facts["own_words cells"]?.last == HardTable.longText)
    #expect(facts["late values"] == ["0=no", "1=yes"])
  }
}
