import Definitions
import Figures
import Statistics
import Tables

/// Figures of points: residuals, random effects, exposure.
extension AnalysisResults {
  /// How many points a panel shows at most: more are a smear, and make a heavy page.
  static let mostPoints = 1500

  /// At most ``mostPoints`` of these, evenly spaced.
  private static func shown(_ points: [CourseFigure.Point]) -> [CourseFigure.Point] {
    guard points.count > mostPoints else { return points }
    return (0..<mostPoints).map { points[$0 * points.count / mostPoints] }
  }

  /// Points against the normal quantiles that they would have.
  private static func quantiles(_ values: [Double]) -> [CourseFigure.Point] {
    let sorted = values.filter(\.isFinite).sorted()
    let normal = NormalDistribution()
    return shown(
      sorted.enumerated().map { place, value in
        .init(x: normal.quantile((Double(place) + 0.5) / Double(sorted.count)), y: value)
      })
  }

  /// Whether residuals and random effects are as the model takes them to be.
  func residuals(_ result: ModelResult) -> PanelFigure? {
    guard let fit = result.fit, let residuals = try? fit.residuals(.normalized) else { return nil }
    let fitted = fit.fittedValues()
    let points = zip(fitted, residuals).filter { $0.isFinite && $1.isFinite }
      .map { CourseFigure.Point(x: $0, y: $1) }
    var panels = [
      PanelFigure.Panel(
        title: "Residuals", xLabel: "Fitted value", yLabel: "Residual, in SD",
        points: Self.shown(points), line: .init(intercept: 0, slope: 0)),
      PanelFigure.Panel(
        title: "Are residuals normal?", xLabel: "Normal quantile", yLabel: "Residual, in SD",
        points: Self.quantiles(residuals), line: .init(intercept: 0, slope: 1)),
    ]
    for modes in fit.randomEffects() {
      for (column, term) in modes.terms.enumerated() {
        let values = (0..<modes.values.rows).map { modes.values[$0, column] }
        let spread = Descriptive.deviation(of: values)
        guard spread > 0 else { continue }
        panels.append(
          .init(
            title: "\(result.label(term)) by \(modes.group)", xLabel: "Normal quantile",
            yLabel: "Predicted effect", points: Self.quantiles(values),
            line: .init(intercept: 0, slope: spread)))
      }
    }
    return PanelFigure(
      name: FigureName.residuals(of: result.model.id.value),
      description: "Residuals and random effects of the model \(result.model.id.value)",
      panels: panels)
  }

  /// The outcome against a covariate within persons and between them, other effects taken off.
  func exposures(_ result: ModelResult) -> [PanelFigure] {
    guard let fit = result.fit else { return [] }
    let residuals = fit.residuals()
    let covariates = data.table.columns.map(\.name).filter { name in
      result.effects.contains { $0.name == "within(\(name), participant)" }
        && result.effects.contains { $0.name == "between(\(name), participant)" }
    }
    return covariates.compactMap { name in
      guard let values = data.table[name]?.values.doubles,
        let within = result.effects.first(where: { $0.name == "within(\(name), participant)" }),
        let between = result.effects.first(where: { $0.name == "between(\(name), participant)" })
      else { return nil }
      var people: [String: Int32] = [:]
      let persons = data.rows.map { row -> Int32 in
        let code = people[row.participant] ?? Int32(people.count)
        people[row.participant] = code
        return code
      }
      let centred = PersonCentring(values, persons: persons, rows: residuals.map(\.isFinite))
      let used = residuals.indices.filter { residuals[$0].isFinite }
      let inner = used.map { row in
        CourseFigure.Point(
          x: centred.within[row], y: residuals[row] + within.estimate * centred.within[row])
      }
      var seen: Set<Int32> = []
      let modes = fit.randomEffects().first { $0.group == "participant" }
      var intercepts: [String: Double] = [:]
      if let modes, let column = modes.terms.firstIndex(of: "(Intercept)") {
        for (level, person) in modes.levels.enumerated() {
          intercepts[person] = modes.values[level, column]
        }
      }
      let outer = used.filter { seen.insert(persons[$0]).inserted }.map { row in
        CourseFigure.Point(
          x: centred.between[row],
          y: (intercepts[data.rows[row].participant] ?? 0)
            + between.estimate * centred.between[row])
      }
      return PanelFigure(
        name: FigureName.exposure(of: name, in: result.model.id.value),
        description: "\(label(of: name)) within persons and between them",
        panels: [
          .init(
            title: "Within persons", xLabel: "\(name), from the person’s mean",
            yLabel: fit.formula.responseName, points: Self.shown(inner),
            line: .init(intercept: 0, slope: within.estimate)),
          .init(
            title: "Between persons", xLabel: "person’s mean of \(name), centred",
            yLabel: fit.formula.responseName, points: Self.shown(outer),
            line: .init(intercept: 0, slope: between.estimate)),
        ])
    }
  }
}
