/// Reads an item table of formr (https://formr.org): one survey is one instrument.
struct FormrImporter {
  private let survey: Sheet
  private let lists: [String: [OptionDraft]]

  /// The survey of a file.
  static func read(_ file: ForeignFile, language: String) throws(ImportProblem) -> [FormDraft] {
    guard let tables = SurveyTables(try SurveyTables.read(file)) else {
      throw ImportProblem(
        .wrongFormat,
        "\(file.name): found no worksheet with the columns 'type' and 'name', expected an item table "
          + "of formr")
    }
    return [form(of: tables, fallback: file.stem, language: language)]
  }

  /// The form of tables.
  static func form(of tables: SurveyTables, fallback: String, language: String) -> FormDraft {
    let importer = FormrImporter(survey: tables.survey, lists: lists(of: tables.choices))
    var form = FormDraft(name: fallback, title: LocalText(fallback.replacing("_", with: " ")))
    form.language = language
    tables.listOthers(of: &form)
    if let settings = tables.settings, !settings.rows.isEmpty {
      form.leaveOut(
        "worksheet", of: "settings", because: "how a survey runs is said in the study here")
    }
    listOthers(of: tables.choices, &form)
    for row in importer.survey.rows { importer.read(row, &form) }
    return form
  }

  /// The lists of options; the name of a list stands in the first of its rows only.
  private static func lists(of choices: Sheet?) -> [String: [OptionDraft]] {
    guard let choices else { return [:] }
    var lists: [String: [OptionDraft]] = [:]
    var list = ""
    for row in choices.rows {
      list = choices.text(row, "list_name").nonEmpty ?? list
      let code = choices.text(row, "name")
      guard !list.isEmpty, !code.isEmpty else { continue }
      lists[list, default: []].append(
        OptionDraft(code: code, label: LocalText(choices.text(row, "label"))))
    }
    return lists
  }

  /// Lists what the table of options says besides.
  private static func listOthers(of choices: Sheet?, _ form: inout FormDraft) {
    var list = ""
    for row in choices?.rows ?? [] {
      guard let choices else { return }
      list = choices.text(row, "list_name").nonEmpty ?? list
      if list.isEmpty || choices.text(row, "name").isEmpty {
        form.leaveOut(
          "option", of: list.nonEmpty ?? choices.text(row, "name").nonEmpty ?? "choices",
          because: "row \(row.number) of the choices has no \(list.isEmpty ? "list" : "name")")
      }
      for column in choices.others(row, known: ["list_name", "name", "label"]) {
        form.leaveOut("column \(column)", of: list, because: "options are a code and a label")
      }
    }
  }

  private init(survey: Sheet, lists: [String: [OptionDraft]]) {
    self.survey = survey
    self.lists = lists
  }

  private func text(_ row: Sheet.Row, _ columns: String...) -> String { survey.text(row, columns) }

  private func read(_ row: Sheet.Row, _ form: inout FormDraft) {
    let type = FormrType(text(row, "type", "typ"), lists: Set(lists.keys))
    let name = text(row, "name", "variablenname").nonEmpty ?? "row_\(row.number)"
    guard !type.name.isEmpty else {
      if !text(row, "name", "variablenname").isEmpty {
        form.leaveOut("item", of: name, because: "it has no type")
      }
      return
    }
    let written = text(row, "label", "wortlaut", "text")
    let (label, hasCode) = Self.withoutCode(written)
    if hasCode { form.leaveOut("R code in a text", of: name, because: "R is not run here") }
    guard let kind = kind(type, row, name, &form) else { return }
    var item = ItemDraft(name: name, text: LocalText(label), kind: kind)
    item.condition = condition(row, name)
    item.listName = type.list
    let optional = text(row, "optional")
    let isFree = ["check", "check_button", "mc_multiple", "mc_multiple_button", "mmc", "mselect"]
    item.required =
      optional.contains("!")
      ? .hard
      : optional.contains("*") || isFree.contains(type.name) ? .soft : .hard
    noteOthers(row, name, kind, &form)
    form.items.append(item)
  }

  /// `showif` is R or, after `//js_only`, JavaScript; the older `skipif` says the opposite.
  private func condition(_ row: Sheet.Row, _ name: String) -> ForeignSource? {
    let show = text(row, "showif")
    if let mark = show.firstRange(of: "//js_only") {
      let source = show[mark.upperBound...].trimmed.nonEmpty ?? show[..<mark.lowerBound].trimmed
      return source.isEmpty ? nil : .written(source, .script)
    }
    if !show.isEmpty { return .written(show, .r) }
    return text(row, "skipif").nonEmpty.map { .written("!(\($0))", .r) }
  }

  // MARK: Kinds

  private func kind(
    _ type: FormrType, _ row: Sheet.Row, _ name: String, _ form: inout FormDraft
  ) -> ItemDraft.Kind? {
    switch type.name {
    case "note", "instruction", "instruktion", "mc_heading", "note_iframe": return .instruction
    case "text", "textarea", "letters", "offen", "tel", "url", "email", "cc":
      if ["letters", "tel", "url", "email", "cc"].contains(type.name) {
        form.leaveOut(
          "validation", of: name, because: "texts are not checked for \(type.name) here")
      } else if !type.others.isEmpty {
        let pattern = type.others.joined(separator: " ").prefix(60)
        form.leaveOut(
          "validation", of: name, because: "texts are not checked for '\(pattern)' here")
      }
      return .text(longest: type.numbers.first.flatMap { Int(exactly: $0.rounded()) })
    case "number":
      let step = type.numbers.count > 2 ? type.numbers[2] : 1
      if step != 1, !type.takesAny {
        form.leaveOut(
          "step", of: name,
          because: "numbers here have no steps of \(ForeignTranslator.plain(step))")
      }
      return .number(
        least: type.numbers.first, most: type.numbers.dropFirst().first,
        isWhole: !type.takesAny && step == step.rounded(), unit: nil)
    case "year": return .number(least: 1900, most: 2100, isWhole: true, unit: nil)
    case "range", "range_ticks", "visual_analogue_scale": return range(type, row)
    case "rating_button", "rating", "btnradio", "btnrating": return rating(type, row, name, &form)
    case "mc", "mc_button", "select_one", "select", "select_or_add_one", "imc", "dropdown":
      if type.name == "select_or_add_one" { leaveOutAdding(name, &form) }
      return options(type, row, name, &form).map { .single($0) }
    case "mc_multiple", "mc_multiple_button", "select_multiple", "select_or_add_multiple", "mmc",
      "mselect":
      if type.name == "select_or_add_multiple" { leaveOutAdding(name, &form) }
      return options(type, row, name, &form).map { .multiple($0) }
    case "sex":
      return .single(
        [("1", "♂"), ("2", "♀")].map { OptionDraft(code: $0, label: LocalText($1)) })
    case "check", "check_button":
      let label = choices(row).first?.label ?? LocalText("✓")
      return .single([OptionDraft(code: "1", label: label)])
    case "date", "yearmonth", "month":
      if type.name != "date" {
        form.leaveOut("type", of: name, because: "months are asked as dates here")
      }
      if type.hasArguments {
        form.leaveOut("range", of: name, because: "dates have no ranges here")
      }
      return .date
    case "time":
      if type.hasArguments {
        form.leaveOut("range", of: name, because: "times of day have no ranges here")
      }
      return .time
    case "calculate":
      let source = text(row, "value")
      guard !source.isEmpty else {
        form.leaveOut("calculation", of: name, because: "it is empty")
        return nil
      }
      return .calculation(.written(source, .r))
    case "submit", "fork":
      form.leaveOut("page break", of: name, because: "pages are made from the items here")
    case "random":
      form.leaveOut("item", of: name, because: "chance belongs into the study's arms here")
    case "hidden", "ip", "referrer", "server", "get", "browser", "timezone", "blank", "block",
      "request_cookie", "request_phone", "push_notification", "add_to_home_screen":
      form.leaveOut("item", of: name, because: "\(type.name) asks for nothing")
    case "file", "image", "audio", "video", "color", "geopoint", "geolocation", "datetime",
      "datetime-local", "week", "choose_two_weekdays":
      form.leaveOut("item", of: name, because: "\(type.name) has no kind of item here")
    default:
      form.leaveOut("item", of: name, because: "the type '\(type.name.prefix(40))' is unknown")
    }
    return nil
  }

  private func leaveOutAdding(_ name: String, _ form: inout FormDraft) {
    form.leaveOut("added option", of: name, because: "add an option 'other' and a text after it")
  }

  private func options(
    _ type: FormrType, _ row: Sheet.Row, _ name: String, _ form: inout FormDraft
  ) -> [OptionDraft]? {
    let own = choices(row)
    if let list = type.list ?? text(row, "choice_list").nonEmpty, let listed = lists[list] {
      return listed
    }
    guard own.isEmpty else { return own }
    form.leaveOut("item", of: name, because: "it has no options to choose from")
    return nil
  }

  /// The options in the columns `choice1`, `choice2`, … (`mcalt1`, … in older tables); their numbers are
  /// the codes.
  private func choices(_ row: Sheet.Row) -> [OptionDraft] {
    (1...Self.mostChoices).compactMap { number in
      survey.text(row, Self.choiceColumns(number)).nonEmpty
        .map { OptionDraft(code: "\(number)", label: LocalText($0)) }
    }
  }

  private func ends(_ row: Sheet.Row) -> (low: String, high: String) {
    let own = choices(row)
    let low = text(row, "ratinguntererpol", "choice1").nonEmpty ?? own.first?.label.base ?? ""
    return (
      low,
      text(row, "ratingobererpol").nonEmpty ?? (own.count > 1 ? own.last?.label.base : nil) ?? ""
    )
  }

  private func range(_ type: FormrType, _ row: Sheet.Row) -> ItemDraft.Kind {
    let least = type.numbers.first ?? 0
    let most = type.numbers.dropFirst().first ?? 100
    let ends = ends(row)
    let labels = [(least, ends.low), (most, ends.high)].compactMap { place, text -> OptionDraft? in
      guard !text.isEmpty, abs(place) < 1e9, let value = Int(exactly: place) else { return nil }
      return OptionDraft(code: "", value: value, label: LocalText(text))
    }
    return .slider(
      least: least, most: most, step: type.numbers.count > 2 ? type.numbers[2] : 1, labels: labels)
  }

  /// `rating_button 1,5,1` has steps with labels at the ends; `rating_button 5` the same.
  private func rating(
    _ type: FormrType, _ row: Sheet.Row, _ name: String, _ form: inout FormDraft
  ) -> ItemDraft.Kind {
    let numbers = type.numbers
    let stated = Double(text(row, "antwortformatanzahl"))
    let least = numbers.count > 1 ? numbers[0] : 1
    let most = numbers.count > 1 ? numbers[1] : numbers.first ?? stated ?? 5
    let step = numbers.count > 2 ? numbers[2] : 1
    guard least < most, step > 0, (most - least) / step <= 100, least == least.rounded(),
      step == step.rounded(), abs(least) < 1e6
    else {
      return range(type, row)
    }
    let values = Array(stride(from: Int(least), through: Int(most), by: Int(step)))
    let own = choices(row)
    let ends = ends(row)
    return .likert(
      values.enumerated().map { index, value in
        let label =
          own.count == values.count
          ? own[index].label.base
          : index == 0 ? ends.low : index == values.count - 1 ? ends.high : ""
        return OptionDraft(code: "\(value)", label: LocalText(label))
      })
  }

  // MARK: Texts and the rest

  /// A text with its R code taken out; what the code would have written is an ellipsis.
  private static func withoutCode(_ text: String) -> (String, Bool) {
    var result = ""
    var rest = text[...]
    var hasCode = false
    while let open = rest.firstRange(of: "`") {
      let mark = rest[open.lowerBound...].hasPrefix("```") ? "```" : "`"
      let start = rest.index(open.lowerBound, offsetBy: mark.count)
      guard let close = rest[start...].firstRange(of: mark),
        ["r ", "{r", "r\n"].contains(where: { rest[start...].hasPrefix($0) })
      else {
        result += rest[..<open.upperBound]
        rest = rest[open.upperBound...]
        continue
      }
      hasCode = true
      result += rest[..<open.lowerBound] + (mark == "`" ? "…" : "")
      rest = rest[close.upperBound...]
    }
    return (result + rest, hasCode)
  }

  private func noteOthers(
    _ row: Sheet.Row, _ name: String, _ kind: ItemDraft.Kind, _ form: inout FormDraft
  ) {
    var isCalculation = false
    if case .calculation = kind { isCalculation = true }
    if !isCalculation, !text(row, "value").isEmpty {
      form.leaveOut("default", of: name, because: "questions here begin without an answer")
    }
    if !text(row, "class").isEmpty {
      form.leaveOut("class", of: name, because: "how an item looks is ours")
    }
    for column in survey.others(row, known: Self.columns) {
      form.leaveOut("column \(column)", of: name, because: "it has no counterpart here")
    }
    if !text(row, "item_order", "block_order").isEmpty {
      form.leaveOut(
        "order", of: name, because: "items come in the order of the table: say random: on a block")
    }
  }

  /// The columns that are read, in small letters.
  private static let columns = Set(
    [
      "type", "typ", "name", "variablenname", "label", "wortlaut", "text", "optional", "showif",
      "skipif", "value", "class", "item_order", "block_order", "choice_list", "ratinguntererpol",
      "ratingobererpol", "antwortformatanzahl",
    ] + (1...mostChoices).flatMap(choiceColumns))

  /// The columns of an option, in small letters: `choice1`, and `mcalt1` or `mcalt01` in older tables.
  private static func choiceColumns(_ number: Int) -> [String] {
    ["choice\(number)", "mcalt\(number)"] + (number < 10 ? ["mcalt0\(number)"] : [])
  }

  /// Columns of options in use are some twenty.
  private static let mostChoices = 40
}
