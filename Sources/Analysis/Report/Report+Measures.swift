import Definitions
import Statistics

/// Scores and persons: reliability, change, trends.
extension Report {
  /// How reliable the scores are in this sample.
  mutating func reliability() -> HTML {
    guard !results.reliabilities.isEmpty else { return "" }
    let all = results.reliabilities
    var pieces: [HTML] = []
    func number(_ value: Double?) -> HTML { "\(NumberText.fixed(value, 2))" }
    let single = all.filter(\.plan.wantsAlpha)
    if !single.isEmpty {
      pieces.append(
        numbered(
          ReportTable(
            caption: """
              Reliability of one measurement, in this sample: Cronbach’s α with Feldt’s interval, ω \
              total of one factor, and Spearman and Brown’s coefficient for two items.
              """,
            headers: ["Score", "Items", "At", "<i>n</i>", "α", "95&nbsp;% interval", "ω", "SB"],
            groups: [
              .init(
                heading: nil,
                rows: single.map { result in
                  .init(
                    name: result.label,
                    cells: [
                      "\(result.itemCount)", "\(result.moment ?? "–")",
                      "\(result.alpha.map { String($0.rowCount) } ?? "–")",
                      number(result.alpha?.alpha),
                      "\(interval(result.alpha?.lower ?? .nan, result.alpha?.upper ?? .nan, 2))",
                      number(result.omega), number(result.alpha?.spearmanBrown),
                    ])
                })
            ])))
    }
    let levels = all.compactMap { result in result.levels.map { (result, $0) } }
    if !levels.isEmpty {
      pieces.append(
        numbered(
          ReportTable(
            caption: """
              Reliability within and between persons over all occasions of the table: ω of a two-level \
              factor model, of persons’ means over these occasions (R<sub>kR</sub>), and of change from \
              occasion to occasion (R<sub>C</sub>; Shrout and Lane).
              """,
            headers: [
              "Score", "People", "Rows", "ω within", "ω between", "R<sub>kR</sub>",
              "R<sub>C</sub>",
            ],
            groups: [
              .init(
                heading: nil,
                rows: levels.map { result, levels in
                  .init(
                    name: result.label,
                    cells: [
                      "\(levels.persons)", "\(levels.rows)", number(levels.omegaWithin),
                      number(levels.omegaBetween),
                      number(levels.diary?.personsOverRandomTimes), number(levels.diary?.change),
                    ])
                })
            ])))
    }
    let notes: [HTML] = all.flatMap { result in
      result.notes.map { "<p class=\"small\">\(result.label): no \($0).</p>\n" }
    }
    let low = all.filter { ($0.coefficient ?? 1) < 0.7 }.map(\.label)
    let advice: HTML =
      low.isEmpty
      ? ""
      : """
      <div class="note" role="note"><p>\(NumberText.list(low)) \
      \(low.count == 1 ? "has" : "have") a reliability under 0.70 here: error of measurement hides \
      part of every association, and single persons’ scores say little.</p></div>

      """
    let items = itemFunctioning()
    return "<section>\n<h2>Reliability</h2>\n\(pieces)\(notes)\(advice)\(items)</section>\n"
  }

  /// Who changed by more than error.
  mutating func changes() -> HTML {
    guard !results.changes.isEmpty else { return "" }
    var pieces: [HTML] = []
    for result in results.changes {
      let decimals = max(
        2,
        NumberText.decimals(
          standardError: result.groups.map(\.deviation).filter(\.isFinite).max() ?? .nan))
      let rule: HTML
      switch result.rule {
      case .failure(let error):
        rule = """
          <div class="note" role="note"><p><strong>No rule for a reliable change of \
          \(result.plan.column.value):</strong> \(error.description).</p></div>

          """
      case .success(let found):
        let source: HTML =
          if case .sample = result.plan.reliability {
            "of this sample at \(result.before)"
          } else { "as the plan states it" }
        rule = """
          <p>A change of \(NumberText.fixed(found.threshold, decimals)) or less is within the error of \
          the scale (Jacobson and Truax’s index at 95&nbsp;%, from a standard deviation of \
          \(NumberText.fixed(found.standardDeviation, decimals)) and a reliability of \
          \(NumberText.fixed(found.reliability, 2)), \(source)). Scores that are extreme at first tend \
          to move back to the mean without anything having happened, so compare arms, not directions.</p>

          """
      }
      let isJudged = (try? result.rule.get()) != nil
      let judged: [HTML] = isJudged ? ["Risen", "Within error", "Fallen"] : []
      pieces.append(rule)
      pieces.append(
        numbered(
          ReportTable(
            caption: """
              \(result.label): change from \(result.before) to \(result.after) of those with both values. \
              <i>d</i> is in standard deviations of everyone at \(result.before).
              """,
            headers: [
              "Arm", "<i>n</i>", "Second missing", "Mean change", "95&nbsp;% interval", "SD",
              "<i>d</i>",
            ] + judged,
            groups: [
              .init(
                heading: nil,
                rows: result.groups.map { group in
                  let counts: [HTML] =
                    isJudged
                    ? [group.risen, group.unchanged, group.fallen].map { "\($0)" } : []
                  return .init(
                    name: group.arm ?? "everyone",
                    cells: [
                      "\(group.pairs)", "\(group.withoutSecond)",
                      "\(NumberText.fixed(group.mean, decimals))",
                      "\(interval(group.lower, group.upper, decimals))",
                      "\(NumberText.fixed(group.deviation, decimals))",
                      "\(NumberText.fixed(group.standardised, 2))",
                    ] + counts)
                })
            ])))
    }
    return "<section>\n<h2>Change of single persons</h2>\n\(pieces)</section>\n"
  }

  /// Trends person by person, as counts and middle slopes; the persons are in the table.
  mutating func trends() -> HTML {
    guard !results.trends.isEmpty else { return "" }
    var pieces: [HTML] = []
    for result in results.trends {
      let arms: [String?] =
        results.study.arms.isEmpty ? [nil] : results.study.arms.map(Optional.some)
      let time = result.plan.time?.value ?? "planned occasion"
      let slopes = TrendResult.slopes(of: result.persons)
      let decimals = NumberText.decimals(standardError: (slopes.upper - slopes.lower) / 2)
      pieces.append(
        numbered(
          ReportTable(
            caption: """
              \(result.label): each person’s trend by \(time) (Sen’s slope), and how many have one by \
              \(Self.words(result.plan.method)) at a false discovery rate of 5&nbsp;% (Benjamini and \
              Hochberg over persons), of those with at least \(result.plan.least) values.
              """,
            headers: [
              "Arm", "People", "Median slope", "Middle half", "Tested", "Rising", "Falling",
            ],
            groups: [
              .init(
                heading: nil,
                rows: arms.map { arm in
                  let persons = result.persons(of: arm)
                  let own = TrendResult.slopes(of: persons)
                  let found = persons.filter { ($0.adjusted ?? 1) < 0.05 }
                  return .init(
                    name: arm ?? "everyone",
                    cells: [
                      "\(persons.count)", "\(NumberText.fixed(own.median, decimals))",
                      "\(interval(own.lower, own.upper, decimals))",
                      "\(persons.count(where: \.isTested))",
                      "\(found.count { $0.test.score > 0 })",
                      "\(found.count { $0.test.score < 0 })",
                    ])
                })
            ])))
      var sentences: [HTML] = []
      if result.tooShort > 0 {
        sentences.append(
          """
          \(NumberText.counted(result.tooShort, "person has", "people have")) fewer than three values \
          and no trend.
          """)
      }
      if let test = result.together {
        sentences.append(
          """
          Taken together (regional Mann-Kendall test), \(result.persons.count(where: \.isTested)) people \
          give τ = \(NumberText.fixed(test.tau, 2)), <i>z</i> = \(NumberText.fixed(test.z, 2)), \
          <i>p</i>&nbsp;\(NumberText.pRelation(test.pValue)); it takes a person’s values as independent \
          of each other.
          """)
      }
      if !result.persons.contains(where: \.isTested) {
        sentences.append(
          "Nobody has \(result.plan.least) values, so slopes are described and nothing is tested.")
      }
      sentences += result.notes.map { "\($0)." }
      let words: [HTML] = sentences.map { "\($0) " }
      pieces.append("<p class=\"small\">\(words)</p>\n")
    }
    return "<section>\n<h2>Trends of single persons</h2>\n\(pieces)</section>\n"
  }

  private static func words(_ method: MannKendallTest.Method) -> String {
    switch method {
    case .mannKendall: "the Mann-Kendall test"
    case .hamedRao: "the Mann-Kendall test with Hamed and Rao’s variance"
    case .yueWang:
      "the Mann-Kendall test with Yue and Wang’s variance, which finds trends too often"
    case .preWhitening: "the Mann-Kendall test of the whitened series"
    case .trendFree: "the Mann-Kendall test with trend-free pre-whitening"
    case .seasonal, .regional: method.rawValue
    }
  }
}
