extension ReliabilityDocument {
  /// What a reader needs, in the order in which it is reported.
  var lines: [String] {
    var lines = [
      "Reliability of \(alpha.items.count) items: \(n) rows, \(complete) complete"
        + (persons.map { ", \($0) persons" } ?? ""),
      "",
      " Cronbach's alpha \(Self.text(alpha.estimate)) "
        + "[\(Self.text(alpha.lower)), \(Self.text(alpha.upper))], standardised "
        + Self.text(alpha.standardised),
    ]
    if let coefficient = alpha.spearmanBrown {
      lines.append(" Spearman-Brown \(Self.text(coefficient))")
    }
    if let omega { lines.append(" omega total \(Self.text(omega.estimate))") }
    if let omegaWithin, let omegaBetween {
      lines.append(
        " omega within persons \(Self.text(omegaWithin.estimate)), between persons "
          + Self.text(omegaBetween.estimate))
    }
    if let means {
      lines.append(
        " ICC(1) \(Self.text(means.single)), ICC(2) \(Self.text(means.mean)) of the row means")
    }
    if let diary {
      lines.append(
        " R_kF \(Self.text(diary.fixed)), R_1R \(Self.text(diary.one)), R_kR "
          + "\(Self.text(diary.random)), R_C \(Self.text(diary.change))")
    }
    var table = TextTable(header: ["item", "item-rest r", "alpha without", "loading"])
    for (place, item) in alpha.items.enumerated() {
      table.rows.append([
        TerminalText.safe(item.name), Self.text(item.rest),
        item.alphaWithout.map(Self.text) ?? "", omega.map { Self.text($0.loadings[place]) } ?? "",
      ])
    }
    lines += [""] + table.lines
    if !icc.isEmpty {
      var correlations = TextTable(header: [
        "type", "ICC", "lower", "upper", "F", "df1", "df2", "p",
      ])
      correlations.rows = icc.map { found in
        [
          found.type, Self.text(found.estimate), found.lower.map(Self.text) ?? "-",
          found.upper.map(Self.text) ?? "-",
          Self.text(found.f), NumberText.fixed(found.df1, decimals: 0),
          NumberText.fixed(found.df2, decimals: 0), NumberText.pValue(found.p),
        ]
      }
      lines += [""] + correlations.lines
    }
    return lines + (notes.isEmpty ? [] : [""]) + notes.map { " Note: \(TerminalText.safe($0))" }
  }

  private static func text(_ value: Double) -> String { NumberText.fixed(value, decimals: 3) }
}
