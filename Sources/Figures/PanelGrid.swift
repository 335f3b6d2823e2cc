/// Where the panels of a figure stand: at most two side by side, so that text keeps its size, and on a narrow
/// screen all below one another.
struct PanelGrid {
  let columnCount: Int
  let rowCount: Int
  /// In pixels. Text is 14 high at this width: a phone shows 340 pixels at about their size.
  let width: Int

  init(count: Int, isNarrow: Bool) {
    columnCount = isNarrow ? 1 : max(1, min(count, 2))
    rowCount = max(1, (count + columnCount - 1) / columnCount)
    width = isNarrow ? 340 : 640
  }

  /// How many panels stand to the left of one.
  func column(of index: Int) -> Int { index % columnCount }

  /// Sets the margins of a panel.
  ///
  /// - Parameters:
  ///   - left: Where its axis is, as a share of the figure's width.
  ///   - right: Where it ends, likewise.
  ///   - top: Where it begins, as a share of its row's height from the top.
  ///   - bottom: Where its axis is, likewise.
  func margins(
    of index: Int, left: Double, right: Double, top: Double, bottom: Double
  ) -> [String] {
    let height = 1 / Double(rowCount)
    let start = 1 - height * Double(index / columnCount)
    return [
      "set lmargin at screen \(left)", "set rmargin at screen \(right)",
      "set tmargin at screen \(start - top * height)",
      "set bmargin at screen \(start - bottom * height)",
    ]
  }

  /// The script of a figure: what holds for all panels, then each of them.
  static func script(
    _ settings: [String], panels: Range<Int>, _ panel: (Int) -> [String]
  ) -> String {
    let lines = settings + ["set multiplot"] + panels.flatMap(panel) + ["unset multiplot"]
    return lines.joined(separator: "\n") + "\n"
  }
}
