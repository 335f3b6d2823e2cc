/// How a delimited file is to be read.
///
/// The defaults read what R, pandas and spreadsheets write in English locales. Take
/// `delimiter: UInt8(ascii: ";"), decimalMark: UInt8(ascii: ",")` for continental spreadsheets.
package struct DelimitedOptions: Hashable, Sendable {
  /// The byte between cells; any ASCII byte but a quote, a line ending or the decimal mark.
  package var delimiter: UInt8
  /// The byte between whole and fractional digits, a point or a comma.
  package var decimalMark: UInt8
  /// Whether the first row holds the columns' names; without it they are `v1`, `v2`, …
  package var hasHeader: Bool
  /// Unquoted cells with one of these texts are missing. Surrounding spaces do not count.
  package var missingTokens: [String]
  /// Columns read as text even if every cell is a number: identifiers, grouping factors.
  package var textColumns: Set<String>
  /// Whether rows may have more or fewer cells than the first, as spreadsheets write them that leave off
  /// what is empty. Only rows that are read as text may.
  package var allowsRaggedRows = false

  /// The tokens that R and pandas write for a missing value, and nothing.
  ///
  /// Codes such as -99 are the author's business: they are also numbers.
  package static let defaultMissingTokens = ["", "NA", "NaN"]

  /// Creates options; each default is the commonest case.
  package init(
    delimiter: UInt8 = UInt8(ascii: ","),
    decimalMark: UInt8 = UInt8(ascii: "."),
    hasHeader: Bool = true,
    missingTokens: [String] = DelimitedOptions.defaultMissingTokens,
    textColumns: Set<String> = []
  ) {
    self.delimiter = delimiter
    self.decimalMark = decimalMark
    self.hasHeader = hasHeader
    self.missingTokens = missingTokens
    self.textColumns = textColumns
  }
}
