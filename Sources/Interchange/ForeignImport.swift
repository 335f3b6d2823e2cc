internal import Archives
internal import Foundation

/// How a foreign file is to be read.
package struct ImportOptions: Sendable {
  /// The language of files that do not state one, as a BCP 47 tag; `und` is "not stated".
  package var language: String
  /// The id of the instrument; all forms of the file become one of this id.
  package var id: String?
  /// The day of the import, as `2026-11-21`.
  package var date: String

  /// Options for an import on a day.
  package init(date: String, language: String = "und", id: String? = nil) {
    self.date = date
    self.language = language
    self.id = id
  }
}

/// Reads other people's instruments into our files.
package enum ForeignImport {
  /// Reads a file, whatever its bytes; foreign expressions in it are translated or listed, never run.
  ///
  /// - Parameter format: nil to recognise it.
  /// - Returns: the files that are to be written, which all load, with a list of what is not in them.
  /// - Throws: ``ImportProblem`` where it is not of the format, damaged, hostile or empty.
  package static func read(
    _ file: ForeignFile, as format: ForeignFormat? = nil, options: ImportOptions
  ) throws(ImportProblem) -> ImportOutcome {
    // Without a format the reason why the file cannot be read is what is to be said.
    let recognised = format == nil ? try ForeignFormat.recognise(file) : try? .recognise(file)
    guard let format = format ?? recognised else {
      let formats = ForeignFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw ImportProblem(
        .wrongFormat,
        "\(file.name): found no format that is known here, expected one of \(formats); "
          + "say which with --from to learn what is missing")
    }
    if let recognised, recognised != format {
      throw ImportProblem(
        .wrongFormat,
        "\(file.name): found \(recognised.noun), expected \(format.noun): "
          + "say --from \(recognised.rawValue)")
    }
    let drafts = try self.drafts(file, format, options)
    return try outcome(of: drafts, file, format, options)
  }

  private static func drafts(
    _ file: ForeignFile, _ format: ForeignFormat, _ options: ImportOptions
  ) throws(ImportProblem) -> [FormDraft] {
    switch format {
    case .redcap: try REDCapImporter.read(file, joined: options.id, language: options.language)
    case .fhir: try QuestionnaireImporter.read(file, language: options.language)
    case .xlsform: try XLSFormImporter.read(file, language: options.language)
    case .formr: try FormrImporter.read(file, language: options.language)
    case .reproschema: try ReproSchemaImporter.read(file, language: options.language)
    }
  }

  /// The forms as files. One that has nothing to ask is listed; all of them is a problem.
  private static func outcome(
    of drafts: [FormDraft], _ file: ForeignFile, _ format: ForeignFormat, _ options: ImportOptions
  ) throws(ImportProblem) -> ImportOutcome {
    var outcome = ImportOutcome(format: format)
    var taken: Set<String> = []
    var problem = ImportProblem(
      .nothingToImport, "\(file.name): found no question, expected at least one")
    for draft in drafts {
      let wanted = options.id ?? NameTable.instrumentId(for: draft.name)
      var id = wanted
      var number = 1
      while !taken.insert(id).inserted {
        number += 1
        id = "\(wanted)-\(number)"
      }
      do throws(ImportProblem) {
        try outcome.add(
          draft, id: id, origin: "\(format.noun), \(file.name)", date: options.date)
      } catch {
        problem = error
        outcome.notCarried += draft.notCarried
        outcome.notCarried.append(
          NotCarried(item: draft.name, what: "form", why: error.description))
      }
    }
    guard !outcome.files.isEmpty else { throw problem }
    return outcome
  }
}

extension ForeignFormat {
  /// The format of a file by what is in it, not by its name; nil where it fits none.
  ///
  /// - Throws: ``ImportProblem`` where it cannot be read at all, being damaged, too large or hostile.
  static func recognise(_ file: ForeignFile) throws(ImportProblem) -> ForeignFormat? {
    if file.bytes.starts(with: [0x50, 0x4B]) {
      let workbook = try Workbook.read(file.bytes, name: file.name)
      return SurveyTables.format(of: workbook.sheets.map { Sheet($0.rows) })
    }
    let first = TextEncoding.utf8(Array(file.bytes.prefix(4096))).first { $0 > 32 }
    if first == UInt8(ascii: "{") {
      let root = try JSONValue.read(file.bytes, name: file.name)
      if QuestionnaireImporter.matches(root) { return .fhir }
      return ReproSchemaImporter.matches(root) ? .reproschema : nil
    }
    let rows = try Sheet.rows(file.bytes, name: file.name)
    if REDCapImporter.matches(Sheet(rows)) { return .redcap }
    return SurveyTables.format(of: SurveyTables.split(rows).map { Sheet($0.rows) })
  }
}
