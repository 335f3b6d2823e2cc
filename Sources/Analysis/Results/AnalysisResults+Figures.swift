import Definitions
import Figures
import Statistics
import Tables

extension AnalysisResults {
  /// What gnuplot needs for every figure of the plan, each for wide and for narrow screens.
  func drawings() -> [Drawing] {
    var drawings: [Drawing] = []
    if plan.figures.contains(.course) {
      drawings += outcomes.compactMap(course).flatMap { [$0.drawing(), $0.narrow.drawing()] }
    }
    if plan.figures.contains(.coefficients) {
      drawings += models.compactMap(coefficients).flatMap { [$0.drawing(), $0.narrow.drawing()] }
    }
    if plan.figures.contains(.compliance), let map = occasionMap() {
      drawings += [map.drawing(), map.narrow.drawing()]
    }
    var panels: [PanelFigure] = []
    if plan.figures.contains(.residuals) { panels += models.compactMap(residuals) }
    if plan.figures.contains(.exposure) { panels += models.flatMap(exposures) }
    return drawings + panels.flatMap { [$0.drawing(), $0.narrow.drawing()] }
  }

  /// How many people's lines a panel shows at most: more are a smear, and make a heavy page.
  static let mostLines = 200

  /// At most ``mostLines`` of these people, evenly spaced. Pseudonyms are random, so their order is,
  /// and a choice by order favours nobody.
  private static func shown(_ people: [String]) -> [String] {
    guard people.count > mostLines else { return people }
    return (0..<mostLines).map { people[$0 * people.count / mostLines] }
  }

  /// Whether a course figure leaves people's lines out.
  var showsSample: Bool {
    Dictionary(grouping: data.rows, by: \.arm).values.contains { rows in
      Set(rows.map(\.participant)).count > Self.mostLines
    }
  }

  private func course(of column: String) -> CourseFigure? {
    guard let values = data.table[column]?.values.doubles, data.slots.count > 1 else { return nil }
    let items = descriptives.filter { $0.column == column && $0.count > 0 }
    var groups: [String?] = []
    for item in items where !groups.contains(item.arm) { groups.append(item.arm) }
    guard !groups.isEmpty else { return nil }
    let isByArm = groups != [nil]
    let arms = groups.map { group in
      var lines: [String: [CourseFigure.Point]] = [:]
      var order: [String] = []
      for (position, row) in data.rows.enumerated() where !values[position].isNaN {
        guard !isByArm || row.arm == group else { continue }
        if lines[row.participant] == nil { order.append(row.participant) }
        lines[row.participant, default: []].append(
          .init(x: data.slots[row.slot].days, y: values[position]))
      }
      return CourseFigure.Arm(
        label: group ?? "everyone",
        individuals: Self.shown(order).compactMap { lines[$0]?.sorted { $0.x < $1.x } },
        means: items.filter { $0.arm == group }.map { item in
          .init(
            x: data.slots[item.slot].days, mean: item.mean, lower: item.lower, upper: item.upper,
            count: item.count)
        })
    }
    let source = plan.columns.first { $0.name.value == column }?.source ?? ""
    let known = study.scoresByName[source]
    return CourseFigure(
      name: FigureName.course(of: column),
      description: "\(label(of: column)) by arm over \(data.slots.count) occasions",
      yLabel: known.map { StudyOutline.words($0.score.name) } ?? column,
      ticks: data.slots.map { .init(x: $0.days, label: $0.label) }, arms: arms,
      yRange: known?.score.range)
  }

  private func coefficients(_ result: ModelResult) -> CoefficientFigure? {
    let effects = result.effects.filter { $0.name != "(Intercept)" && $0.estimate.isFinite }
    guard !effects.isEmpty else { return nil }
    return CoefficientFigure(
      name: FigureName.coefficients(of: result.model.id.value),
      description: "Fixed effects of the model \(result.model.id.value) with 95\u{A0}% intervals",
      xLabel: "Estimate with 95\u{A0}% interval",
      rows: effects.map { effect in
        let decimals = NumberText.decimals(standardError: effect.standardError)
        func text(_ value: Double) -> String { NumberText.fixed(value, decimals) }
        return .init(
          label: result.label(effect.name), estimate: effect.estimate, lower: effect.lower,
          upper: effect.upper,
          text: "\(text(effect.estimate)) [\(text(effect.lower)), \(text(effect.upper))]")
      })
  }
}
