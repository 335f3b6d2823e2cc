import Statistics

/// The fits of one model to several imputations of the same data, pooled by Rubin's rules.
struct PooledFit {
  /// Marginal means or slopes with their differences.
  struct Table {
    var title: String
    var estimates: [PooledEffect]
    var differences: [PooledEffect]
    /// The adjusted p-values of `differences`.
    var adjusted: [Double]
    var adjustment: Adjustment
  }

  /// The first fit, for what is the same in all.
  let first: FitSummary
  let imputations: Int
  let fixed: [PooledEffect]
  let thresholds: [PooledEffect]
  let contrasts: [PooledEffect]
  /// Type III tests.
  let terms: [PooledTest]
  let means: [Table]
  let slopes: [Table]
  /// Random effects with the roots of the variances' means.
  let components: [FitSummary.Component]
  let sigma: Double?
  let converged: Bool
  let singularFits: Int
  let notes: [String]

  /// - Parameters:
  ///   - fits: Of each file, in their order; two at least.
  ///   - files: What messages call them.
  /// - Throws: `CommandFailure` where the files are not imputations of the same rows.
  init(_ fits: [FitSummary], files: [String]) throws {
    guard let first = fits.first, fits.count > 1 else {
      throw CommandFailure(.usage, "--imputations takes two files or more")
    }
    for (fit, file) in zip(fits, files) {
      guard fit.observations == first.observations else {
        throw CommandFailure(
          .problems,
          "\(file): the model uses \(fit.observations) of its rows, and \(first.observations) of "
            + "those of \(files[0]); imputations fill in the same rows")
      }
      guard fit.fixed.map(\.name) == first.fixed.map(\.name),
        fit.components.map({ $0.terms.map(\.name) })
          == first.components.map({ $0.terms.map(\.name) }),
        fit.thresholds.map(\.name) == first.thresholds.map(\.name)
      else {
        throw CommandFailure(
          .problems,
          "\(file): the model has other coefficients than that of \(files[0]); give factors the "
            + "same levels with --levels")
      }
    }
    self.first = first
    imputations = fits.count
    fixed = try Self.pool(fits.map(\.fixed))
    thresholds = try Self.pool(fits.map(\.thresholds))
    contrasts = try Self.pool(fits.map(\.contrasts))
    terms = first.termEstimates.isEmpty ? [] : try PooledTest.pool(fits.map(\.termEstimates))
    means = try Self.tables(fits.map(\.means))
    slopes = try Self.tables(fits.map(\.slopes))
    func root(_ deviations: [Double]) -> Double {
      (deviations.reduce(0) { $0 + $1 * $1 } / Double(deviations.count)).squareRoot()
    }
    components = first.components.indices.map { position in
      var component = first.components[position]
      for term in component.terms.indices {
        component.terms[term].estimate = root(
          fits.map { $0.components[position].terms[term].estimate })
      }
      return component
    }
    sigma = first.sigma == nil ? nil : root(fits.compactMap { $0.sigma?.estimate })
    converged = fits.allSatisfy(\.converged)
    singularFits = fits.count { $0.isSingular }
    var counts: [(note: String, count: Int)] = []
    for note in fits.flatMap(\.notes) {
      if let known = counts.firstIndex(where: { $0.note == note }) {
        counts[known].count += 1
      } else {
        counts.append((note, 1))
      }
    }
    notes = counts.map { note, count in
      count == fits.count ? note : "In \(count) of \(fits.count) imputations: \(note)"
    }
  }

  private static func pool(_ columns: [[FitSummary.Effect]]) throws(ModelError) -> [PooledEffect] {
    guard let first = columns.first else { return [] }
    var pooled: [PooledEffect] = []
    for (position, effect) in first.enumerated() {
      let own = columns.map { $0[position] }
      let known = own.compactMap(\.degreesOfFreedom)
      pooled.append(
        try PooledEffect(
          name: effect.name, estimates: own.map(\.estimate),
          standardErrors: own.map(\.standardError),
          completeDegreesOfFreedom: known.count == own.count
            ? known.reduce(0, +) / Double(known.count) : .infinity))
    }
    return pooled
  }

  private static func tables(_ fits: [[MarginalTable]]) throws(ModelError) -> [Table] {
    guard let first = fits.first else { return [] }
    var tables: [Table] = []
    for (position, table) in first.enumerated() {
      let own = fits.map { $0[position] }
      let estimates = try pool(own.map { $0.estimates.map { FitSummary.Effect($0.effect) } })
      let differences = try pool(own.map { $0.comparisons.map { FitSummary.Effect($0.effect) } })
      let adjusted =
        table.adjustment.adjusted(differences.map(\.pValue))
        ?? differences.map {
          StudentisedRange(means: estimates.count, degreesOfFreedom: $0.degreesOfFreedom)
            .upperTail(abs($0.statistic) * 2.0.squareRoot())
        }
      tables.append(
        Table(
          title: table.title, estimates: estimates, differences: differences, adjusted: adjusted,
          adjustment: table.adjustment))
    }
    return tables
  }
}

extension PooledFit {
  /// The lines of the pooled model's summary.
  var lines: [String] {
    let fit = first
    let groups = fit.groups.map { "\(TerminalText.safe($0.name)) \($0.levels)" }
    var lines = [
      "\(fit.title), \(imputations) imputations pooled by Rubin's rules",
      "Formula: \(TerminalText.safe(fit.formula))",
    ]
    if fit.family != "gaussian" { lines.append("Family: \(fit.family) (\(fit.link))") }
    lines += [
      "Observations: \(fit.observations)"
        + (groups.isEmpty ? "" : "; groups: \(groups.joined(separator: ", "))"),
      "Degrees of freedom: Barnard-Rubin", "",
    ]
    if !components.isEmpty {
      var table = TextTable(header: ["Group", "Term", "Std. dev."], leftColumns: [0, 1])
      let rows = components.flatMap { component in
        component.terms.map { (component.group, $0.name, $0.estimate) }
      }
      let shown = NumberText.ownColumn(rows.map(\.2) + (sigma.map { [$0] } ?? []))
      for (row, (group, term, _)) in rows.enumerated() {
        table.rows.append([
          TerminalText.cell(group, width: 24), TerminalText.cell(term, width: 32), shown[row],
        ])
      }
      if sigma != nil { table.rows.append(["Residual", "", shown[shown.count - 1]]) }
      lines += ["Random effects (roots of mean variances):"] + table.lines + [""]
    }
    if !fixed.isEmpty { lines += ["Fixed effects:"] + effects(fixed) + [""] }
    if !thresholds.isEmpty { lines += ["Thresholds:"] + effects(thresholds) + [""] }
    if !terms.isEmpty {
      var table = TextTable(header: ["Term", "F", "num. df", "den. df", "p", "rel. increase"])
      for term in terms {
        table.rows.append([
          TerminalText.cell(term.term, width: 48),
          NumberText.fixed(term.test.statistic, decimals: 3),
          NumberText.fixed(term.test.numerator, decimals: 0),
          term.test.denominator.isFinite
            ? NumberText.fixed(term.test.denominator, decimals: 2) : "∞",
          NumberText.pValue(term.test.pValue),
          NumberText.fixed(term.relativeIncrease, decimals: 3),
        ])
      }
      lines += ["Type III tests (D1 of Li, Raghunathan and Rubin):"] + table.lines + [""]
    }
    for table in means + slopes {
      lines += [TerminalText.safe(table.title) + ":"] + effects(table.estimates) + [""]
      guard !table.differences.isEmpty else { continue }
      lines += ["Differences (p adjusted: \(table.adjustment.rawValue)):"]
      lines += effects(table.differences, pValues: table.adjusted) + [""]
    }
    if !contrasts.isEmpty { lines += ["Contrasts:"] + effects(contrasts) + [""] }
    var notes = notes
    if singularFits > 0 {
      notes.insert("The fit is singular in \(singularFits) of \(imputations) imputations.", at: 0)
    }
    notes.append(
      "fmi is the fraction of information about a coefficient that is missing; criteria of the fits "
        + "are not pooled.")
    return lines + ["Notes:"]
      + notes.flatMap { note in
        TerminalText.wrapped(note, width: 96).enumerated().map {
          ($0.offset == 0 ? " - " : "   ") + $0.element
        }
      }
  }

  private func effects(_ effects: [PooledEffect], pValues: [Double]? = nil) -> [String] {
    let (estimates, errors) = NumberText.estimates(
      effects.map(\.estimate), errors: effects.map(\.standardError))
    var table = TextTable(
      header: [
        "", "Estimate", "Std. error", "df", "t", "p",
        "\(ModelText.percent(first.confidenceLevel)) interval", "fmi",
      ])
    for (row, effect) in effects.enumerated() {
      let ends = [effect.lower, effect.upper].map {
        NumberText.own($0, error: effect.standardError)
      }
      table.rows.append([
        TerminalText.cell(effect.name, width: 48), estimates[row], errors[row],
        effect.degreesOfFreedom.isFinite
          ? NumberText.fixed(effect.degreesOfFreedom, decimals: 2) : "∞",
        NumberText.fixed(effect.statistic, decimals: 3),
        NumberText.pValue(pValues?[row] ?? effect.pValue), "\(ends[0]) to \(ends[1])",
        NumberText.fixed(effect.missingInformation, decimals: 3),
      ])
    }
    return table.lines
  }
}

/// The JSON form of a pooled fit; keys as ``FitDocument`` has them, with what imputation adds.
struct PooledDocument: Encodable {
  struct Effect: Encodable {
    var name: String
    var estimate, se, df, t, p, lower, upper, fmi, missingShare, relativeIncrease: Double?

    enum CodingKeys: String, CodingKey {
      case name, estimate, se, df, t, p, lower, upper, fmi
      case missingShare = "missing_share"
      case relativeIncrease = "relative_increase"
    }

    init(_ effect: PooledEffect, pValue: Double? = nil) {
      name = effect.name
      estimate = effect.estimate.ifFinite
      se = effect.standardError.ifFinite
      df = effect.degreesOfFreedom.ifFinite
      t = effect.statistic.ifFinite
      p = (pValue ?? effect.pValue).ifFinite
      lower = effect.lower.ifFinite
      upper = effect.upper.ifFinite
      fmi = effect.missingInformation.ifFinite
      missingShare = effect.missingShare.ifFinite
      relativeIncrease = effect.relativeIncrease.ifFinite
    }
  }

  struct Term: Encodable {
    var term: String
    var f, numDf, denDf, p, relativeIncrease: Double?

    enum CodingKeys: String, CodingKey {
      case term, f, p
      case numDf = "num_df"
      case denDf = "den_df"
      case relativeIncrease = "relative_increase"
    }

    init(_ pooled: PooledTest) {
      term = pooled.term
      f = pooled.test.statistic.ifFinite
      numDf = pooled.test.numerator.ifFinite
      denDf = pooled.test.denominator.ifFinite
      p = pooled.test.pValue.ifFinite
      relativeIncrease = pooled.relativeIncrease.ifFinite
    }
  }

  struct Margin: Encodable {
    var of, adjust: String
    var estimates, pairs: [Effect]

    init(_ table: PooledFit.Table) {
      of = table.title
      adjust = table.adjustment.rawValue
      estimates = table.estimates.map { Effect($0) }
      pairs = zip(table.differences, table.adjusted).map { Effect($0, pValue: $1) }
    }
  }

  var formula, method, family, link: String
  var imputations, n: Int
  var groups: [FitDocument.Group]
  var fixed: [Effect]
  var thresholds, contrasts: [Effect]?
  var anova: [Term]?
  var means, slopes: [Margin]?
  var random: [FitDocument.Random]
  var sigma: Double?
  var df = "barnard-rubin"
  var converged, singular: Bool
  var notes: [String]
  var seconds: FitSeconds

  init(_ pooled: PooledFit, seconds: FitSeconds) {
    let fit = pooled.first
    formula = fit.formula
    method = fit.method
    family = fit.family
    link = fit.link
    imputations = pooled.imputations
    n = fit.observations
    groups = fit.groups.map { .init(name: $0.name, levels: $0.levels) }
    fixed = pooled.fixed.map { Effect($0) }
    thresholds = pooled.thresholds.isEmpty ? nil : pooled.thresholds.map { Effect($0) }
    contrasts = pooled.contrasts.isEmpty ? nil : pooled.contrasts.map { Effect($0) }
    anova = pooled.terms.isEmpty ? nil : pooled.terms.map(Term.init)
    means = pooled.means.isEmpty ? nil : pooled.means.map(Margin.init)
    slopes = pooled.slopes.isEmpty ? nil : pooled.slopes.map(Margin.init)
    random = pooled.components.map {
      .init(group: $0.group, terms: $0.terms.map(FitDocument.Deviation.init))
    }
    sigma = pooled.sigma
    converged = pooled.converged
    singular = pooled.singularFits > 0
    notes = pooled.notes
    self.seconds = seconds
  }
}
