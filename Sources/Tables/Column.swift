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
  /// What texts stand for, in the order of the declaration; the label may be empty where the text
  /// says it all.
  package var codes: [Code]
  /// The least and the greatest value that can occur, if that is known.
  package var range: ClosedRange<Double>?
  /// What each item means where the cells of one column answer different ones.
  package var items: [Item]
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

  /// The meaning of one text.
  package struct Code: Hashable, Sendable {
    package var text: String
    package var label: String

    /// Creates a meaning for a text.
    package init(_ text: String, _ label: String = "") {
      self.text = text
      self.label = label
    }
  }

  /// What a cell means where it answers this item.
  package struct Item: Hashable, Sendable {
    /// The item's name in the table: `needs-24.n01`.
    package var name: String
    /// What the participant read.
    package var label: String
    /// What kind of answer it takes.
    package var definition: String
    package var unit: String?
    package var valueLabels: [ValueLabel]
    /// Whether scores use minimum + maximum − answer; the cells hold the answer as given.
    package var isReversed: Bool
    package var range: ClosedRange<Double>?

    /// Creates an item.
    package init(
      name: String, label: String, definition: String, unit: String? = nil,
      valueLabels: [ValueLabel] = [], isReversed: Bool = false, range: ClosedRange<Double>? = nil
    ) {
      self.name = name
      self.label = label
      self.definition = definition
      self.unit = unit
      self.valueLabels = valueLabels
      self.isReversed = isReversed
      self.range = range
    }
  }

  /// Creates a column.
  package init(
    _ name: String, _ values: ColumnValues, label: String = "", definition: String = "",
    unit: String? = nil, valueLabels: [ValueLabel] = [], codes: [Code] = [],
    range: ClosedRange<Double>? = nil, items: [Item] = [],
    missingReasons: [MissingReason?]? = nil
  ) {
    self.name = name
    self.label = label
    self.definition = definition
    self.unit = unit
    self.values = values
    self.valueLabels = valueLabels.sorted { $0.value < $1.value }
    self.codes = codes
    self.range = range
    self.items = items
    self.missingReasons = missingReasons
  }

  /// How many cells are missing.
  package var missingCount: Int {
    (0..<values.count).count { values.isMissing($0) }
  }
}
