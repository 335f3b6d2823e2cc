package import Definitions
import Expressions
import Statistics
import Studies

extension AnalysisPlan {
  /// Reports every name of the plan that the study does not have, with the nearest one it has.
  package func check(against study: StudyOutline, problems: inout Problems) {
    checkNames(against: study, declared: columns.map(\.name.value), problems: &problems)
  }

  /// Reports names, of a plan that may have been read in part.
  ///
  /// - Parameter declared: The names of the plan's columns, those whose expressions did not read
  ///   included; `nil` if not even the names could be read, so that nothing can be said about models.
  func checkNames(
    against study: StudyOutline, declared: [String]?, problems: inout Problems
  ) {
    // A study without a name was reported when the plan was read.
    if self.study.value != study.id, !self.study.value.isEmpty {
      problems.report(
        at: self.study.place, found: "the study \(quoted(self.study.value))",
        expected: quoted(study.id))
    }
    let occasionIDs = study.occasions.map(\.id)
    for occasion in occasions where !occasionIDs.contains(occasion.value) {
      problems.report(
        at: occasion.place, found: "the occasion \(quoted(occasion.value))",
        expected: "an occasion of the study: \(occasionIDs.joined(separator: ", "))",
        suggestion: nearestName(to: occasion.value, among: occasionIDs))
    }
    var types = checkColumns(study, declared ?? [], &problems)
    guard let declared else { return }
    for name in declared where types[name] == nil { types[name] = .number }
    for model in models { checkModel(model, types, study, &problems) }
    for contrast in contrasts { checkContrast(contrast, types, study, &problems) }
    checkMeasures(types, study, &problems)
    for margin in margins { checkMargin(margin, types, &problems) }
  }

  /// The columns of the table by name, those of the plan after those that every table has.
  private func checkColumns(
    _ study: StudyOutline, _ declared: [String], _ problems: inout Problems
  ) -> [String: ValueType] {
    var names: [String: ValueType] = [:]
    for name in RowName.numbers { names[name] = .number }
    for name in study.scoresByName.keys { names[name] = .number }
    for name in exposureNames { names[name] = .number }
    let read = Set(columns.map(\.name.value))
    for name in declared where !read.contains(name) { names[name] = .number }
    var columnTypes: [String: ValueType] = [:]
    for name in RowName.given { columnTypes[name] = .text }
    for name in RowName.numbers { columnTypes[name] = .number }
    for column in columns {
      checkFunctions(of: column, names, study, &problems)
      for name in column.functions.keys { names[name] = .number }
      for problem in column.expression.check(names: names, expecting: nil) {
        problems.report(problem, in: column.node)
      }
      checkExposure(column, study, &problems)
      let type = column.expression.resultType(names: names) ?? .number
      for name in column.functions.keys { names[name] = nil }
      columnTypes[column.name.value] = type
      names[column.name.value] = type
    }
    return columnTypes
  }

  /// The names of its columns that are about use of AI before an occasion.
  var exposureNames: Set<String> {
    columns.reduce(into: []) { names, column in
      names.formUnion(column.names.filter { ExposureName($0) != nil })
    }
  }

  /// Reports functions of what is no number of an earlier column, or of an event that is none.
  private func checkFunctions(
    of column: PlanColumn, _ names: [String: ValueType], _ study: StudyOutline,
    _ problems: inout Problems
  ) {
    let events = [ColumnFunction.enrolment] + study.occasions.map(\.id)
    for function in column.functions.values.sorted(by: { $0.offset < $1.offset }) {
      let place = column.node.place(atOffset: function.offset)
      if function.kind == .daysSince {
        guard !events.contains(function.argument) else { continue }
        problems.report(
          at: place, found: "the event \(quoted(function.argument))",
          expected: "enrolment or an occasion of the study: \(events.joined(separator: ", "))",
          suggestion: nearestName(to: function.argument, among: events))
      } else if names[function.argument] == nil {
        problems.report(
          at: place, found: "unknown name \(quoted(function.argument))",
          expected: "a score, an exposure or a column above",
          suggestion: nearestName(to: function.argument, among: names.keys.sorted()))
      } else if let type = names[function.argument], type != .number {
        problems.report(
          at: place,
          found: "\(type), \(quoted(function.argument)), in \(function.kind.rawValue)(…)",
          expected: "a number")
      }
    }
  }

  /// Reports exposure that has no window, or that nobody donates.
  private func checkExposure(
    _ column: PlanColumn, _ study: StudyOutline, _ problems: inout Problems
  ) {
    let names = column.names.sorted().compactMap { name in
      ExposureName(name).map { (name, $0) }
    }
    guard let (name, exposure) = names.first else { return }
    guard let logs = study.logs else {
      problems.report(
        at: column.node.place, found: "\(quoted(name)) in a study that takes no logs",
        expected: "logs: { sources: … } in the study file")
      return
    }
    let used = occasions.isEmpty ? study.occasions.map(\.id) : occasions.map(\.value)
    let open = study.occasions.first { used.contains($0.id) && $0.recall == nil }
    if exposure.window == nil, logs.exposure == nil, let open {
      problems.report(
        at: column.node.place, found: "\(quoted(name)) without a window",
        expected: "one in the name, as in exposure_7d.\(exposure.feature.name), or in the study "
          + "file: no instrument of \(quoted(open.id)) has a recall")
    }
  }

  private func checkModel(
    _ model: PlanModel, _ columns: [String: ValueType], _ study: StudyOutline,
    _ problems: inout Problems
  ) {
    for function in ColumnSource(model.written).functions.values.sorted(by: {
      $0.offset < $1.offset
    })
    where function.kind != .within && function.kind != .between {
      problems.report(
        at: model.formulaNode.place(atOffset: function.offset),
        found: "\(function.kind.rawValue)(\(function.argument)) in a formula",
        expected: "a column of the table that says so, and its name here")
    }
    for name in model.formula.variableNames.sorted() where columns[name] == nil {
      problems.report(
        at: Self.place(of: name, in: model.formulaNode),
        found: "the variable \(quoted(name))",
        expected: "a column of the plan's table",
        suggestion: nearestName(to: name, among: Array(columns.keys).sorted()))
    }
    for column in model.residuals?.columns ?? [] {
      // A block may be the joint levels of several columns.
      for name in column.value.split(separator: ":").map(String.init) where columns[name] == nil {
        problems.report(
          at: column.place, found: "the column \(quoted(name))",
          expected: "a column of the plan's table",
          suggestion: nearestName(to: name, among: columns.keys.sorted()))
      }
    }
    if model.formula.groupNames.isEmpty, model.residuals == nil {
      problems.report(
        at: model.formulaNode.place, found: "a formula without random effects",
        expected:
          "one such as (week | participant), or residuals that say how rows of a person relate")
    }
    if model.formula.variableNames.contains("arm"), study.arms.count < 2 {
      problems.report(
        at: Self.place(of: "arm", in: model.formulaNode), found: "the variable 'arm'",
        expected: "a formula without it, as the study has fewer than two arms")
    }
  }

  private func checkContrast(
    _ contrast: PlanContrast, _ columns: [String: ValueType], _ study: StudyOutline,
    _ problems: inout Problems
  ) {
    guard let sum = CoefficientSum(contrast.coefficient.value) else {
      problems.report(
        at: contrast.coefficient.place, found: quoted(contrast.coefficient.value),
        expected: "a coefficient such as week:arm[supportive], or a sum such as "
          + "arm[supportive] + 4 * week:arm[supportive]")
      return
    }
    for part in sum.terms.flatMap(\.parts) {
      // What stands in parentheses was checked with the formula.
      guard !part.variable.contains("(") else { continue }
      guard columns[part.variable] != nil else {
        problems.report(
          at: contrast.coefficient.place, found: "the variable \(quoted(part.variable))",
          expected: "a column of the plan's table",
          suggestion: nearestName(to: part.variable, among: columns.keys.sorted()))
        continue
      }
      guard part.variable == "arm" else { continue }
      let arms = Array(study.arms.dropFirst())
      if part.level.map({ !arms.contains($0) }) ?? true {
        problems.report(
          at: contrast.coefficient.place,
          found: part.level.map { "the arm \(quoted($0))" } ?? "no arm",
          expected: "an arm other than the first, as in arm[\(arms.first ?? "…")]",
          suggestion: part.level.flatMap { nearestName(to: $0, among: arms) })
      }
    }
  }

  /// Reports grids over columns that the model does not have, or that are of the other kind.
  private func checkMargin(
    _ margin: PlanMargin, _ columns: [String: ValueType], _ problems: inout Problems
  ) {
    guard let model = models.first(where: { $0.id.value == margin.model.value }) else { return }
    let known = model.formula.variableNames
    func check(_ name: Located<String>, isText: Bool) {
      let asked = isText ? "a category" : "a number"
      guard known.contains(name.value), let type = columns[name.value] else {
        problems.report(
          at: name.place, found: "the variable \(quoted(name.value))",
          expected: "\(asked) of the model \(quoted(model.id.value))",
          suggestion: nearestName(to: name.value, among: known.sorted()))
        return
      }
      guard (type == .text) != isText else { return }
      problems.report(
        at: name.place, found: "\(type), \(quoted(name.value))",
        expected: isText
          ? "a category; numbers are given values, as in week: [0, 4]"
          : "a number; categories are taken whole, as in arm: all")
    }
    if let slopes = margin.slopes { check(slopes, isText: false) }
    for factor in margin.factors { check(factor, isText: true) }
    for value in margin.values { check(value.name, isText: false) }
  }

  /// Where a word first stands in a formula.
  private static func place(of word: String, in node: DefinitionNode) -> Place {
    guard case .scalar(let scalar) = node.content else { return node.place }
    let text = Array(scalar.text.unicodeScalars)
    let wanted = Array(word.unicodeScalars)
    func isWord(_ index: Int) -> Bool {
      text.indices.contains(index)
        && (text[index].properties.isAlphabetic || text[index] == "_" || text[index] == "."
          || ("0"..."9").contains(text[index]))
    }
    for start in text.indices.dropLast(max(0, wanted.count - 1))
    where Array(text[start..<start + wanted.count]) == wanted && !isWord(start - 1)
      && !isWord(start + wanted.count)
    {
      return node.place(atOffset: start)
    }
    return node.place
  }
}
