/// How much somebody used AI systems, day by day: one bar a day, none where nothing was done.
package struct UseFigure: Hashable, Sendable {
  /// One day with use.
  package struct Day: Hashable, Sendable {
    /// Counts days, so that days without use leave room.
    package var number: Int
    /// The date as the axis shows it.
    package var label: String
    /// Nil where it is not known.
    package var value: Double?

    /// Creates a day.
    package init(number: Int, label: String, value: Double?) {
      self.number = number
      self.label = label
      self.value = value
    }
  }

  /// The stem of its files.
  package var name: String
  /// In order.
  package var days: [Day]
  /// What the bars measure.
  package var label: String

  /// Creates a figure.
  package init(name: String, days: [Day], label: String) {
    self.name = name
    self.days = days
    self.label = label
  }

  /// The script and the numbers.
  package func drawing() -> Drawing {
    let first = days.first?.number ?? 0
    let last = days.last?.number ?? 0
    // Five dates fit beside each other.
    let step = max(1, (days.count + 4) / 5)
    let ticks = stride(from: 0, to: days.count, by: step).map {
      "\(GnuplotText.quotedTic(days[$0].label)) \(days[$0].number)"
    }
    let file = GnuplotText.quoted(Drawing.dataFile(of: name))
    let script = """
      unset key
      set border 3 linewidth 1 linecolor rgb '\(Palette.faint)'
      set tics nomirror scale 0.5 font ',13' textcolor rgb '\(Palette.faint)'
      set grid ytics linetype 1 linewidth 0.6 linecolor rgb '\(Palette.grid)'
      set xtics (\(ticks.joined(separator: ", ")))
      set xrange [\(first - 1):\(last + 1)]
      set yrange [0:*]
      set ylabel \(GnuplotText.quoted(label)) textcolor rgb '\(Palette.ink)'
      set style fill solid
      plot \(file) using 1:2 with boxes linecolor rgb '\(Palette.style(0).color)'

      """
    let rows = days.compactMap { day in
      day.value.map { "\(day.number)\t\(GnuplotText.number($0))" }
    }
    return Drawing(
      name: name,
      description: "A bar for each of \(days.count) days: \(label).", script: script,
      data: (rows.isEmpty ? ["0\tNaN"] : rows).joined(separator: "\n") + "\n", width: 640,
      height: 300)
  }
}
