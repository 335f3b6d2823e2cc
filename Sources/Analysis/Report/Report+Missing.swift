import Definitions
import Foundation
import Statistics

/// Who leaves, and which answers are missing together.
extension Report {
  /// A model of leaving.
  mutating func attrition() -> HTML {
    guard let result = results.attrition else { return "" }
    switch result.regression {
    case .failure(let error):
      return """
        <p class="small">No model of who leaves: \(error.description).</p>

        """
    case .success(let fit):
      let rows: [ReportTable.Row] = fit.effects.map { effect in
        .init(
          name: CoefficientName.label(effect.name, factors: ["arm": results.study.arms]),
          cells: [
            "\(NumberText.significant(exp(effect.estimate), 3))",
            """
            \(NumberText.significant(exp(effect.lower), 3)) to \
            \(NumberText.significant(exp(effect.upper), 3))
            """, "\(NumberText.fixed(effect.statistic, 2))", "\(NumberText.p(effect.pValue))",
          ])
      }
      let thin: HTML =
        result.isThin
        ? """
        <div class="note" role="note"><p>With fewer than \(AttritionResult.leaversPerPredictor) people who \
        left (or stayed) for each predictor, these odds ratios are too large and too sure: read them as a \
        description.</p></div>

        """ : ""
      let used = fit.observations
      let set: HTML =
        used < result.persons
        ? " \(result.persons - used) without a first answer are not in the model." : ""
      return """
        \(numbered(
          ReportTable(
            caption: """
              Who leaves: odds ratios of a logistic regression over \(used) people, of whom those left who \
              withdrew or left the last occasion that was due unanswered (\(result.left) of \
              \(result.persons)); predictors are the arm and the first answers, per unit.\(set)
              """,
            headers: ["Predictor", "Odds ratio", "95&nbsp;% interval", "<i>z</i>", "<i>p</i>"],
            groups: [.init(heading: nil, rows: rows)])))\(thin)
        """
    }
  }

  /// The patterns of missing values of the first outcome.
  mutating func patterns() -> HTML {
    guard let result = results.patterns else { return "" }
    let arms = results.study.arms
    let columns: [HTML] = arms.map { "\($0)" }
    let others: HTML =
      result.others > 0
      ? " \(NumberText.counted(result.others, "person has", "people have")) other patterns." : ""
    return numbered(
      ReportTable(
        caption: """
          Patterns of missing values of \(results.label(of: result.column)), over \
          \(NumberText.list(result.slots)): ● there, ○ missing, · not due.\(others)
          """,
        headers: ["Pattern", "People"] + columns,
        groups: [
          .init(
            heading: nil,
            rows: result.patterns.map { pattern in
              .init(
                name: pattern.marks.map(\.rawValue).joined(separator: " "),
                cells: ["\(pattern.persons)"] + pattern.byArm.map { "\($0)" })
            })
        ]))
  }
}
