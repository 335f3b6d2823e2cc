import Testing

@testable import Delimited

@Suite struct ProblemsTests {
  typealias Case = (text: [UInt8], problem: DelimitedProblem)

  static let broken: [Case] = [
    ([], DelimitedProblem(.empty)),
    (Array("\n\n".utf8), DelimitedProblem(.empty)),
    (
      Array("a,b\n1,2\n1\n".utf8),
      DelimitedProblem(.raggedRow(found: 1, expected: 2), row: 2, line: 3)
    ),
    (
      Array("a,b\n1,2,3,4\n".utf8),
      DelimitedProblem(.raggedRow(found: 4, expected: 2), row: 1, line: 2)
    ),
    (
      Array("a,b\n\"x\ny\",2\n1,\"2\n".utf8),
      DelimitedProblem(.unterminatedQuote, row: 2, line: 4)
    ),
    (Array("a,b\n\"x\"y,2\n".utf8), DelimitedProblem(.textAfterQuote, row: 1, line: 2)),
    (Array("a,b,a\n1,2,3\n".utf8), DelimitedProblem(.duplicateName("a"), line: 1)),
    (Array("a,,c\n1,2,3\n".utf8), DelimitedProblem(.emptyName(column: 2), line: 1)),
    ([0xFF, 0xFE, 0x61, 0x00], DelimitedProblem(.notUTF8, line: 1)),
    (
      Array("a,b\nx,1\n".utf8) + [0xE9, 0x2C, 0x31, 0x0A],
      DelimitedProblem(.notUTF8, row: 2, line: 3)
    ),
  ]

  @Test(arguments: broken) func brokenFilesNameTheirPlace(example: Case) {
    #expect(throws: example.problem) { try DelimitedText.readColumns(example.text) }
  }

  @Test func anUnusableDelimiterIsRefused() {
    for delimiter in ["\"", "\n", ".", "\r"].compactMap(\.utf8.first) {
      #expect(throws: DelimitedProblem(.unusableDelimiter)) {
        try DelimitedText.readColumns(
          Array("a\n".utf8), options: DelimitedOptions(delimiter: delimiter))
      }
    }
  }

  @Test func aProblemReadsAsASentence() {
    let problem = DelimitedProblem(.raggedRow(found: 1, expected: 3), row: 2, line: 7)
    #expect(
      problem.description == "line 7 (row 2): found 1 cell, expected 3 as in the first row")
  }

  /// Small worlds exhaustively: every text of up to six characters from the ones with a meaning
  /// either is read or is a problem, and all columns are equally long.
  @Test func noShortTextIsEverATrap() {
    let alphabet = Array("a1,\"\n\r".utf8)
    var texts: [[UInt8]] = [[]]
    for _ in 0..<6 {
      texts = texts.flatMap { text in alphabet.map { text + [$0] } }
      for text in texts {
        if let columns = try? DelimitedText.readColumns(text) {
          #expect(Set(columns.map(\.count)).count <= 1)
        }
      }
    }
  }
}
