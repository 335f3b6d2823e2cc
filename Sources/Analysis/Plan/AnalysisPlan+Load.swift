package import Definitions
import Expressions
import Statistics

extension AnalysisPlan {
  /// Fields of a plan that the design describes and this version cannot run. They are problems, not
  /// ignored: a plan must never seem to have been carried out when it was not.
  private static let later = [
    "reliability", "compare", "margins", "trends", "change", "adjust", "missing", "sensitivity",
  ]

  /// Reads a plan and checks its names against its study, whatever else is wrong with it.
  ///
  /// - Parameter study: The study it is for; a warning says that names were not checked if there is
  ///   none.
  /// - Returns: `nil` if anything is wrong with it, with every problem reported at its place.
  package static func load(
    _ bytes: [UInt8], file: String, checkedAgainst study: StudyOutline?,
    problems: inout Problems
  ) -> AnalysisPlan? {
    if study == nil {
      problems.report(
        .warning, at: Place(file: file, line: 0, column: 0),
        found: "no study to check this plan against, so that its names were not checked",
        expected: "the plan in the folder analysis/ of its study, or a check of that study")
    }
    return read(bytes, file: file, outline: study, problems: &problems)
  }

  /// Reads a plan without a look at its study.
  ///
  /// - Returns: `nil` if anything is wrong with it, with every problem reported at its place.
  package static func load(
    _ bytes: [UInt8], file: String, problems: inout Problems
  ) -> AnalysisPlan? {
    read(bytes, file: file, outline: nil, problems: &problems)
  }

  private static func read(
    _ bytes: [UInt8], file: String, outline: StudyOutline?, problems: inout Problems
  ) -> AnalysisPlan? {
    var found = Problems()
    defer { problems.append(found) }
    guard let root = DefinitionNode.parse(bytes, file: file, problems: &found),
      var reader = MappingReader(root, describing: "an analysis plan", problems: &found)
    else { return nil }
    let id = reader.string("id", problems: &found)
    let study = reader.string("study", problems: &found)
    let question = reader.string("question", problems: &found)
    let estimand = reader.optionalString("estimand", problems: &found)
    var table = reader.mapping("table", describing: "a table", problems: &found)
    let occasions = occasions(&table, &found)
    var declared: [String]?
    let columns = columns(&table, declared: &declared, &found)
    table?.finish(problems: &found)
    let describe = description(&reader, &found)
    let models = models(&reader, &found)
    let contrasts = contrasts(&reader, models: models, &found)
    let figures = figures(&reader, &found)
    for key in later where reader.has(key) {
      found.report(
        at: reader.place(of: key), found: "the field \(quoted(key))",
        expected: "a plan without it, which this version of Longwell cannot carry out")
    }
    reader.finish(knowing: later, problems: &found)
    if let id { checkIdentifier(id, of: "a plan", &found) }
    // Fields that are missing were reported: what is there is checked all the same.
    let plan = AnalysisPlan(
      id: id?.value ?? "", study: study ?? Located("", at: root.place),
      question: question?.value ?? "", estimand: estimand?.value, occasions: occasions,
      columns: columns, describe: describe, models: models, contrasts: contrasts,
      figures: figures, file: file, source: bytes, hash: Hashing.hexadecimal(bytes))
    if let outline {
      plan.checkNames(against: outline, declared: declared, problems: &found)
    }
    return found.hasErrors ? nil : plan
  }

  // MARK: Table

  private static func occasions(
    _ table: inout MappingReader?, _ problems: inout Problems
  ) -> [Located<String>] {
    if let rows = table?.string("rows", problems: &problems), rows.value != "occasion" {
      problems.report(
        at: rows.place, found: quoted(rows.value),
        expected: "'occasion', the only rows that this version of Longwell builds")
    }
    let occasions = table?.optionalStrings("occasions", problems: &problems) ?? []
    reportRepeated(occasions, "occasion", &problems)
    return occasions
  }

  private static func columns(
    _ table: inout MappingReader?, declared: inout [String]?, _ problems: inout Problems
  ) -> [PlanColumn] {
    guard let reader = table?.mapping("columns", describing: "the columns", problems: &problems)
    else { return [] }
    declared = reader.entries.map(\.key.value)
    return reader.entries.compactMap { entry in
      checkColumnName(entry.key, &problems)
      let node = entry.value
      guard
        let source = node.string(
          expecting: "an expression such as needs-24.need_satisfaction", problems: &problems)
      else { return nil }
      do throws(ExpressionProblem) {
        return PlanColumn(
          name: entry.key, source: source, node: node,
          expression: try Expression.parse(withoutColumnFunctions(source)))
      } catch {
        problems.report(error, in: node)
        return nil
      }
    }
  }

  /// Reads `days_since(enrolment)` as a name of the same length; other spacing is left to be
  /// refused by the parser with its reason.
  private static func withoutColumnFunctions(_ source: String) -> String {
    source.replacing("days_since(enrolment)", with: RowName.daysSinceEnrolment)
  }

  private static func checkColumnName(_ name: Located<String>, _ problems: inout Problems) {
    let isWord =
      name.value.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
      } && name.value.first?.isLetter == true
    if !isWord {
      problems.report(
        at: name.place, found: "the column name \(quoted(name.value))",
        expected: "letters, digits and '_', beginning with a letter")
    } else if RowName.given.contains(name.value), name.value != RowName.index {
      problems.report(
        at: name.place, found: "the column name \(quoted(name.value))",
        expected: "another name, as every table has this column")
    }
  }

  // MARK: Description and models

  private static func description(
    _ reader: inout MappingReader, _ problems: inout Problems
  ) -> PlanDescription {
    var description = PlanDescription()
    guard
      var fields = reader.optionalMapping(
        "describe", describing: "the description", problems: &problems)
    else { return description }
    if let by = fields.optionalString("by", problems: &problems), by.value != "arm" {
      problems.report(at: by.place, found: quoted(by.value), expected: "'arm'")
    }
    func truth(_ key: String, _ value: Bool) -> Bool {
      fields.optionalBool(key, problems: &problems)?.value ?? value
    }
    description.compliance = truth("compliance", true)
    description.attrition = truth("attrition", true)
    description.missing = truth("missing", true)
    fields.finish(problems: &problems)
    return description
  }

  private static func models(
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
    let residuals = reader.optionalNode("residuals")
    let df = reader.optionalChoice("df", of: DegreesOfFreedom.self, problems: &problems)
    requireOnly("wald", of: "intervals", &reader, &problems)
    if let residuals {
      problems.report(
        at: residuals.place, found: "a residual structure",
        expected: "a model without one, as this version of Longwell fits independent residuals")
    }
    if let df, df.value == .kenwardRoger, method?.value == .full {
      problems.report(
        at: df.place, found: "'kenward-roger' beside ML",
        expected: "REML, for which alone Kenward and Roger's correction is defined")
    }
    reader.finish(problems: &problems)
    if let id { checkIdentifier(id, of: "a model", &problems) }
    guard let id, let formulaNode,
      let text = formulaNode.string(
        expecting: "a formula such as need ~ week * arm + (week | participant)",
        problems: &problems)
    else { return nil }
    do throws(FormulaError) {
      return PlanModel(
        id: id, formula: try ModelFormula.parse(text), formulaNode: formulaNode,
        method: method?.value ?? .restricted,
        degreesOfFreedom: df?.value ?? .satterthwaite, isPrimary: isPrimary?.value ?? false)
    } catch {
      problems.report(
        at: formulaNode.place(atOffset: error.column - 1), found: error.found,
        expected: error.expected)
      return nil
    }
  }

  /// Takes a setting of which this version knows a single value.
  private static func requireOnly(
    _ value: String, of key: String, _ reader: inout MappingReader, _ problems: inout Problems
  ) {
    guard let setting = reader.optionalString(key, problems: &problems), setting.value != value
    else { return }
    problems.report(
      at: setting.place, found: quoted(setting.value),
      expected: "'\(value)', the only \(key) that this version of Longwell computes")
  }

  private static func contrasts(
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
      guard let id, let model, let coefficient else { return nil }
      checkIdentifier(id, of: "a contrast", &problems)
      let ids = models.map(\.id.value)
      if !ids.contains(model.value) {
        problems.report(
          at: model.place, found: "the model \(quoted(model.value))",
          expected: "a model of this plan", suggestion: nearestName(to: model.value, among: ids))
      }
      return PlanContrast(id: id, model: model, coefficient: coefficient)
    }
    reportRepeated(contrasts.map(\.id), "contrast", &problems)
    return contrasts
  }

  private static func figures(
    _ reader: inout MappingReader, _ problems: inout Problems
  ) -> [PlanFigure] {
    guard let names = reader.optionalStrings("figures", problems: &problems) else {
      return PlanFigure.allCases
    }
    return names.compactMap { name in
      let figure = PlanFigure(rawValue: name.value)
      if figure == nil {
        let known = PlanFigure.allCases.map(\.rawValue)
        problems.report(
          at: name.place, found: "the figure \(quoted(name.value))",
          expected: known.joined(separator: " or "),
          suggestion: nearestName(to: name.value, among: known))
      }
      return figure
    }
  }

  // MARK: Names

  /// Ids become file names and anchors: lower-case letters, digits and hyphens.
  private static func checkIdentifier(
    _ id: Located<String>, of owner: String, _ problems: inout Problems
  ) {
    let isUsable =
      id.value.utf8.count <= 64 && id.value.first.map { $0 != "-" } == true
      && id.value.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
      }
    guard !isUsable else { return }
    problems.report(
      at: id.place, found: "the id \(quoted(id.value)) of \(owner)",
      expected: "lower-case letters, digits and hyphens, at most 64")
  }

  private static func reportRepeated(
    _ names: [Located<String>], _ what: String, _ problems: inout Problems
  ) {
    var seen: Set<String> = []
    for name in names where !seen.insert(name.value).inserted {
      problems.report(
        at: name.place, found: "the \(what) \(quoted(name.value)) a second time",
        expected: "each \(what) once")
    }
  }
}

extension Problems {
  /// Reports what is wrong with an expression at its place in the file.
  mutating func report(_ problem: ExpressionProblem, in node: DefinitionNode) {
    report(
      at: node.place(atOffset: problem.column - 1), found: problem.found,
      expected: problem.expected, suggestion: problem.suggestion)
  }
}
