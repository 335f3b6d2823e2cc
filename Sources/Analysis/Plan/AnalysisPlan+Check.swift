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
  }

  /// The columns of the table by name, those of the plan after those that every table has.
  private func checkColumns(
    _ study: StudyOutline, _ declared: [String], _ problems: inout Problems
  ) -> [String: ValueType] {
    var names: [String: ValueType] = [
      RowName.index: .number, RowName.daysSinceEnrolment: .number,
    ]
    for name in study.scoresByName.keys { names[name] = .number }
    for name in exposureNames { names[name] = .number }
    let read = Set(columns.map(\.name.value))
    for name in declared where !read.contains(name) { names[name] = .number }
    var columnTypes: [String: ValueType] = [:]
    for name in RowName.given { columnTypes[name] = .text }
    for name in ["index", "repetition"] { columnTypes[name] = .number }
    for column in columns {
      for problem in column.expression.check(names: names, expecting: nil) {
        problems.report(problem, in: column.node)
      }
      checkExposure(column, study, &problems)
      let type = column.expression.resultType(names: names) ?? .number
      columnTypes[column.name.value] = type
      names[column.name.value] = type
    }
    return columnTypes
  }

  /// The names of its columns that are about use of AI before an occasion.
  var exposureNames: Set<String> {
    columns.reduce(into: []) { names, column in
      names.formUnion(column.expression.names.filter { ExposureName($0) != nil })
    }
  }

  /// Reports exposure that has no window, or that nobody donates.
  private func checkExposure(
    _ column: PlanColumn, _ study: StudyOutline, _ problems: inout Problems
  ) {
    let names = column.expression.names.sorted().compactMap { name in
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
    for name in model.formula.variableNames.sorted() where columns[name] == nil {
      problems.report(
        at: Self.place(of: name, in: model.formulaNode),
        found: "the variable \(quoted(name))",
        expected: "a column of the plan's table",
        suggestion: nearestName(to: name, among: Array(columns.keys).sorted()))
    }
    if model.formula.groupNames.isEmpty {
      problems.report(
        at: model.formulaNode.place, found: "a formula without random effects",
        expected: "one such as (week | participant)")
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
    guard let parts = CoefficientName.parts(contrast.coefficient.value) else {
      problems.report(
        at: contrast.coefficient.place, found: quoted(contrast.coefficient.value),
        expected: "a coefficient such as week:arm[supportive]")
      return
    }
    for part in parts {
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
