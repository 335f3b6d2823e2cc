/// One column of a delimited file, typed over all of its cells.
package struct DelimitedColumn: Hashable, Sendable {
  /// The name in the header.
  package var name: String
  /// The cells, in file order.
  package var values: Values

  /// A column is a number column only if every cell that is not missing is a number.
  package enum Values: Hashable, Sendable {
    /// Numbers; a missing one is NaN.
    case number([Double])
    /// Dictionary-coded text: each code is an index into `levels`, −1 where the cell is missing.
    ///
    /// Levels are in ascending order, numerically if all are numbers, by Unicode scalars otherwise,
    /// so that the coding does not depend on the order of the rows (as in R's `factor`, C locale).
    case text(levels: [String], codes: [Int32])
  }

  /// Creates a column from its name and cells.
  package init(name: String, values: Values) {
    self.name = name
    self.values = values
  }

  /// How many cells the column has.
  package var count: Int {
    switch values {
    case .number(let numbers): numbers.count
    case .text(_, let codes): codes.count
    }
  }
}
