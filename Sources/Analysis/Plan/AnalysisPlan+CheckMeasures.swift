import Definitions
import Expressions

/// Whether what a plan says of scores and persons fits its study.
extension AnalysisPlan {
  func checkMeasures(
    _ columns: [String: ValueType], _ study: StudyOutline, _ problems: inout Problems
  ) {
    let scores = study.scoresByName
    for reliability in reliabilities {
      guard let (_, score) = scores[reliability.score.value] else {
        problems.report(
          at: reliability.score.place, found: "the score \(quoted(reliability.score.value))",
          expected: "a score of the study",
          suggestion: nearestName(to: reliability.score.value, among: scores.keys.sorted()))
        continue
      }
      checkItems(of: score, at: reliability.score, &problems)
    }
    for change in changes {
      checkNumber(change.column, columns, &problems)
      for moment in [change.before, change.after] { checkMoment(moment, study, &problems) }
      guard case .sample = change.reliability,
        let column = self.columns.first(where: { $0.name.value == change.column.value })
      else { continue }
      if let (_, score) = scores[column.source] {
        checkItems(of: score, at: change.column, &problems)
      } else {
        problems.report(
          at: change.column.place,
          found: "\(quoted(change.column.value)), which is no score as it stands",
          expected: "a score, or a reliability as a number")
      }
    }
    checkSensitivity(columns, &problems)
    for trend in trends {
      checkNumber(trend.column, columns, &problems)
      if let time = trend.time { checkNumber(time, columns, &problems) }
    }
  }

  private func checkSensitivity(_ columns: [String: ValueType], _ problems: inout Problems) {
    if let exclusion {
      var names = columns
      for name in SessionQuality.Name.allCases { names[name.rawValue] = .number }
      for problem in exclusion.expression.check(names: names, expecting: .truth) {
        problems.report(problem, in: exclusion.node)
      }
    }
    guard let delta else { return }
    guard let model = missingModel else {
      problems.report(
        at: delta.place, found: "a sensitivity analysis without a primary model",
        expected: "primary: true for the model whose outcome is drawn")
      return
    }
    if model.residuals != nil {
      problems.report(
        at: delta.place, found: "a sensitivity analysis of a model with residuals",
        expected: "a primary model with independent residuals, from which answers are drawn")
    }
    if !contrasts.contains(where: { $0.model.value == model.id.value }) {
      problems.report(
        at: delta.place, found: "a sensitivity analysis of nothing",
        expected: "a contrast of the model \(quoted(model.id.value))")
    }
  }

  /// The model whose missing outcomes are drawn: the primary one, or the only one.
  var missingModel: PlanModel? {
    models.first(where: \.isPrimary) ?? (models.count == 1 ? models.first : nil)
  }

  /// Reports a score that is not the mean or sum of at least two items.
  private func checkItems(
    of score: StudyOutline.Score, at name: Located<String>, _ problems: inout Problems
  ) {
    guard score.items.count < 2 else { return }
    problems.report(
      at: name.place,
      found: score.items.isEmpty
        ? "\(quoted(name.value)), which is no mean or sum of items"
        : "\(quoted(name.value)) of a single item",
      expected: "a mean or sum of two items or more, which alone have a reliability of this kind")
  }

  private func checkNumber(
    _ name: Located<String>, _ columns: [String: ValueType], _ problems: inout Problems
  ) {
    guard let type = columns[name.value] else {
      problems.report(
        at: name.place, found: "the column \(quoted(name.value))",
        expected: "a column of the plan's table",
        suggestion: nearestName(to: name.value, among: columns.keys.sorted()))
      return
    }
    guard type == .text else { return }
    problems.report(
      at: name.place, found: "the text \(quoted(name.value))", expected: "a column of numbers")
  }

  private func checkMoment(
    _ moment: PlanMoment, _ study: StudyOutline, _ problems: inout Problems
  ) {
    let all = study.occasions.filter { occasion in
      occasions.isEmpty || occasions.contains { $0.value == occasion.id }
    }
    guard let occasion = all.first(where: { $0.id == moment.occasion }) else {
      problems.report(
        at: moment.text.place, found: "the occasion \(quoted(moment.occasion))",
        expected: "an occasion of the plan: \(all.map(\.id).joined(separator: ", "))",
        suggestion: nearestName(to: moment.occasion, among: all.map(\.id)))
      return
    }
    guard moment.repetition >= max(1, occasion.times) else { return }
    problems.report(
      at: moment.text.place, found: quoted(moment.text.value),
      expected: "\(quoted(moment.occasion)) with a number from 1 to \(max(1, occasion.times))")
  }
}
