/// One variable of a table: its cells and what they mean.
///
/// Everything that a codebook, SPSS or Stata needs comes from the declaration here, never from
/// looking at the data: an option that nobody chose still has its label.
package struct Column: Hashable, Sendable {
  /// The name in files: letters, digits, `_`, `.` and `-`.
  package var name: String
  /// A few words for people: the item's text, the score's title.
  package var label: String
  /// How the value comes about: the source, the rule, the range.
  package var definition: String
  /// The unit of a number: `minutes`, `days`.
  package var unit: String?
  /// The cells.
  package var values: ColumnValues
  /// What whole numbers stand for, in ascending order.
  package var valueLabels: [ValueLabel]
  /// The reason for each missing cell, `nil` where there is a value; `nil` as a whole if this
  /// column does not record reasons.
  package var missingReasons: [MissingReason?]?

  /// The text of one option.
  package struct ValueLabel: Hashable, Sendable {
    package var value: Int
    package var label: String

    /// Creates a label for a value.
    package init(_ value: Int, _ label: String) {
      self.value = value
      self.label = label
    }
  }

  /// Creates a column.
  package init(
    _ name: String, _ values: ColumnValues, label: String = "", definition: String = "",
    unit: String? = nil, valueLabels: [ValueLabel] = [], missingReasons: [MissingReason?]? = nil
  ) {
    self.name = name
    self.label = label
    self.definition = definition
    self.unit = unit
    self.values = values
    self.valueLabels = valueLabels.sorted { $0.value < $1.value }
    self.missingReasons = missingReasons
  }

  /// How many cells are missing.
  package var missingCount: Int {
    (0..<values.count).count { values.isMissing($0) }
  }
}
