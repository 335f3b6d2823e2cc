package import Definitions
import Expressions
import Statistics

extension AnalysisPlan {
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
    let reliabilities = reliabilities(&reader, &found)
    let changes = changes(&reader, &found)
    let trends = trends(&reader, &found)
    let models = models(&reader, &found)
    let seed = reader.optionalInteger("seed", in: 0...Int(Int32.max), problems: &found)
    let contrasts = contrasts(&reader, models: models, &found)
    let comparisons = comparisons(&reader, models: models, &found)
    let margins = margins(&reader, models: models, &found)
    let adjustment = adjustment(&reader, contrasts: contrasts, &found)
    let exclusion = exclusion(&reader, &found)
    let delta = delta(&reader, &found)
    let figures = figures(&reader, &found)
    reader.finish(problems: &found)
    if let id { checkIdentifier(id, of: "a plan", &found) }
    // Fields that are missing were reported: what is there is checked all the same.
    let plan = AnalysisPlan(
      id: id?.value ?? "", study: study ?? Located("", at: root.place),
      question: question?.value ?? "", estimand: estimand?.value, occasions: occasions,
      columns: columns, describe: describe, reliabilities: reliabilities,
      changes: changes, trends: trends, models: models, contrasts: contrasts,
      comparisons: comparisons, margins: margins, adjustment: adjustment,
      exclusion: exclusion, delta: delta, figures: figures,
      seed: UInt64(seed?.value ?? 1), file: file, source: bytes, hash: Hashing.hexadecimal(bytes))
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
      let text = ColumnSource(source)
      if let call = ColumnSource.unreadCall(in: text.text) {
        let argument = call.kind == .daysSince ? "enrolment or an occasion" : "one column or score"
        problems.report(
          at: node.place(atOffset: call.offset),
          found: "\(call.kind.rawValue)(…) of something else",
          expected: "\(argument), as in "
            + (call.kind == .daysSince ? "days_since(enrolment)" : "\(call.kind.rawValue)(need)"))
        return nil
      }
      do throws(ExpressionProblem) {
        return PlanColumn(
          name: entry.key, source: source, node: node,
          expression: try Expression.parse(text.text), functions: text.functions)
      } catch {
        problems.report(error, in: node)
        return nil
      }
    }
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
  static func checkIdentifier(
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

  static func reportRepeated(
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
