import Testing

@testable import Delimited

/// Reads text and returns its columns by name.
private func columns(
  _ text: String, _ options: DelimitedOptions = DelimitedOptions()
) throws -> [DelimitedColumn] {
  try DelimitedText.readColumns(Array(text.utf8), options: options)
}

/// Cells as text, `nil` where missing: one shape for both kinds of column.
private func cells(_ column: DelimitedColumn) -> [String?] {
  switch column.values {
  case .number(let numbers): numbers.map { $0.isNaN ? nil : DelimitedWriter.shortest($0) }
  case .text(let levels, let codes): codes.map { $0 < 0 ? nil : levels[Int($0)] }
  }
}

@Suite struct ColumnsTests {
  @Test func readsNumbersAndTextWithMissingCells() throws {
    let read = try columns("id,score,arm\nP-2,1.5,usual\nP-1,NA,\nP-2,-3e2,supportive\n")
    #expect(read.map(\.name) == ["id", "score", "arm"])
    #expect(read[0].values == .text(levels: ["P-1", "P-2"], codes: [1, 0, 1]))
    #expect(cells(read[1]) == ["1.5", nil, "-300"])
    #expect(cells(read[2]) == ["usual", nil, "supportive"])
  }

  @Test(arguments: ["\n", "\r\n", "\r"]) func everyLineEndingEndsARow(ending: String) throws {
    for trailer in ["", ending] {
      let read = try columns(["a,b", "1,x", "2,y"].joined(separator: ending) + trailer)
      #expect(read.map(cells) == [["1", "2"], ["x", "y"]])
    }
  }

  @Test func quotedCellsHoldDelimitersQuotesAndLines() throws {
    let read = try columns("a,b\n\"x, \"\"y\"\"\r\nz\",\"2\"\n\"\",\"3\"\n")
    #expect(cells(read[0]) == ["x, \"y\"\r\nz", ""])
    #expect(cells(read[1]) == ["2", "3"])
  }

  @Test func aQuoteWithinAnUnquotedCellIsACharacter() throws {
    #expect(try cells(columns("a,b\n5\" pipe,1\n")[0]) == ["5\" pipe"])
  }

  @Test func aByteOrderMarkIsNotPartOfTheFirstName() throws {
    #expect(try columns("\u{FEFF}a,b\n1,2\n").map(\.name) == ["a", "b"])
  }

  @Test(arguments: [";", "\t", "|"]) func anyDelimiterWorks(delimiter: String) throws {
    let byte = try #require(delimiter.utf8.first)
    let read = try columns(
      "a\(delimiter)b\n1\(delimiter)x,y\n", DelimitedOptions(delimiter: byte))
    #expect(read.map(cells) == [["1"], ["x,y"]])
  }

  @Test func decimalCommasAreReadByOption() throws {
    let options = DelimitedOptions(
      delimiter: UInt8(ascii: ";"), decimalMark: UInt8(ascii: ","))
    #expect(try cells(columns("a;b\n1,5;2\n1,2345678901234567891;3\n", options)[0]).first == "1.5")
  }

  @Test func aColumnIsNumericOnlyIfEveryCellIs() throws {
    // The first text comes after the sampled rows, so the column is read twice.
    var text = "n,t\n"
    for row in 0..<500 { text += "\(row),\(row)\n" }
    let read = try columns(text + "500,late\n")
    #expect(cells(read[0]).count == 501)
    #expect(cells(read[1]) == (0..<500).map { "\($0)" } + ["late"])
  }

  @Test func aQuotedTokenIsTextAndNotMissing() throws {
    #expect(try cells(columns("a,b\n\"NA\",1\nNA,2\n")[0]) == ["NA", nil])
  }

  @Test func aColumnAskedForAsTextKeepsItsNumbersAsLevelsInNumericOrder() throws {
    let options = DelimitedOptions(textColumns: ["id"])
    let read = try columns("id,x\n10,1\n9,2\n10,3\n", options)
    #expect(read[0].values == .text(levels: ["9", "10"], codes: [1, 0, 1]))
  }

  @Test func aFileWithoutHeaderGetsNumberedNames() throws {
    let read = try columns("1,x\n2,y\n", DelimitedOptions(hasHeader: false))
    #expect(read.map(\.name) == ["v1", "v2"])
    #expect(read.map(cells) == [["1", "2"], ["x", "y"]])
  }

  @Test func rowNamesFromRGetAName() throws {
    #expect(try columns("\"\",\"x\"\n\"1\",2\n").map(\.name) == ["row", "x"])
  }

  @Test func emptyLinesAreSkippedBesideOtherColumnsAndMissingAlone() throws {
    #expect(try cells(columns("\na,b\n\n1,2\n\n")[0]) == ["1"])
    #expect(try cells(columns("a\n1\n\n3\n")[0]) == ["1", nil, "3"])
  }

  @Test func aHeaderAloneGivesEmptyColumns() throws {
    #expect(try columns("a,b").map(\.count) == [0, 0])
  }

  @Test func manyLevelsKeepTheirCodes() throws {
    let names = (0..<5000).map { "person-\(($0 * 7919) % 5000)" }
    let read = try columns("id,x\n" + names.map { "\($0),1\n" }.joined())
    #expect(cells(read[0]) == names)
  }
}
