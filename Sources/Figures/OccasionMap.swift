/// What became of everybody's planned occasions: a row for each person, a place for each occasion, a panel for
/// each arm.
///
/// What was submitted fills its place, what was begun and left half of it, and a missed occasion is a thin
/// line, so that the map reads without colour too; what never came due stays empty.
package struct OccasionMap: Hashable, Sendable {
  /// What became of an occasion.
  package enum State: Int, CaseIterable, Hashable, Sendable {
    case submitted, partial, missed

    /// How much of a row's height it fills.
    fileprivate var height: Double {
      switch self {
      case .submitted: 1
      case .partial: 0.5
      case .missed: 0.14
      }
    }
  }

  /// An arm, or everybody.
  package struct Panel: Hashable, Sendable {
    package var title: String
    /// By person, from above: the state by occasion; nil for what was not due.
    package var rows: [[State?]]

    /// Creates a panel.
    package init(title: String, rows: [[State?]]) {
      self.title = title
      self.rows = rows
    }
  }

  package var name: String
  /// What it shows, as a sentence.
  package var description: String
  /// The occasions' names, in the order of time.
  package var occasions: [String]
  package var panels: [Panel]
  /// Whether panels stand below one another; see ``narrow``.
  private(set) var isNarrow = false

  /// The same figure for a narrow screen, under a name of its own.
  package var narrow: OccasionMap {
    var figure = self
    figure.name += Drawing.narrowSuffix
    figure.isNarrow = true
    return figure
  }

  /// Creates a map.
  package init(name: String, description: String, occasions: [String], panels: [Panel]) {
    self.name = name
    self.description = description
    self.occasions = occasions
    self.panels = panels
  }

  /// The script and the numbers.
  package func drawing() -> Drawing {
    Drawing(
      name: name, description: description, script: script(), data: data(),
      width: grid.width, height: Self.panelHeight * grid.rowCount)
  }

  /// In pixels, with title and labels.
  private static let panelHeight = 320

  private var grid: PanelGrid { PanelGrid(count: panels.count, isNarrow: isNarrow) }

  // MARK: Numbers

  /// For each panel a block for each state: x, y and the ends of a box, neighbours of one state in one box.
  private func data() -> String {
    panels.flatMap { panel in State.allCases.map { block(panel, $0) } }
      .joined(separator: "\n\n\n") + "\n"
  }

  private func block(_ panel: Panel, _ state: State) -> String {
    var boxes: [String] = []
    for (number, row) in panel.rows.enumerated() {
      var start: Int?
      for place in 0...row.count {
        let isThere = place < row.count && row[place] == state
        if isThere {
          start = start ?? place
        } else if let first = start {
          boxes.append(box(first..<place, row: number, height: state.height))
          start = nil
        }
      }
    }
    // An empty block would shift the numbers of those after it.
    return boxes.isEmpty ? "NaN\tNaN\tNaN\tNaN\tNaN\tNaN" : boxes.joined(separator: "\n")
  }

  private func box(_ places: Range<Int>, row: Int, height: Double) -> String {
    let (left, right) = (Double(places.lowerBound) + 0.5, Double(places.upperBound) + 0.5)
    let middle = Double(row) + 1
    return [
      (left + right) / 2, middle, left, right, middle - height / 2, middle + height / 2,
    ].map(GnuplotText.number).joined(separator: "\t")
  }

  // MARK: Script

  /// The positions whose names fit below a panel.
  private var ticks: [Int] {
    // The last is left free, so that it does not run into the next panel's first.
    let most = 3
    guard occasions.count > most else { return Array(occasions.indices) }
    return (0..<most).map { $0 * occasions.count / most }
  }

  private func script() -> String {
    let tickList = ticks.map {
      "\(GnuplotText.quotedTic(GnuplotText.shortened(occasions[$0], to: 11))) \($0 + 1)"
    }
    let settings = [
      "unset key", "set border 3 linewidth 1 linecolor rgb '\(Palette.faint)'",
      "set tics nomirror scale 0.5 font ',12' textcolor rgb '\(Palette.faint)'",
      "set xtics (\(tickList.joined(separator: ", ")))", "unset ytics",
      "set xrange [0.5:\(Double(max(occasions.count, 1)) + 0.5)]", "set style fill solid noborder",
    ]
    return PanelGrid.script(settings, panels: panels.indices, panel)
  }

  private func panel(_ index: Int) -> [String] {
    let panel = panels[index]
    let grid = grid
    let share = 0.97 / Double(grid.columnCount)
    let column = grid.column(of: index)
    let file = GnuplotText.quoted(Drawing.dataFile(of: name))
    let colors = [Palette.style(0).color, Palette.style(1).color, Palette.faint]
    let plots = State.allCases.map { state in
      "\(file) index \(index * State.allCases.count + state.rawValue) using 1:2:3:4:5:6 "
        + "with boxxyerror linecolor rgb '\(colors[state.rawValue])'"
    }
    let margins = grid.margins(
      of: index, left: share * Double(column) + 0.06, right: share * Double(column + 1) - 0.01,
      top: 0.11, bottom: 0.88)
    return margins + [
      // The first row stands above.
      "set yrange [\(Double(max(panel.rows.count, 1)) + 0.5):0.5]",
      "set label 1 "
        + GnuplotText.quoted(
          GnuplotText.shortened("\(panel.title), \(panel.rows.count) people", to: 40))
        + " at graph 0, graph 1 offset 0,0.9 left textcolor rgb '\(Palette.ink)'",
      "plot " + plots.joined(separator: ", \\\n  "),
    ]
  }
}
