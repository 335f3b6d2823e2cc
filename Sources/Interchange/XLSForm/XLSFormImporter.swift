/// Reads an XLSForm (https://xlsform.org), `.xlsx` or `.csv`: one form is one instrument.
struct XLSFormImporter {
  private let tables: SurveyTables
  private let texts: XLSFormTexts
  private let lists: [String: [OptionDraft]]

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
    var lists: [String: [OptionDraft]] = [:]
    if let choices = tables.choices {
      for row in choices.rows {
        let list = choices.text(row, ["list_name", "list name", "listname"])
        let code = choices.text(row, ["name", "value"])
        guard !list.isEmpty, !code.isEmpty else { continue }
        lists[list, default: []].append(
          OptionDraft(code: code, label: texts.text(row, "label", in: choices)))
      }
    }
    self.lists = lists
  }

  /// Groups inside each other whose conditions are followed; forms in use have some six.
  private static let deepest = 32

  /// A group that is open.
  private struct Group {
    var name: String
    var condition: ForeignSource?
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
    var groups: [Group] = []
    for row in tables.survey.rows { read(row, &groups, &form) }
    if !groups.isEmpty {
      form.leaveOut(
        "group", of: groups[0].name, because: "it is never ended; its end is the form's")
    }
    return form
  }

  private func text(_ row: Sheet.Row, _ columns: [String]) -> String {
    tables.survey.text(row, columns)
  }

  private func read(_ row: Sheet.Row, _ groups: inout [Group], _ form: inout FormDraft) {
    let written = text(row, ["type", "command"])
    guard !written.isEmpty, !written.hasPrefix("#") else { return }
    let type = XLSFormType(written)
    let name = text(row, ["name", "value"]).nonEmpty ?? "row_\(row.number)"
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
    let own = text(
      row, ["relevant", "bind::relevant", "bind:relevant", "skippattern", "relevance"])
    item.condition = .all(
      of: groups.map(\.condition) + [own.nonEmpty.map { .written($0, .xpath) }])
    item.required =
      isYes(text(row, ["required", "bind::required", "bind:required"])) ? .hard : .soft
    item.stem = groups.last?.stem
    if item.stem != nil, case .single(let options) = kind { item.kind = .likert(options) }
    item.listName = type.list
    if case .calculation = kind, item.text.isBlank { item.text = LocalText(name) }
    noteOthers(row, name, &form)
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
    for (tag, words) in text.others {
      joined.others[tag] = "\(words)\n\(note.others[tag] ?? note.base)"
    }
    return joined
  }

  private func isYes(_ text: String) -> Bool {
    ["yes", "true", "true()", "1"].contains(text.lowercased())
  }

  private func begin(
    _ row: Sheet.Row, _ name: String, _ type: XLSFormType, _ groups: inout [Group],
    _ form: inout FormDraft
  ) {
    if type.kind == .beginRepeat {
      form.leaveOut("repeat", of: name, because: "a group is asked once here")
    }
    var condition = text(row, ["relevant", "bind::relevant", "bind:relevant"]).nonEmpty
      .map { ForeignSource.written($0, .xpath) }
    if condition != nil, groups.count >= Self.deepest {
      form.leaveOut("branching", of: name, because: "groups are inside each other too deep")
      condition = nil
    }
    let label = texts.text(row, "label", in: tables.survey)
    let appearance = text(row, ["appearance", "control::appearance"]).lowercased()
    let isTable = appearance.contains("table-list")
    groups.append(
      Group(name: name, condition: condition, stem: isTable && !label.isBlank ? label : nil))
    guard !isTable, !label.isBlank else { return }
    var heading = ItemDraft(name: name, text: label, kind: .instruction)
    heading.condition = .all(of: groups.map(\.condition))
    form.items.append(heading)
  }

  // MARK: Kinds

  private func kind(
    _ type: XLSFormType, _ row: Sheet.Row, _ name: String, _ form: inout FormDraft
  ) -> ItemDraft.Kind? {
    let constraint = text(row, ["constraint", "bind::constraint", "bind:constraint"])
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
      let source = text(row, ["calculation", "calculate", "bind::calculate", "bind:calculate"])
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

  private func noteOthers(_ row: Sheet.Row, _ name: String, _ form: inout FormDraft) {
    let others = [
      (["choice_filter"], "choice filter", "all options of a list are shown here"),
      (["default"], "default", "questions here begin without an answer"),
      (["appearance", "control::appearance"], "appearance", "how an item looks is ours"),
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
    for (columns, what, why) in others where !text(row, columns).isEmpty {
      form.leaveOut(what, of: name, because: why)
    }
  }
}
