import Testing

@testable import Delimited

@Suite struct WriterTests {
  private func written(
    _ rows: [[DelimitedWriter.Cell]], _ writer: DelimitedWriter = DelimitedWriter()
  ) -> String {
    var writer = writer
    for row in rows { writer.append(row: row) }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test func quotesOnlyWhereNeeded() {
    let row: [DelimitedWriter.Cell] = [
      .text("plain"), .text("a,b"), .text("say \"hi\""), .text("two\nlines"), .text(""),
      .text("NA"), .text(" x"), .missing, .number(1), .number(0.1), .integer(-3),
    ]
    #expect(
      written([row])
        == "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"\",\"NA\",\" x\",,1,0.1,-3\n")
  }

  @Test func linesEndAsAsked() {
    #expect(
      written([[.integer(1)]], DelimitedWriter(lineEnding: .carriageReturnLineFeed)) == "1\r\n")
  }

  @Test(arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
  func formulasAreDefusedOnlyByOption(text: String) {
    #expect(written([[.text(text)]]).hasPrefix("'") == false)
    let escaped = written([[.text(text)]], DelimitedWriter(escapesFormulas: true))
    #expect(escaped.hasPrefix("'" + text.prefix(1)) || escaped.hasPrefix("\"'"))
  }

  @Test func whateverIsWrittenReadsBack() throws {
    let texts = [
      "plain", "a,b", "\"", "\"\"", "two\nlines", "\r\n", "", "NA", " x ", "ünï 木", "1.5", "=1",
      "$(touch x)", "`x`", "<script>",
    ]
    var writer = DelimitedWriter()
    writer.append(texts: ["text", "number"])
    for (index, text) in texts.enumerated() {
      writer.append(row: [.text(text), index % 3 == 0 ? .missing : .number(Double(index) / 7)])
    }
    let read = try DelimitedText.readColumns(writer.bytes)
    guard case .text(let levels, let codes) = read[0].values,
      case .number(let numbers) = read[1].values
    else {
      Issue.record("the columns have other types than were written")
      return
    }
    #expect(codes.map { levels[Int($0)] } == texts)
    for (index, number) in numbers.enumerated() {
      #expect(index % 3 == 0 ? number.isNaN : number == Double(index) / 7)
    }
  }

  @Test func rowsOfTextReadBackCellByCell() throws {
    var writer = DelimitedWriter(delimiter: UInt8(ascii: ";"))
    let rows = [["a;b", "c"], ["", "\"x\""]]
    for row in rows { writer.append(texts: row) }
    let options = DelimitedOptions(delimiter: UInt8(ascii: ";"))
    #expect(try DelimitedText.readRows(writer.bytes, options: options) == rows)
  }
}
