import CQREncode

/// A QR code (ISO/IEC 18004): a text as a square of dark and light modules that phones read.
package struct QRCode: Hashable, Sendable {
  /// How many modules it has in a row.
  package let size: Int
  /// Row by row, whether each is dark; ``size`` squared of them.
  private let modules: [Bool]

  /// How many light modules a reader needs around it, by the standard.
  private static let margin = 4

  /// Makes the smallest code that holds a text, with error correction M: a code on paper stays
  /// readable with 15 % of it gone.
  ///
  /// - Returns: nil for a text that no code holds, longer than 2,331 bytes or with a zero in it.
  package init?(_ text: String) {
    guard !text.isEmpty, !text.utf8.contains(0),
      let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M)
    else { return nil }
    defer { QRcode_free(code) }
    let count = Int(code.pointee.width)
    size = count
    // The lowest bit of each byte says dark; the others tell what the module is for.
    modules = UnsafeBufferPointer(start: code.pointee.data, count: count * count).map {
      $0 & 1 == 1
    }
  }

  /// Whether a module is dark; those outside are light.
  package func isDark(row: Int, column: Int) -> Bool {
    guard (0..<size).contains(row), (0..<size).contains(column) else { return false }
    return modules[row * size + column]
  }

  /// The code as an SVG file: black on white whatever the page's colours, one path, no script.
  ///
  /// - Parameter title: what it is, for screen readers; shown as text, never run.
  package func svg(title: String) -> String {
    let width = size + 2 * Self.margin
    var path = ""
    for row in 0..<size {
      var column = 0
      while column < size {
        let start = column
        while isDark(row: row, column: column) { column += 1 }
        if column > start {
          path +=
            "M\(start + Self.margin) \(row + Self.margin)h\(column - start)v1h-\(column - start)z"
        }
        column += 1
      }
    }
    let words = Self.escaped(title)
    return """
      <?xml version="1.0" encoding="utf-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(width)" \
      shape-rendering="crispEdges" role="img" aria-label="\(words)"><title>\(words)</title>\
      <rect width="\(width)" height="\(width)" fill="#fff"/><path d="\(path)" fill="#000"/></svg>

      """
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  /// The code for a terminal, two rows of modules to a line, dark on light by the terminal's
  /// colours reversed, so that readers see it on dark and light screens.
  package var terminalLines: [String] {
    let edge = Self.margin / 2
    return stride(from: -edge, to: size + edge, by: 2).map { row in
      let cells = (-edge..<size + edge).map { column in
        switch (isDark(row: row, column: column), isDark(row: row + 1, column: column)) {
        case (true, true): " "
        case (true, false): "\u{2584}"
        case (false, true): "\u{2580}"
        case (false, false): "\u{2588}"
        }
      }
      return "\u{1B}[97;40m\(cells.joined())\u{1B}[0m"
    }
  }
}
