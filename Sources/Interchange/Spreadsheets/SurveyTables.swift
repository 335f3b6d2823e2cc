/// The tables of a form in a workbook or a CSV file: XLSForm and formr both have a survey and choices.
struct SurveyTables {
  struct Table {
    var name: String
    var rows: [[String]]
  }

  let survey: Sheet
  let choices: Sheet?
  let settings: Sheet?
  /// The names of other tables that have something in them.
  let others: [String]

  /// The tables of a file, whichever of the two it is.
  static func read(_ file: ForeignFile) throws(ImportProblem) -> [Table] {
    if file.bytes.starts(with: [0x50, 0x4B]) {
      return try Workbook.read(file.bytes, name: file.name).sheets.map {
        Table(name: $0.name, rows: $0.rows)
      }
    }
    if file.bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
      throw ImportProblem(
        .wrongFormat,
        "\(file.name): found a workbook of before 2007 (.xls), expected .xlsx: save it as that")
    }
    var tables = split(try Sheet.rows(file.bytes, name: file.name))
    guard tables.count == 1 else { return tables }
    // A survey alone has its choices in a file beside it.
    for name in ["choices", "settings"] {
      if let bytes = file.neighbour("\(name).csv") {
        tables.append(Table(name: name, rows: try Sheet.rows(bytes, name: "\(name).csv")))
      }
    }
    return tables
  }

  /// The tables in one CSV file: each begins with a row that has its name alone in the first cell, and
  /// the first cell of its rows is empty. A file without such a row is a survey.
  static func split(_ rows: [[String]]) -> [Table] {
    let names: Set<String> = ["survey", "choices", "settings", "external_choices", "entities"]
    func name(_ row: [String]) -> String? {
      guard let first = row.first?.trimmed.lowercased(), names.contains(first),
        row.dropFirst().allSatisfy(\.isBlank)
      else { return nil }
      return first
    }
    guard let first = rows.first(where: { $0.contains { !$0.isBlank } }), name(first) != nil else {
      return [Table(name: "survey", rows: rows)]
    }
    var tables: [Table] = []
    for row in rows {
      if let name = name(row) {
        tables.append(Table(name: name, rows: []))
      } else if !tables.isEmpty {
        tables[tables.count - 1].rows.append(Array(row.dropFirst()))
      }
    }
    return tables
  }

  /// The survey, its choices and its settings among tables; nil where there is no survey.
  init?(_ tables: [Table]) {
    let sheets = tables.map { (name: $0.name.trimmed.lowercased(), sheet: Sheet($0.rows)) }
    func named(_ names: [String]) -> Int? { sheets.firstIndex { names.contains($0.name) } }
    let survey = named(["survey"]).flatMap { Self.isSurvey(sheets[$0].sheet) ? $0 : nil }
    guard let found = survey ?? sheets.firstIndex(where: { Self.isSurvey($0.sheet) }) else {
      return nil
    }
    let choices = named(["choices", "choices and columns", "columns"])
    let settings = named(["settings"])
    self.survey = sheets[found].sheet
    self.choices = choices.map { sheets[$0].sheet }
    self.settings = settings.map { sheets[$0].sheet }
    others = sheets.indices.filter { ![found, choices, settings].contains($0) }
      .filter { !sheets[$0].sheet.rows.isEmpty }.map { tables[$0].name.trimmed }
  }

  /// Lists the tables that are none of a form's.
  func listOthers(of form: inout FormDraft) {
    for name in others {
      form.leaveOut(
        "worksheet", of: String(name.prefix(60)),
        because: "a form has a survey, choices and settings")
    }
  }

  private static func isSurvey(_ sheet: Sheet) -> Bool {
    (sheet.has("type")
      && (sheet.has("name") || sheet.header.contains { $0.lowercased().hasPrefix("label") }))
      || (sheet.has("typ") && sheet.has("variablenname"))
  }

  /// The format that tables are in, by columns that only one of the two has.
  static func format(of sheets: [Sheet]) -> ForeignFormat? {
    guard let survey = sheets.first(where: { isSurvey($0) }) else { return nil }
    let header = Set(survey.header.map { $0.lowercased() })
    let formr: Set<String> = [
      "showif", "choice1", "item_order", "block_order", "optional", "skipif", "variablenname",
      "wortlaut", "mcalt1",
    ]
    if !header.isDisjoint(with: formr) { return .formr }
    let types = survey.rows.map { survey.text($0, "type").lowercased() }
    let isXLSForm =
      header.contains { $0.hasPrefix("label:") || $0.hasPrefix("bind:") }
      || !header.isDisjoint(with: ["relevant", "constraint", "calculation", "appearance", "hint"])
      || types.contains { type in
        ["select", "begin", "integer", "start", "calculate", "text", "note", "decimal", "geopoint"]
          .contains { type.hasPrefix($0) }
      }
    return isXLSForm ? .xlsform : nil
  }
}
