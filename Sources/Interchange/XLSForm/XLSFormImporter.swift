/// Reads an XLSForm (https://xlsform.org), `.xlsx` or `.csv`: one form is one instrument.
struct XLSFormImporter {
  private let tables: SurveyTables
  private let texts: XLSFormTexts
  private let lists: [String: [OptionDraft]]
  /// What is wrong with rows of the choices.
  private let losses: [NotCarried]
  /// The columns of the survey that are read, in small letters.
  private let known: Set<String>

  /// The form of a file.
  static func read(_ file: ForeignFile, language: String) throws(ImportProblem) -> [FormDraft] {
    guard let tables = SurveyTables(try SurveyTables.read(file)) else {
      throw ImportProblem(
        .wrongFormat,
        "\(file.name): found no worksheet with the columns 'type' and 'name', expected an XLSForm "
          + "with the worksheet 'survey'")
    }
    return [form(of: tables, fallback: file.stem, language: language)]
  }

  /// The form of tables.
  static func form(of tables: SurveyTables, fallback: String, language: String) -> FormDraft {
    XLSFormImporter(tables).form(fallback: fallback, language: language)
  }

  private init(_ tables: SurveyTables) {
    self.tables = tables
    let settings = tables.settings
    let stated = settings.flatMap { sheet in
      sheet.rows.first.map { sheet.text($0, "default_language") }
    }
    texts = XLSFormTexts(tables, stated: stated ?? "")
    (lists, losses) = Self.lists(of: tables.choices, texts)
    let texts = texts
    known = ["label", "caption", "hint"].reduce(into: Self.columns) {
      $0.formUnion(texts.columns(of: $1))
    }
  }

  /// The options by list, and what else their table says.
  private static func lists(
    of choices: Sheet?, _ texts: XLSFormTexts
  ) -> ([String: [OptionDraft]], [NotCarried]) {
    guard let choices else { return ([:], []) }
    var lists: [String: [OptionDraft]] = [:]
    var losses: [NotCarried] = []
    let known = texts.columns(of: "label").union(Self.listColumns + Self.codeColumns)
    for row in choices.rows {
      let list = choices.text(row, Self.listColumns)
      let code = choices.text(row, Self.codeColumns)
      let label = texts.text(row, "label", in: choices)
      guard !list.isEmpty, !code.isEmpty else {
        if !list.isEmpty || !code.isEmpty || !label.isBlank {
          losses.append(
            NotCarried(
              item: list.nonEmpty ?? code.nonEmpty ?? label.base, what: "option",
              why: "row \(row.number) of the choices has no \(list.isEmpty ? "list" : "name")"))
        }
        continue
      }
      lists[list, default: []].append(OptionDraft(code: code, label: label))
      for column in choices.others(row, known: known) {
        losses.append(
          NotCarried(item: list, what: "column \(column)", why: "options are a code and a label"))
      }
    }
    return (lists, losses)
  }

  private static let listColumns = ["list_name", "list name", "listname"]
  private static let codeColumns = ["name", "value"]

  /// Groups inside each other whose conditions are followed; forms in use have some six.
  private static let deepest = 32

  /// A group that is open.
  private struct Group {
    var name: String
    /// Its own condition and those of the groups around it.
    var conditions: [ForeignSource]
    /// The text above its rows, where it is a grid.
    var stem: LocalText?
  }

  private func form(fallback: String, language: String) -> FormDraft {
    func setting(_ names: [String]) -> String {
      guard let sheet = tables.settings, let row = sheet.rows.first else { return "" }
      return sheet.text(row, names)
    }
    let name = setting(["form_id", "id_string", "set form id"]).nonEmpty ?? fallback
    let title = setting(["form_title", "title", "set form title"]).nonEmpty ?? name
    var form = FormDraft(name: name, title: LocalText(title))
    form.language = texts.baseTag ?? language
    form.otherLanguages = Set(texts.others.values).sorted()
    form.piping = .dollar
    for name in texts.unknown {
      form.leaveOut(
        "translation \(name)", of: form.name,
        because: "the language has no tag: write 'label::Name (xx)'")
    }
    tables.listOthers(of: &form)
    if let sheet = tables.settings, let row = sheet.rows.first {
      for column in sheet.others(row, known: Self.settings) {
        form.leaveOut(
          "setting \(column)", of: form.name, because: "files here have no place for it")
      }
    }
    for loss in losses { form.leaveOut(loss.what, of: loss.item, because: loss.why) }
    var groups: [Group] = []
    for row in tables.survey.rows { read(row, &groups, &form) }
    let used = usedLists
    for list in lists.keys.sorted() where !used.contains(list) {
      form.leaveOut("options", of: list, because: "no question uses the list")
    }
    if !groups.isEmpty {
      form.leaveOut(
        "group", of: groups[0].name, because: "it is never ended; its end is the form's")
    }
    return form
  }

  private static let settings: Set<String> = [
    "form_id", "id_string", "set form id", "form_title", "title", "set form title",
    "default_language",
  ]

  /// The lists that questions name.
  private var usedLists: Set<String> {
    Set(
      tables.survey.rows.compactMap { row in
        XLSFormType(text(row, ["type", "command"])).list
      })
  }

  private func text(_ row: Sheet.Row, _ columns: [String]) -> String {
    tables.survey.text(row, columns)
  }

  private func read(_ row: Sheet.Row, _ groups: inout [Group], _ form: inout FormDraft) {
    let written = text(row, ["type", "command"])
    guard !written.hasPrefix("#") else { return }
    let name = text(row, ["name", "value"]).nonEmpty ?? "row_\(row.number)"
    guard !written.isEmpty else {
      form.leaveOut("item", of: name, because: "it has no type")
      return
    }
    guard !isYes(text(row, ["disabled"])) else {
      form.leaveOut("item", of: name, because: "it is disabled")
      return
    }
    let type = XLSFormType(written)
    switch type.kind {
    case .beginGroup, .beginRepeat:
      begin(row, name, type, &groups, &form)
      return
    case .end:
      if groups.popLast() == nil {
        form.leaveOut("group", of: "row \(row.number)", because: "it ends a group that never began")
      }
      return
    default: break
    }
    guard let kind = kind(type, row, name, &form) else { return }
    var item = ItemDraft(name: name, text: texts.text(row, "label", in: tables.survey), kind: kind)
    if item.text.isBlank { item.text = texts.text(row, "caption", in: tables.survey) }
    let hint = texts.text(row, "hint", in: tables.survey)
    item.text = Self.joined(item.text, hint)
    let own = text(row, Self.conditions)
    item.condition = .all(
      of: (groups.last?.conditions ?? []) + [own.nonEmpty.map { .written($0, .xpath) }])
    item.required = required(row, name, &form)
    item.stem = groups.last?.stem
    if item.stem != nil, case .single(let options) = kind { item.kind = .likert(options) }
    item.listName = type.list
    if case .calculation = kind, item.text.isBlank { item.text = LocalText(name) }
    noteOthers(row, name, type.kind, &form)
    form.items.append(item)
    guard type.hasOther else { return }
    var other = ItemDraft(
      name: "\(name)_other", text: LocalText("Please specify."), kind: .text(longest: nil))
    other.condition = .all(
      of: [
        item.condition,
        .tree(
          .call("selected", [.reference(ForeignReference(name: name)), .text("other")]), .xpath),
      ])
    form.items.append(other)
  }

  /// A text with a note to it below; a language that has the one has the other.
  private static func joined(_ text: LocalText, _ note: LocalText) -> LocalText {
    guard !note.isBlank else { return text }
    guard !text.isBlank else { return note }
    var joined = LocalText("\(text.base)\n\(note.base)")
    joined.borrowed = text.borrowed ?? note.borrowed
    for (tag, words) in text.others {
      joined.others[tag] = "\(words)\n\(note.others[tag] ?? note.base)"
    }
    return joined
  }

  private func isYes(_ text: String) -> Bool {
    ["yes", "true", "true()", "1"].contains(text.lowercased())
  }

  private func required(
    _ row: Sheet.Row, _ name: String, _ form: inout FormDraft
  ) -> ItemDraft.Required {
    let written = text(row, Self.requirements)
    if isYes(written) { return .hard }
    if !written.isEmpty, !["no", "false", "false()", "0"].contains(written.lowercased()) {
      form.leaveOut(
        "required", of: name,
        because: "a question here is asked for always or never: \(written.prefix(120))")
    }
    return .soft
  }

  private func begin(
    _ row: Sheet.Row, _ name: String, _ type: XLSFormType, _ groups: inout [Group],
    _ form: inout FormDraft
  ) {
    if type.kind == .beginRepeat {
      form.leaveOut("repeat", of: name, because: "a group is asked once here")
    }
    var condition = text(row, Self.conditions).nonEmpty
      .map { ForeignSource.written($0, .xpath) }
    if condition != nil, groups.count >= Self.deepest {
      form.leaveOut("branching", of: name, because: "groups are inside each other too deep")
      condition = nil
    }
    noteOthers(row, name, type.kind, &form)
    if required(row, name, &form) == .hard {
      form.leaveOut("required", of: name, because: "questions are required, not groups of them")
    }
    let label = texts.text(row, "label", in: tables.survey)
    let appearance = text(row, Self.appearances).lowercased()
    let isTable = appearance.contains("table-list")
    groups.append(
      Group(
        name: name, conditions: (groups.last?.conditions ?? []) + (condition.map { [$0] } ?? []),
        stem: isTable && !label.isBlank ? label : nil))
    guard !isTable, !label.isBlank else { return }
    var heading = ItemDraft(name: name, text: label, kind: .instruction)
    heading.condition = .all(of: groups.last?.conditions ?? [])
    form.items.append(heading)
  }

  // MARK: Kinds

  private func kind(
    _ type: XLSFormType, _ row: Sheet.Row, _ name: String, _ form: inout FormDraft
  ) -> ItemDraft.Kind? {
    let constraint = text(row, Self.constraints)
    switch type.kind {
    case .selectOne, .selectMultiple, .rank:
      guard var options = lists[type.list ?? ""] else {
        form.leaveOut(
          "item", of: name,
          because: "its options, the list '\(type.list ?? "")', are not in this file")
        return nil
      }
      if type.hasOther { options.append(OptionDraft(code: "other", label: LocalText("Other"))) }
      if !constraint.isEmpty { leaveOut(constraint: constraint, of: name, &form) }
      return type.kind == .selectOne
        ? .single(options) : type.kind == .rank ? .rank(options) : .multiple(options)
    case .integer, .decimal:
      let isWhole = type.kind == .integer
      let bounds = bounds(constraint, isWhole: isWhole, name, &form)
      return .number(least: bounds.least, most: bounds.most, isWhole: isWhole, unit: nil)
    case .range: return range(text(row, ["parameters"]))
    case .text:
      if !constraint.isEmpty { leaveOut(constraint: constraint, of: name, &form) }
      return .text(longest: nil)
    case .note: return .instruction
    case .date, .time:
      if !constraint.isEmpty { leaveOut(constraint: constraint, of: name, &form) }
      return type.kind == .date ? .date : .time
    case .acknowledge: return .single([OptionDraft(code: "OK", label: LocalText("OK"))])
    case .calculate:
      let source = text(row, Self.calculations)
      guard !source.isEmpty else {
        form.leaveOut("calculation", of: name, because: "it is empty")
        return nil
      }
      return .calculation(.written(source, .xpath))
    case .beginGroup, .beginRepeat, .end: return nil
    case .left(let why):
      form.leaveOut("item", of: name, because: why)
      return nil
    }
  }

  private func leaveOut(constraint: String, of name: String, _ form: inout FormDraft) {
    form.leaveOut(
      "constraint", of: name,
      because: "only ranges of numbers come along: \(constraint.prefix(120))")
  }

  private func bounds(
    _ constraint: String, isWhole: Bool, _ name: String, _ form: inout FormDraft
  ) -> (least: Double?, most: Double?) {
    guard !constraint.isEmpty else { return (nil, nil) }
    guard let found = ConstraintRange.read(constraint, isWhole: isWhole) else {
      leaveOut(constraint: constraint, of: name, &form)
      return (nil, nil)
    }
    if found.isWidened {
      form.leaveOut(
        "constraint, in part", of: name, because: "the end of a range belongs to it here")
    }
    return (found.least, found.most)
  }

  /// `start=0 end=10 step=1`
  private func range(_ parameters: String) -> ItemDraft.Kind {
    var values: [String: Double] = [:]
    for part in parameters.lowercased().split(whereSeparator: { " ;,".contains($0) }) {
      let sides = part.split(separator: "=")
      if sides.count == 2, let number = Double(sides[1]) { values[String(sides[0])] = number }
    }
    return .slider(
      least: values["start"] ?? 1, most: values["end"] ?? 10, step: values["step"] ?? 1, labels: [])
  }

  private func noteOthers(
    _ row: Sheet.Row, _ name: String, _ kind: XLSFormType.Kind, _ form: inout FormDraft
  ) {
    for (columns, what, why) in Self.others where !text(row, columns).isEmpty {
      // Of a group's looks one is a grid.
      if what == "appearance", kind == .beginGroup, text(row, columns).lowercased() == "table-list"
      {
        continue
      }
      form.leaveOut(what, of: name, because: "\(why): \(text(row, columns).prefix(60))")
    }
    if kind != .calculate, !text(row, Self.calculations).isEmpty {
      form.leaveOut("calculation", of: name, because: "a question here is answered by people")
    }
    if kind != .range, !text(row, ["parameters"]).isEmpty {
      form.leaveOut(
        "parameters", of: name,
        because: "they have no counterpart here: \(text(row, ["parameters"]).prefix(60))")
    }
    let isChecked =
      [.selectOne, .selectMultiple, .rank, .integer, .decimal, .text, .date, .time].contains(kind)
    if !isChecked, let constraint = text(row, Self.constraints).nonEmpty {
      leaveOut(constraint: constraint, of: name, &form)
    }
    for column in tables.survey.others(row, known: known) {
      form.leaveOut("column \(column)", of: name, because: "it has no counterpart here")
    }
  }

  private static let calculations = [
    "calculation", "calculate", "bind::calculate", "bind:calculate",
  ]
  private static let constraints = ["constraint", "bind::constraint", "bind:constraint"]
  private static let conditions = [
    "relevant", "bind::relevant", "bind:relevant", "skippattern", "relevance",
  ]
  private static let requirements = ["required", "bind::required", "bind:required"]
  private static let appearances = ["appearance", "control::appearance", "control:appearance"]

  private static let others: [(columns: [String], what: String, why: String)] = [
    (["choice_filter"], "choice filter", "all options of a list are shown here"),
    (["default"], "default", "questions here begin without an answer"),
    (appearances, "appearance", "how an item looks is ours"),
    (
      ["read_only", "readonly", "bind::readonly"], "read only",
      "every question here can be answered"
    ),
    (["trigger"], "trigger", "calculations here are done at each answer"),
    (
      ["image", "media::image", "audio", "media::audio", "video", "media::video"], "media",
      "texts here have no pictures or sounds"
    ),
  ]

  /// The columns that are read, in small letters.
  private static let columns = Set(
    others.flatMap(\.columns) + calculations + constraints + conditions + requirements
      + ["type", "command", "name", "value", "parameters", "disabled"])
}
