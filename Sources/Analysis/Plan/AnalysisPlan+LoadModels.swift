import Definitions
import Statistics

/// How the models of a plan are read, and what is asked of them.
extension AnalysisPlan {
  static func models(
    _ reader: inout MappingReader, _ problems: inout Problems
  ) -> [PlanModel] {
    let nodes = reader.optionalList("models", problems: &problems) ?? []
    let models = nodes.compactMap { model($0, &problems) }
    reportRepeated(models.map(\.id), "model", &problems)
    let primary = models.filter(\.isPrimary)
    for extra in primary.dropFirst() {
      problems.report(
        at: extra.id.place, found: "a second primary model",
        expected: "one, as \(quoted(primary[0].id.value)) is primary already")
    }
    return models
  }

  private static func model(
    _ node: DefinitionNode, _ problems: inout Problems
  ) -> PlanModel? {
    guard var reader = MappingReader(node, describing: "a model", problems: &problems) else {
      return nil
    }
    let id = reader.string("id", problems: &problems)
    let formulaNode = reader.node("formula", problems: &problems)
    let method = reader.optionalChoice("method", of: PlanModel.Method.self, problems: &problems)
    let isPrimary = reader.optionalBool("primary", problems: &problems)
    let residuals = residuals(&reader, &problems)
    let df = reader.optionalChoice("df", of: DegreesOfFreedom.self, problems: &problems)
    let intervals = reader.optionalChoice(
      "intervals", of: PlanModel.Intervals.self, problems: &problems)
    let replicates = reader.optionalInteger("replicates", in: 100...100_000, problems: &problems)
    if let replicates, intervals?.value != .bootstrap {
      problems.report(
        at: replicates.place, found: "replicates without a bootstrap",
        expected: "intervals: bootstrap beside them")
    }
    if let df, df.value == .kenwardRoger, method?.value == .full {
      problems.report(
        at: df.place, found: "'kenward-roger' beside ML",
        expected: "REML, for which alone Kenward and Roger's correction is defined")
    }
    if let df, df.value == .kenwardRoger, let residuals, !residuals.structure.hasKenwardRoger {
      problems.report(
        at: df.place, found: "'kenward-roger' beside these residuals",
        expected: "satterthwaite, which is defined there, or residuals of kind cs or un")
    }
    if let intervals, intervals.value == .bootstrap, residuals != nil {
      problems.report(
        at: intervals.place, found: "\(quoted(intervals.value.rawValue)) beside residuals",
        expected: "wald or profile, the intervals of models with a residual structure")
    }
    reader.finish(problems: &problems)
    if let id { checkIdentifier(id, of: "a model", &problems) }
    guard let id, let formulaNode,
      let formula = formula(formulaNode, &problems)
    else { return nil }
    return PlanModel(
      id: id, formula: formula.read, written: formula.written, formulaNode: formulaNode,
      method: method?.value ?? .restricted, degreesOfFreedom: df?.value ?? .satterthwaite,
      intervals: intervals?.value ?? .wald, replicates: replicates?.value ?? 1000,
      residuals: residuals, isPrimary: isPrimary?.value ?? false)
  }

  private static func formula(
    _ node: DefinitionNode, _ problems: inout Problems
  ) -> (read: ModelFormula, written: String)? {
    guard
      let text = node.string(
        expecting: "a formula such as need ~ week * arm + (week | participant)",
        problems: &problems)
    else { return nil }
    do throws(FormulaError) {
      // As written first, so that mistakes are reported where they stand.
      _ = try ModelFormula.parse(text)
      return (try ModelFormula.parse(PersonTerm.completed(text)), text)
    } catch {
      problems.report(
        at: node.place(atOffset: error.column - 1), found: error.found, expected: error.expected)
      return nil
    }
  }

  // MARK: Residuals

  private static func residuals(
    _ reader: inout MappingReader, _ problems: inout Problems
  ) -> PlanResiduals? {
    guard
      let fields = reader.optionalMapping(
        "residuals", describing: "the residuals", problems: &problems)
    else { return nil }
    var columns: [Located<String>] = []
    let parts = fields.entries.compactMap { entry -> String? in
      let kind = entry.key.value
      guard kind != "cs" else { return kind }
      guard let column = entry.value.string(expecting: "a column", problems: &problems) else {
        return nil
      }
      columns.append(Located(column, at: entry.value.place))
      return "\(kind):\(column)"
    }
    guard parts.count == fields.entries.count else { return nil }
    do throws(ModelError) {
      return PlanResiduals(
        structure: try ResidualStructure(parts.joined(separator: ",")), columns: columns)
    } catch {
      problems.report(
        at: fields.place, found: "residuals that are none: \(parts.joined(separator: ", "))",
        expected: "one of ar1, car1, ar1+noise, car1+noise, arma11 and un, each with its column of "
          + "time, or cs: true; beside it perhaps variance: FACTOR and within: BLOCK; or power: COLUMN"
          + " alone")
      return nil
    }
  }

  // MARK: What is asked of models

  static func contrasts(
    _ reader: inout MappingReader, models: [PlanModel], _ problems: inout Problems
  ) -> [PlanContrast] {
    let nodes = reader.optionalList("contrasts", problems: &problems) ?? []
    let contrasts = nodes.compactMap { node -> PlanContrast? in
      guard var fields = MappingReader(node, describing: "a contrast", problems: &problems)
      else { return nil }
      let id = fields.string("id", problems: &problems)
      let model = fields.string("model", problems: &problems)
      let coefficient = fields.string("of", problems: &problems)
      fields.finish(problems: &problems)
      if let model { checkModelName(model, models, &problems) }
      guard let id, let model, let coefficient else { return nil }
      checkIdentifier(id, of: "a contrast", &problems)
      return PlanContrast(id: id, model: model, coefficient: coefficient)
    }
    reportRepeated(contrasts.map(\.id), "contrast", &problems)
    return contrasts
  }

  /// Reports a name that is no model of the plan.
  static func checkModelName(
    _ name: Located<String>, _ models: [PlanModel], _ problems: inout Problems
  ) {
    let ids = models.map(\.id.value)
    guard !ids.contains(name.value) else { return }
    problems.report(
      at: name.place, found: "the model \(quoted(name.value))", expected: "a model of this plan",
      suggestion: nearestName(to: name.value, among: ids))
  }

  static func comparisons(
    _ reader: inout MappingReader, models: [PlanModel], _ problems: inout Problems
  ) -> [PlanComparison] {
    let nodes = reader.optionalList("compare", problems: &problems) ?? []
    return nodes.compactMap { node -> PlanComparison? in
      guard let pair = node.strings(problems: &problems) else { return nil }
      guard pair.count == 2, pair[0].value != pair[1].value else {
        problems.report(
          at: node.place,
          found: "a comparison of \(pair.map { quoted($0.value) }.joined(separator: ", "))",
          expected: "two different models, as in [growth, growth-linear]")
        return nil
      }
      for name in pair { checkModelName(name, models, &problems) }
      let responses = pair.compactMap { name in
        models.first { $0.id.value == name.value }?.formula.responseName
      }
      if responses.count == 2, responses[0] != responses[1] {
        problems.report(
          at: node.place,
          found: "models of different responses, \(responses[0]) and \(responses[1])",
          expected: "two models of one response, whose likelihoods compare")
      }
      return PlanComparison(first: pair[0], second: pair[1])
    }
  }

  static func margins(
    _ reader: inout MappingReader, models: [PlanModel], _ problems: inout Problems
  ) -> [PlanMargin] {
    let nodes = reader.optionalList("margins", problems: &problems) ?? []
    return nodes.compactMap { node -> PlanMargin? in
      guard var fields = MappingReader(node, describing: "margins", problems: &problems)
      else { return nil }
      let model = fields.string("model", problems: &problems)
      let slopes = fields.optionalString("slopes", problems: &problems)
      let grid = fields.optionalMapping("at", describing: "a grid", problems: &problems)
      fields.finish(problems: &problems)
      if let model { checkModelName(model, models, &problems) }
      var factors: [Located<String>] = []
      var values: [(name: Located<String>, values: [Double])] = []
      for entry in grid?.entries ?? [] {
        if case .scalar(let scalar) = entry.value.content, scalar.text == "all" {
          factors.append(entry.key)
          continue
        }
        let nodes: [DefinitionNode]
        if case .list(let list) = entry.value.content {
          nodes = list
        } else {
          nodes = [entry.value]
        }
        let numbers = nodes.compactMap { node in
          node.number(in: nil, problems: &problems)
        }
        if !numbers.isEmpty, numbers.count == nodes.count { values.append((entry.key, numbers)) }
      }
      guard let model else { return nil }
      if slopes == nil, factors.isEmpty, values.isEmpty {
        problems.report(
          at: node.place, found: "margins without a grid",
          expected: "at: { week: [0, 4], arm: all }, or slopes: week")
      }
      return PlanMargin(model: model, slopes: slopes, factors: factors, values: values)
    }
  }

  static func adjustment(
    _ reader: inout MappingReader, contrasts: [PlanContrast], _ problems: inout Problems
  ) -> PlanAdjustment? {
    guard
      var fields = reader.optionalMapping(
        "adjust", describing: "the adjustment", problems: &problems)
    else { return nil }
    let family = fields.strings("family", problems: &problems) ?? []
    let method = fields.choice(
      "method", of: PlanAdjustment.Method.self, problems: &problems)
    fields.finish(problems: &problems)
    reportRepeated(family, "contrast", &problems)
    let ids = contrasts.map(\.id.value)
    for name in family where !ids.contains(name.value) {
      problems.report(
        at: name.place, found: "the contrast \(quoted(name.value))",
        expected: "a contrast of this plan", suggestion: nearestName(to: name.value, among: ids))
    }
    return method.map { PlanAdjustment(family: family, method: $0.value) }
  }
}
