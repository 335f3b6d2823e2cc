/// A position in a definition file.
///
/// Lines and columns count from 1; columns count Unicode scalars, a tab as one. Line 0 stands for the
/// file as a whole, for problems that have no better position (an empty file, one that is too large).
package struct Place: Hashable, Sendable, Codable {
  /// The file's path, as the caller gave it.
  package var file: String
  /// The line, from 1; 0 for the whole file.
  package var line: Int
  /// The column in Unicode scalars, from 1; 0 for the whole file.
  package var column: Int

  /// A position in a file.
  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// The file as a whole.
  package static func whole(_ file: String) -> Place {
    Place(file: file, line: 0, column: 0)
  }
}

extension Place: Comparable {
  package static func < (left: Place, right: Place) -> Bool {
    (left.file, left.line, left.column) < (right.file, right.line, right.column)
  }
}

extension Place: CustomStringConvertible {
  /// `file:line:column`, or `file` alone for the whole file.
  package var description: String {
    line == 0 ? file : "\(file):\(line):\(column)"
  }
}

/// A value together with the position it was read from.
package struct Located<Value> {
  /// The value.
  package var value: Value
  /// Where its text begins in the file.
  package var place: Place

  /// A value at a position.
  package init(_ value: Value, at place: Place) {
    self.value = value
    self.place = place
  }

  /// The transformed value at the same position.
  package func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Located<Other> {
    Located<Other>(try transform(value), at: place)
  }
}

extension Located: Sendable where Value: Sendable {}
extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
