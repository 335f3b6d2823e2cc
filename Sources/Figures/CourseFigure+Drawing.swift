extension CourseFigure {
  /// The script and the numbers.
  package func drawing() -> Drawing {
    Drawing(
      name: name, description: description, script: script(), data: data(),
      width: grid.width, height: isNarrow ? 290 * grid.rowCount : 60 + 300 * grid.rowCount)
  }

  private var grid: PanelGrid { PanelGrid(count: arms.count, isNarrow: isNarrow) }

  /// The share of the width left of the first panel: a label and its ticks.
  private var leftShare: Double { isNarrow ? 0.17 : 0.1 }
  /// The share of the width that panels have with what is between them.
  private var panelShare: Double { (0.985 - leftShare) / Double(grid.columnCount) }

  // MARK: Numbers

  /// Blocks 0 … k−1 hold individuals (x, y), blocks k … 2k−1 means (x, mean, lower, upper, n).
  private func data() -> String {
    let individuals = arms.map { arm in
      arm.individuals.map { line in
        line.map { "\(GnuplotText.number($0.x))\t\(GnuplotText.number($0.y))" }
          .joined(separator: "\n")
      }.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
    let means = arms.map { arm in
      arm.means.map { mean in
        [mean.x, mean.mean, mean.lower, mean.upper].map(GnuplotText.number).joined(separator: "\t")
          + "\t\(mean.count)"
      }.joined(separator: "\n")
    }
    // An empty block would shift the numbers of those after it.
    return (individuals + means).map { $0.isEmpty ? "NaN\tNaN\tNaN\tNaN\t0" : $0 }
      .joined(separator: "\n\n\n") + "\n"
  }

  private var xRange: (lower: Double, upper: Double) {
    let all = ticks.map(\.x) + arms.flatMap { $0.means.map(\.x) + $0.individuals.joined().map(\.x) }
    let finite = all.filter(\.isFinite)
    let lower = finite.min() ?? 0
    let upper = finite.max() ?? 1
    let margin = max((upper - lower) * 0.14, 1e-6)
    return upper > lower ? (lower - margin, upper + margin) : (lower - 1, upper + 1)
  }

  /// As many ticks as fit beside one another: all of a few waves, every seventh day of a diary.
  private var shownTicks: Set<Double> {
    let panel = Double(grid.width) * panelShare * 0.78
    let longest = ticks.map { min($0.label.count, 14) }.max() ?? 0
    // 13-pixel text is about 7 pixels a character; "n = 100" below needs some 50.
    let fitting = max(2, Int(panel / Double(max(longest * 7, 50) + 14)) + 1)
    let step = max(1, (ticks.count + fitting - 1) / fitting)
    return Set(stride(from: 0, to: ticks.count, by: step).map { ticks[$0].x })
  }

  private var shownYRange: (lower: Double, upper: Double) {
    if let yRange, yRange.lowerBound < yRange.upperBound {
      return (yRange.lowerBound, yRange.upperBound)
    }
    let all = arms.flatMap { arm in
      arm.individuals.joined().map(\.y) + arm.means.flatMap { [$0.mean, $0.lower, $0.upper] }
    }.filter(\.isFinite)
    let lower = all.min() ?? 0
    let upper = all.max() ?? 1
    return upper > lower ? (lower, upper) : (lower - 1, upper + 1)
  }

  // MARK: Script

  private func script() -> String {
    let (xLower, xUpper) = xRange
    let (yLower, yUpper) = shownYRange
    let tickList = ticks.filter { shownTicks.contains($0.x) }.map {
      "\(GnuplotText.quotedTic(GnuplotText.shortened($0.label, to: 14))) \($0.x)"
    }
    let settings = [
      "unset key",
      "set border 3 linewidth 1 linecolor rgb '\(Palette.faint)'",
      "set minussign",
      "set tics nomirror scale 0.5 font ',13' textcolor rgb '\(Palette.faint)'",
      "set grid ytics linetype 1 linewidth 0.6 linecolor rgb '\(Palette.grid)'",
      "set xtics (\(tickList.joined(separator: ", ")))",
      "set xrange [\(xLower):\(xUpper)]",
      "set yrange [\(yLower):\(yUpper)]",
      "set bars 0.6",
    ]
    return PanelGrid.script(settings, panels: arms.indices, panel)
  }

  /// One arm's panel: its people, the other arms' means, its own mean with intervals.
  private func panel(_ index: Int) -> [String] {
    let arm = arms[index]
    let style = Palette.style(index)
    let grid = grid
    let left = leftShare + panelShare * Double(grid.column(of: index))
    let isFirst = grid.column(of: index) == 0
    var lines = grid.margins(
      of: index, left: left, right: left + panelShare - 0.04, top: isNarrow ? 0.12 : 0.10,
      bottom: isNarrow ? 0.78 : 0.82)
    lines += [
      "set format y \(isFirst ? "'%g'" : "''")",
      isFirst
        ? "set ylabel \(GnuplotText.quoted(GnuplotText.shortened(yLabel, to: 44))) "
          + "offset 1,0 textcolor rgb '\(Palette.ink)'"
        : "unset ylabel",
      "unset label",
      "set label 1 \(GnuplotText.quoted(GnuplotText.shortened(arm.label, to: 34))) at graph 0, "
        + "graph 1 offset 0,0.9 left textcolor rgb '\(style.color)'",
    ]
    for (number, mean) in arm.means.enumerated() where shownTicks.contains(mean.x) {
      lines.append(
        "set label \(number + 2) 'n = \(mean.count)' at first \(mean.x), graph 0 offset 0,-2.3 "
          + "center font ',12' textcolor rgb '\(Palette.faint)'")
    }
    let file = GnuplotText.quoted(Drawing.dataFile(of: name))
    // The more lines, the fainter each: a hundred should read as a texture, five as lines.
    let opacity = max(0.12, min(0.6, 12 / Double(max(arm.individuals.count, 1))))
    var plots = [
      "\(file) index \(index) using 1:2 with lines linewidth 1 "
        + "linecolor rgb '\(Palette.translucent(style.color, opacity))'"
    ]
    for other in arms.indices where other != index {
      plots.append(
        "\(file) index \(arms.count + other) using 1:2 with lines linewidth 1.5 "
          + "dashtype \(Palette.style(other).dashType) linecolor rgb '\(Palette.style(other).color)'"
      )
    }
    let own = "\(file) index \(arms.count + index) using"
    plots += [
      "\(own) 1:2 with lines linewidth 3 linecolor rgb '\(style.color)'",
      "\(own) 1:2:3:4 with yerrorbars pointtype \(style.pointType) pointsize 0.9 linewidth 2 "
        + "linecolor rgb '\(style.color)'",
    ]
    lines.append("plot " + plots.joined(separator: ", \\\n  "))
    return lines
  }
}
