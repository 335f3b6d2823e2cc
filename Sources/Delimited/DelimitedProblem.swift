/// Why a delimited file could not be read, and where.
///
/// A problem carries no cell text: a file of answers must not leak into an error message. Names of
/// columns are not answers and may appear.
package struct DelimitedProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  package enum Kind: Hashable, Sendable {
    /// The file holds no row at all.
    case empty
    /// The file begins like UTF-16 or UTF-32, or holds bytes that are not UTF-8.
    case notUTF8
    /// A row has another number of cells than the first row.
    case raggedRow(found: Int, expected: Int)
    /// A quoted cell is still open at the end of the file.
    case unterminatedQuote
    /// A closing quote is followed by something other than a delimiter or a line ending.
    case textAfterQuote
    /// Two columns have this name.
    case duplicateName(String)
    /// The column at this position (1-based) has no name.
    case emptyName(column: Int)
    /// The delimiter cannot be told from quotes, line endings or the decimal mark.
    case unusableDelimiter
    /// The file could not be opened or read.
    case unreadable
  }

  /// What is wrong.
  package var kind: Kind
  /// The data row, 1-based; 0 for the header and for the file as a whole.
  package var row: Int
  /// The physical line where the row begins (for quotes: where the cell begins), 1-based; 0 for
  /// the file as a whole.
  package var line: Int

  /// Creates a problem at a place.
  package init(_ kind: Kind, row: Int = 0, line: Int = 0) {
    self.kind = kind
    self.row = row
    self.line = line
  }

  /// One sentence with the place, what was found and what was expected.
  package var description: String {
    let place = line == 0 ? "" : row == 0 ? "line \(line): " : "line \(line) (row \(row)): "
    return place + sentence
  }

  private var sentence: String {
    switch kind {
    case .empty: "found nothing, expected a header row"
    case .notUTF8: "found bytes that are not UTF-8, expected a file saved as UTF-8"
    case .raggedRow(let found, let expected):
      "found \(found) \(found == 1 ? "cell" : "cells"), expected \(expected) as in the first row"
    case .unterminatedQuote: "found a quoted cell without its closing quote"
    case .textAfterQuote:
      "found text after a closing quote, expected a delimiter or the end of the line"
    case .duplicateName(let name): "found two columns named \"\(name)\", expected different names"
    case .emptyName(let column): "found no name for column \(column), expected one"
    case .unusableDelimiter:
      "found a delimiter that is a quote, a line ending, the decimal mark or not ASCII"
    case .unreadable: "the file could not be read"
    }
  }
}
