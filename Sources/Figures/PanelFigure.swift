/// Points in panels side by side, each with a straight line to hold them against: residuals, quantiles,
/// partial residuals.
package struct PanelFigure: Hashable, Sendable {
  /// One panel.
  package struct Panel: Hashable, Sendable {
    package var title: String
    package var xLabel: String
    package var yLabel: String
    package var points: [CourseFigure.Point]
    /// The line's height at 0 and its slope.
    package var line: Line

    /// Creates a panel.
    package init(
      title: String, xLabel: String, yLabel: String, points: [CourseFigure.Point], line: Line
    ) {
      self.title = title
      self.xLabel = xLabel
      self.yLabel = yLabel
      self.points = points
      self.line = line
    }
  }

  /// A straight line.
  package struct Line: Hashable, Sendable {
    package var intercept: Double
    package var slope: Double

    /// Creates a line.
    package init(intercept: Double, slope: Double) {
      self.intercept = intercept
      self.slope = slope
    }
  }

  package var name: String
  /// What it shows, as a sentence.
  package var description: String
  package var panels: [Panel]
  /// Whether panels stand below one another; see ``narrow``.
  private(set) var isNarrow = false

  /// The same figure for a narrow screen, under a name of its own.
  package var narrow: PanelFigure {
    var figure = self
    figure.name += Drawing.narrowSuffix
    figure.isNarrow = true
    return figure
  }

  /// Creates a figure.
  package init(name: String, description: String, panels: [Panel]) {
    self.name = name
    self.description = description
    self.panels = panels
  }

  /// The script and the numbers.
  package func drawing() -> Drawing {
    Drawing(
      name: name, description: description, script: script(), data: data(),
      width: grid.width, height: Self.rowHeight * grid.rowCount)
  }

  /// In pixels, of a panel with its title and labels.
  private static let rowHeight = 280

  private var grid: PanelGrid { PanelGrid(count: panels.count, isNarrow: isNarrow) }

  /// A block for each panel.
  private func data() -> String {
    panels.map { panel in
      // An empty block would shift the numbers of those after it.
      panel.points.isEmpty
        ? "NaN\tNaN"
        : panel.points.map { "\(GnuplotText.number($0.x))\t\(GnuplotText.number($0.y))" }
          .joined(separator: "\n")
    }.joined(separator: "\n\n\n") + "\n"
  }

  private func script() -> String {
    let settings = [
      "unset key", "set border 3 linewidth 1 linecolor rgb '\(Palette.faint)'", "set minussign",
      "set tics nomirror scale 0.5 font ',13' textcolor rgb '\(Palette.faint)'",
      "set grid ytics linetype 1 linewidth 0.6 linecolor rgb '\(Palette.grid)'",
    ]
    return PanelGrid.script(settings, panels: panels.indices, panel)
  }

  /// The ends of some numbers with a margin, whatever the numbers are.
  private static func range(_ values: [Double]) -> (lower: Double, upper: Double) {
    let finite = values.filter(\.isFinite)
    guard let lower = finite.min(), let upper = finite.max(), upper > lower else {
      let middle = finite.first ?? 0
      return (middle - 1, middle + 1)
    }
    let margin = (upper - lower) * 0.05
    return (lower - margin, upper + margin)
  }

  private func panel(_ index: Int) -> [String] {
    let panel = panels[index]
    let grid = grid
    let share = 0.97 / Double(grid.columnCount)
    let column = grid.column(of: index)
    let (xLower, xUpper) = Self.range(panel.points.map(\.x))
    let (yLower, yUpper) = Self.range(panel.points.map(\.y))
    func label(_ text: String, _ limit: Int) -> String {
      GnuplotText.quoted(GnuplotText.shortened(text, to: limit))
    }
    let style = Palette.style(0)
    let file = GnuplotText.quoted(Drawing.dataFile(of: name))
    // The more points, the fainter each.
    let opacity = max(0.15, min(0.8, 60 / Double(max(panel.points.count, 1))))
    let margins = grid.margins(
      of: index, left: share * Double(column) + (isNarrow ? 0.18 : 0.11),
      right: share * Double(column + 1), top: 0.11, bottom: 0.80)
    return margins + [
      "set xrange [\(xLower):\(xUpper)]", "set yrange [\(yLower):\(yUpper)]",
      "set xtics autofreq", "set ytics autofreq",
      "set xlabel \(label(panel.xLabel, 40)) offset 0,0.4 textcolor rgb '\(Palette.ink)'",
      "set ylabel \(label(panel.yLabel, 30)) offset 1,0 textcolor rgb '\(Palette.ink)'",
      "set label 1 \(label(panel.title, 40)) at graph 0, graph 1 offset 0,0.9 left "
        + "textcolor rgb '\(Palette.ink)'",
      "plot \(file) index \(index) using 1:2 with points pointtype \(style.pointType) pointsize 0.4 "
        + "linecolor rgb '\(Palette.translucent(style.color, opacity))', \\\n  "
        + "\(GnuplotText.number(panel.line.intercept)) + (\(GnuplotText.number(panel.line.slope)))*x "
        + "with lines linewidth 1.5 dashtype 2 linecolor rgb '\(Palette.faint)'",
    ]
  }
}
