import Foundation

/// Estimates with their intervals, one row each, against zero.
///
/// The dot-and-whisker plot of Gelman, Pasarica and Dodhia (2002), with the numbers printed beside.
package struct CoefficientFigure: Hashable, Sendable {
  /// One coefficient.
  package struct Row: Hashable, Sendable {
    package var label: String
    package var estimate: Double
    package var lower: Double
    package var upper: Double
    /// Printed at the right: the estimate and its interval.
    package var text: String

    /// Creates a row.
    package init(label: String, estimate: Double, lower: Double, upper: Double, text: String) {
      self.label = label
      self.estimate = estimate
      self.lower = lower
      self.upper = upper
      self.text = text
    }
  }

  package var name: String
  /// What it shows, as a sentence.
  package var description: String
  package var xLabel: String
  package var rows: [Row]
  /// Whether names and numbers stand above their whiskers; see ``narrow``.
  private(set) var isNarrow = false

  /// The same figure for a screen too narrow for names and numbers beside it, under a name of its own.
  package var narrow: CoefficientFigure {
    var figure = self
    figure.name += Drawing.narrowSuffix
    figure.isNarrow = true
    return figure
  }

  /// Creates a figure.
  package init(name: String, description: String, xLabel: String, rows: [Row]) {
    self.name = name
    self.description = description
    self.xLabel = xLabel
    self.rows = rows
  }

  /// The script and the numbers.
  package func drawing() -> Drawing {
    Drawing(
      name: name, description: description, script: script(), data: data(),
      width: isNarrow ? 340 : 640, height: Int(height))
  }

  /// In pixels: two lines of text fit above each whisker of a narrow figure.
  private var height: Double { Double(96 + (isNarrow ? 66 : 38) * max(rows.count, 1)) }

  /// Estimate, lower, upper, row; the first row is the highest.
  private func data() -> String {
    let lines = rows.enumerated().map { index, row in
      [row.estimate, row.lower, row.upper].map(GnuplotText.number).joined(separator: "\t")
        + "\t\(rows.count - index)"
    }
    return (lines.isEmpty ? "NaN\tNaN\tNaN\t0" : lines.joined(separator: "\n")) + "\n"
  }

  /// A round distance between ticks that gives two to six of them.
  private static func step(over range: Double) -> String {
    guard range > 0, range.isFinite else { return "autofreq" }
    let raw = range / 6
    let power = pow(10, log10(raw).rounded(.down))
    let digit = [1.0, 2, 5, 10].first { $0 * power >= raw } ?? 10
    return "\(digit * power)"
  }

  private func script() -> String {
    let style = Palette.style(0)
    // 14-pixel Helvetica is about 7 pixels a character on average.
    let longest = isNarrow ? 0 : rows.map { min($0.label.count, 34) }.max() ?? 0
    let left = min(0.42, Double(longest * 7 + 24) / 640)
    let widest = isNarrow ? 0 : rows.map(\.text.count).max() ?? 0
    let right = 1 - min(0.34, Double(widest * 7 + 20) / 640)
    let ends = (rows.flatMap { [$0.estimate, $0.lower, $0.upper] } + [0]).filter(\.isFinite)
    let lower = ends.min() ?? -1
    let upper = ends.max() ?? 1
    let margin = upper > lower ? (upper - lower) * 0.06 : 1
    let tics = rows.enumerated().map { index, row in
      "\(isNarrow ? "''" : GnuplotText.quotedTic(GnuplotText.shortened(row.label, to: 34))) "
        + "\(rows.count - index)"
    }
    let file = GnuplotText.quoted(Drawing.dataFile(of: name))
    var lines = [
      "unset key",
      "set border 1 linewidth 1 linecolor rgb '\(Palette.faint)'",
      "set minussign",
      "set xtics nomirror scale 0.5 font ',13' textcolor rgb '\(Palette.faint)'",
      "set ytics nomirror scale 0 (\(tics.joined(separator: ", "))) textcolor rgb '\(Palette.ink)'",
      "set grid xtics linetype 1 linewidth 0.6 linecolor rgb '\(Palette.grid)'",
      "set xlabel \(GnuplotText.quoted(GnuplotText.shortened(xLabel, to: 60))) "
        + "offset 0,0.4 textcolor rgb '\(Palette.ink)'",
      "set xtics \(Self.step(over: upper - lower))",
      "set xrange [\(lower - margin):\(upper + margin)]",
      "set yrange [0.4:\(Double(rows.count) + (isNarrow ? 0.9 : 0.6))]",
      "set lmargin at screen \(left)", "set rmargin at screen \(right)",
      "set tmargin at screen \(1 - 10 / height)", "set bmargin at screen \(64 / height)",
      "set bars 0.6",
      "set arrow 1 from 0, graph 0 to 0, graph 1 nohead back dashtype 2 linewidth 1.2 "
        + "linecolor rgb '\(Palette.faint)'",
    ]
    lines += isNarrow ? labelsAbove() : labelsBeside()
    lines.append(
      "plot \(file) using 1:4:2:3 with xerrorbars pointtype \(style.pointType) pointsize 1 "
        + "linewidth 2 linecolor rgb '\(style.color)'")
    return lines.joined(separator: "\n") + "\n"
  }

  /// The numbers at the right of each whisker.
  private func labelsBeside() -> [String] {
    rows.enumerated().map { index, row in
      "set label \(index + 1) \(GnuplotText.quoted(row.text)) at graph 1, first "
        + "\(rows.count - index) offset 1.2,0 left textcolor rgb '\(Palette.ink)'"
    }
  }

  /// The name above each whisker, the numbers below the name.
  private func labelsAbove() -> [String] {
    rows.enumerated().flatMap { index, row in
      let place = "at screen 0.04, first \(rows.count - index)"
      let name = GnuplotText.quoted(GnuplotText.shortened(row.label, to: 44))
      return [
        "set label \(2 * index + 1) \(name) \(place) offset 0,2.1 left "
          + "textcolor rgb '\(Palette.ink)'",
        "set label \(2 * index + 2) \(GnuplotText.quoted(row.text)) \(place) offset 0,1.1 left "
          + "font ',13' textcolor rgb '\(Palette.faint)'",
      ]
    }
  }
}
