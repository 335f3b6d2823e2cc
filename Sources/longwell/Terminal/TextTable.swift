/// A table for the terminal: columns padded to their widest cell, numbers to the right.
struct TextTable {
  var header: [String]
  /// The columns that are set to the left; all others to the right.
  var leftColumns: Set<Int> = [0]
  var rows: [[String]] = []

  /// The table's lines, each indented by one space.
  var lines: [String] {
    let all = [header] + rows
    let widths = header.indices.map { column in
      all.map { $0[column].count }.max() ?? 0
    }
    return all.map { row in
      let cells = row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return leftColumns.contains(column) ? row[column] + padding : padding + row[column]
      }
      return (" " + cells.joined(separator: "  ")).trimmingEnd
    }
  }
}

extension String {
  /// The text without spaces at its end.
  fileprivate var trimmingEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
