/// Reads a REDCap data dictionary: a form there is an instrument here.
struct REDCapImporter {
  private let sheet: Sheet
  /// Reads fields of different forms as one instrument of this name, if there is one.
  private let joined: String?
  /// The names of all fields.
  private let fields: Set<String>

  /// What has been read so far.
  private struct Progress {
    var forms: [FormDraft] = []
    /// Where each form stands, by name.
    var places: [String: Int] = [:]
    /// The matrix group of each form's last field.
    var lastMatrix: [String: String] = [:]
  }

  /// The forms of a dictionary.
  ///
  /// - Parameter joined: the name of one instrument for all forms; nil for one each.
  static func read(
    _ file: ForeignFile, joined: String?, language: String
  ) throws(ImportProblem) -> [FormDraft] {
    let sheet = try Sheet.read(file.bytes, name: file.name)
    guard matches(sheet) else {
      throw ImportProblem(
        .wrongFormat,
        "\(file.name): found no columns 'Variable / Field Name' and 'Field Type', "
          + "expected the data dictionary that REDCap's Project Setup offers for download")
    }
    let importer = REDCapImporter(sheet: sheet, joined: joined)
    var progress = Progress()
    for row in sheet.rows { importer.read(row, language: language, into: &progress) }
    return progress.forms
  }

  /// Whether a table is a data dictionary.
  static func matches(_ sheet: Sheet) -> Bool {
    REDCapColumn.fieldName.isIn(sheet) && REDCapColumn.fieldType.isIn(sheet)
      && REDCapColumn.formName.isIn(sheet)
  }

  private init(sheet: Sheet, joined: String?) {
    self.sheet = sheet
    self.joined = joined
    fields = Set(sheet.rows.map { REDCapColumn.fieldName.text($0, in: sheet) })
  }

  private func read(_ row: Sheet.Row, language: String, into progress: inout Progress) {
    func text(_ column: REDCapColumn) -> String { column.text(row, in: sheet) }
    let name = text(.fieldName)
    guard !name.isEmpty else { return }
    let formName = joined ?? (text(.formName).nonEmpty ?? "form")
    let index: Int
    if let known = progress.places[formName] {
      index = known
    } else {
      var form = FormDraft(
        name: formName, title: LocalText(joined ?? Self.title(formName)))
      form.language = language
      form.piping = .brackets
      form.fields = fields
      progress.forms.append(form)
      index = progress.forms.count - 1
      progress.places[formName] = index
    }
    if name == REDCapWriter.instructions, progress.forms[index].items.isEmpty,
      text(.fieldType).lowercased() == "descriptive"
    {
      progress.forms[index].instructions = LocalText(text(.fieldLabel))
      return
    }
    if isRecordNumber(row, name) {
      progress.forms[index].leaveOut(
        "item", of: name, because: "it numbers the records: people have pseudonyms here")
      return
    }
    let header = text(.sectionHeader)
    let matrix = text(.matrixGroup)
    let condition = text(.branching).nonEmpty.map { ForeignSource.written($0, .redcap) }
    guard let kind = kind(row, name, &progress.forms[index]) else { return }
    var item = ItemDraft(name: name, text: LocalText(text(.fieldLabel)), kind: kind)
    item.condition = condition
    item.required = text(.required).lowercased().hasPrefix("y") ? .hard : .soft
    if !matrix.isEmpty, case .single(let options) = kind { item.kind = .likert(options) }
    if !matrix.isEmpty {
      // A header stands above the first row of its grid and belongs to the others, too.
      if !header.isEmpty {
        item.stem = LocalText(header)
      } else if let last = progress.forms[index].items.last, matrix == progress.lastMatrix[formName]
      {
        item.stem = last.stem
      }
    } else if !header.isEmpty {
      var heading = ItemDraft(
        name: "\(name)_header", text: LocalText(header), kind: .instruction)
      heading.condition = condition
      progress.forms[index].items.append(heading)
    }
    progress.lastMatrix[formName] = matrix
    noteOthers(row, name, kind, &progress.forms[index])
    noteUnused(row, name, &progress.forms[index])
    addNote(text(.fieldNote), to: &item)
    switch item.kind {
    case .multiple(let options):
      item.kind = .multiple(Self.marked(options, by: text(.annotation)))
    case .text: item.kind = .text(longest: Self.limit(in: text(.annotation)))
    default: break
    }
    progress.forms[index].items.append(item)
  }

  /// Whether a field is the one that names a project's records: its first, a text without a check. A
  /// dictionary of one form out of many begins with a question, so that its name has to say it too.
  private func isRecordNumber(_ row: Sheet.Row, _ name: String) -> Bool {
    row.number == sheet.rows.first?.number && REDCapColumn.fieldType.text(row, in: sheet) == "text"
      && REDCapColumn.validation.text(row, in: sheet).isEmpty
      && (name == "id" || name.hasSuffix("_id"))
  }

  /// Adds a note to the text; a short one of a number is its unit.
  private func addNote(_ note: String, to item: inout ItemDraft) {
    guard !note.isEmpty else { return }
    if case .number(let least, let most, let isWhole, _) = item.kind, note.count <= 20,
      note.split(separator: " ").count <= 2, !note.contains(where: \.isNumber)
    {
      item.kind = .number(least: least, most: most, isWhole: isWhole, unit: LocalText(note))
    } else {
      item.text = LocalText("\(item.text.base)\n\(note)")
    }
  }

  /// The options with the one that excludes the others: `@NONEOFTHEABOVE='9'`.
  private static func marked(_ options: [OptionDraft], by annotation: String) -> [OptionDraft] {
    let value = value(of: "@NONEOFTHEABOVE", in: annotation)
    return options.map { option in
      var option = option
      option.isExclusive = option.code == value
      return option
    }
  }

  /// The most characters of a text: `@CHARLIMIT=200`.
  private static func limit(in annotation: String) -> Int? {
    value(of: "@CHARLIMIT", in: annotation).flatMap { Int($0) }
  }

  /// What stands behind a tag: `@TAG=1`, `@TAG='1'`, `@TAG("1")`; nil where there is no tag or nothing.
  private static func value(of tag: String, in annotation: String) -> String? {
    guard let found = annotation.firstRange(of: tag) else { return nil }
    return annotation[found.upperBound...].drop { "= '\"(".contains($0) }
      .prefix { !" '\"),".contains($0) }.trimmed.nonEmpty
  }

  /// `life_events` is "Life events".
  static func title(_ form: String) -> String {
    let words = form.replacing("_", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  // MARK: Field types

  private func kind(
    _ row: Sheet.Row, _ name: String, _ form: inout FormDraft
  ) -> ItemDraft.Kind? {
    func text(_ column: REDCapColumn) -> String { column.text(row, in: sheet) }
    let choices = text(.choices)
    switch text(.fieldType).lowercased() {
    case "radio", "dropdown", "select":
      if text(.matrixRanking).lowercased().hasPrefix("y") {
        form.leaveOut(
          "ranking", of: name, because: "rows of a ranking matrix are asked one by one here")
      }
      return .single(REDCapChoices.read(choices))
    case "checkbox": return .multiple(REDCapChoices.read(choices))
    case "yesno":
      return .single([
        OptionDraft(code: "0", label: LocalText("No")),
        OptionDraft(code: "1", label: LocalText("Yes")),
      ])
    case "truefalse":
      return .single([
        OptionDraft(code: "0", label: LocalText("False")),
        OptionDraft(code: "1", label: LocalText("True")),
      ])
    case "slider": return slider(row)
    case "text": return typed(row, name, &form)
    case "notes", "textarea": return .text(longest: nil)
    case "descriptive": return .instruction
    case "calc": return .calculation(.written(choices, .redcap))
    case "sql":
      form.leaveOut("item", of: name, because: "its options come from a query of REDCap's database")
    case "file", "signature":
      form.leaveOut("item", of: name, because: "files and signatures are not collected here")
    case let other:
      form.leaveOut("item", of: name, because: "the field type '\(other.prefix(40))' is unknown")
    }
    return nil
  }

  private func slider(_ row: Sheet.Row) -> ItemDraft.Kind {
    let least = Double(REDCapColumn.least.text(row, in: sheet)) ?? 0
    let most = Double(REDCapColumn.most.text(row, in: sheet)) ?? 100
    let texts = REDCapColumn.choices.text(row, in: sheet)
      .split(separator: "|", omittingEmptySubsequences: false).map(\.trimmed)
    let middle = ((least + most) / 2).rounded()
    let places = texts.count == 2 ? [least, most] : [least, middle, most]
    let labels = zip(places, texts).compactMap { place, text -> OptionDraft? in
      guard !text.isEmpty, abs(place) < 1e9, let value = Int(exactly: place) else { return nil }
      return OptionDraft(code: "", value: value, label: LocalText(text))
    }
    return .slider(least: least, most: most, step: 1, labels: labels)
  }

  /// A field that is typed: numbers, dates and times by their validation, else a text.
  private func typed(
    _ row: Sheet.Row, _ name: String, _ form: inout FormDraft
  ) -> ItemDraft.Kind {
    let validation = REDCapColumn.validation.text(row, in: sheet).lowercased()
    let bounds = [REDCapColumn.least, .most].map { $0.text(row, in: sheet) }
    func numbers(isWhole: Bool) -> ItemDraft.Kind {
      let values = bounds.map { Double($0.replacing(",", with: ".")) }
      for (bound, value) in zip(bounds, values) where !bound.isEmpty && value == nil {
        form.leaveOut("range", of: name, because: "the bound '\(bound.prefix(40))' is no number")
      }
      return .number(least: values[0], most: values[1], isWhole: isWhole, unit: nil)
    }
    if validation == "integer" { return numbers(isWhole: true) }
    if validation.hasPrefix("number") { return numbers(isWhole: false) }
    let kind: ItemDraft.Kind
    switch validation {
    case "": return .text(longest: nil)
    case "time", "time_hh_mm": kind = .time
    case _ where validation.hasPrefix("date_"): kind = .date
    case _ where validation.hasPrefix("datetime_"):
      kind = .text(longest: nil)
      form.leaveOut("validation", of: name, because: "dates with a time are typed as texts here")
    default:
      kind = .text(longest: nil)
      form.leaveOut(
        "validation", of: name, because: "texts are not checked for '\(validation.prefix(40))' here"
      )
    }
    if !bounds.allSatisfy(\.isEmpty) {
      form.leaveOut("range", of: name, because: "dates, times and texts have no range here")
    }
    return kind
  }

  // MARK: What else a field says

  private func noteOthers(
    _ row: Sheet.Row, _ name: String, _ kind: ItemDraft.Kind, _ form: inout FormDraft
  ) {
    func text(_ column: REDCapColumn) -> String { column.text(row, in: sheet) }
    if text(.identifier).lowercased().hasPrefix("y") {
      form.leaveOut(
        "identifier", of: name,
        because: "what identifies people belongs in the contacts, not among answers: take it out")
    }
    let annotation = text(.annotation)
    let tags = annotation.split { $0.isWhitespace }.compactMap { word -> String? in
      guard word.hasPrefix("@") else { return nil }
      return String(word.prefix { $0 != "=" && $0 != "(" })
    }
    var isText = false
    if case .text = kind { isText = true }
    for tag in Set(tags).sorted() where tag != "@NONEOFTHEABOVE" {
      if isText, tag == "@CHARLIMIT", Self.limit(in: annotation) != nil { continue }
      form.leaveOut("action tag \(tag.prefix(40))", of: name, because: Self.reason(for: tag))
    }
    if tags.isEmpty, !annotation.isEmpty {
      form.leaveOut("annotation", of: name, because: "items here have no notes for researchers")
    }
  }

  /// Lists the columns with a value that a field of its type does not use, and those that are not REDCap's.
  private func noteUnused(_ row: Sheet.Row, _ name: String, _ form: inout FormDraft) {
    let type = REDCapColumn.fieldType.text(row, in: sheet).lowercased()
    let used = REDCapColumn.used.union(REDCapColumn.used(by: type))
    for column in REDCapColumn.allCases where !used.contains(column) {
      let value = column.text(row, in: sheet)
      guard !value.isEmpty else { continue }
      form.leaveOut(
        column.rawValue, of: name, because: "\(column.reason): '\(value.prefix(60))'")
    }
    for column in sheet.others(row, known: REDCapColumn.known) {
      form.leaveOut("column \(column)", of: name, because: "it is none of a data dictionary")
    }
  }

  private static func reason(for tag: String) -> String {
    switch tag.uppercased() {
    case "@HIDDEN", "@HIDDEN-SURVEY", "@HIDDEN-FORM", "@HIDDEN-APP", "@HIDDEN-PDF":
      "items here are shown, or have a condition: this one will be shown"
    case "@READONLY", "@READONLY-SURVEY", "@READONLY-FORM": "every question here can be answered"
    case "@DEFAULT", "@SETVALUE", "@PREFILL": "questions here begin without an answer"
    case "@CALCTEXT", "@CALCDATE": "computed items here are numbers"
    case "@RANDOMORDER": "say random: on the block"
    case "@MAXCHOICE", "@MAXCHECKED": "any number of options can be chosen here"
    case "@CHARLIMIT", "@WORDLIMIT": "say longest: on the item"
    default: "action tags have no counterpart here"
    }
  }
}
