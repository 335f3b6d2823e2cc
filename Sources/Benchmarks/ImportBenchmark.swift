import Foundation
import Interchange

/// Reading a form of 800 questions in each foreign format: options, conditions and two languages.
enum ImportBenchmark {
  private static let questions = 800

  static func run() throws {
    print("Reading a form of \(questions) questions, every third with a condition; aim: 1000 ms")
    for (name, file) in try files() {
      let options = ImportOptions(date: "2026-11-22")
      let outcome = try ForeignImport.read(file, options: options)
      let taken = try Measurement.of(
        { _ = try ForeignImport.read(file, options: options) }, runs: 5)
      let size = file.bytes.count / 1000
      print("  \(name), \(outcome.items) items, \(size) kB: \(taken.text)")
    }
  }

  private static func files() throws -> [(name: String, file: ForeignFile)] {
    let survey = table(withChoices: false)
    let words = options.map { ["often", "\($0.value)", $0.label, "Antwort \($0.value)"] }
    let choices = [["list_name", "name", "label::English (en)", "label::Deutsch (de)"]] + words
    let items = table(withChoices: true)
    return [
      ("REDCap", file("form.csv", csv(dictionary()))),
      ("XLSForm, workbook", ForeignFile(name: "form.xlsx", bytes: workbook([survey, choices]))),
      (
        "XLSForm, text",
        ForeignFile(name: "form.csv", bytes: Array(csv(survey).utf8)) { path in
          path == "choices.csv" ? Array(csv(choices).utf8) : nil
        }
      ),
      ("FHIR", file("form.json", questionnaire())),
      ("ReproSchema", activity()),
      ("formr, workbook", ForeignFile(name: "form.xlsx", bytes: workbook([items]))),
      ("formr, text", file("form.csv", csv(items))),
    ]
  }

  private static let options: [(value: Int, label: String)] = [
    (1, "Never"), (2, "Seldom"), (3, "Sometimes"), (4, "Often"), (5, "Always"),
  ]

  private static func text(_ number: Int) -> String {
    "How often did you feel at ease in situation \(number) during the last two weeks?"
  }

  private static func file(_ name: String, _ text: String) -> ForeignFile {
    ForeignFile(name: name, bytes: Array(text.utf8))
  }

  private static func csv(_ rows: [[String]]) -> String {
    rows.map { row in row.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",") }
      .joined(separator: "\r\n")
  }

  // MARK: Tables

  private static func dictionary() -> [[String]] {
    let header = [
      "field_name", "form_name", "field_type", "field_label",
      "select_choices_or_calculations", "branching_logic",
    ]
    let choices = options.map { "\($0.value), \($0.label)" }.joined(separator: " | ")
    let rows = (0..<questions).map { number -> [String] in
      let condition =
        number % 3 == 2 ? "[q\(number - 1)] > '2' and [q\(number - 2)] <> '5'" : ""
      return ["q\(number)", "form", "radio", text(number), choices, condition]
    }
    return [header] + rows
  }

  private static func table(withChoices: Bool) -> [[String]] {
    let header =
      withChoices
      ? ["type", "name", "label", "showif"] + options.map { "choice\($0.value)" }
      : ["type", "name", "label::English (en)", "label::Deutsch (de)", "relevant"]
    let rows = (0..<questions).map { number -> [String] in
      let hasCondition = number % 3 == 2
      guard withChoices else {
        return [
          "select_one often", "q\(number)", text(number), "Frage \(number)?",
          hasCondition ? "${q\(number - 1)} > 2 and ${q\(number - 2)} != '5'" : "",
        ]
      }
      let condition = hasCondition ? "q\(number - 1) > 2 && q\(number - 2) != 5" : ""
      return ["mc", "q\(number)", text(number), condition] + options.map(\.label)
    }
    return [header] + rows
  }

  // MARK: JSON

  private static func questionnaire() -> String {
    let answers = options.map {
      #"{"valueCoding":{"code":"\#($0.value)","display":"\#($0.label)"}}"#
    }.joined(separator: ",")
    let items = (0..<questions).map { number -> String in
      let condition =
        number % 3 == 2
        ? #","enableWhen":[{"question":"q\#(number - 1)","operator":"=","#
          + #""answerCoding":{"code":"3"}}]"# : ""
      return #"{"linkId":"q\#(number)","text":"\#(text(number))","type":"choice"\#(condition),"#
        + #""answerOption":[\#(answers)]}"#
    }
    return #"{"resourceType":"Questionnaire","name":"Form","status":"draft","item":["#
      + items.joined(separator: ",") + "]}"
  }

  private static func activity() -> ForeignFile {
    let choices = options.map {
      #"{"name":{"en":"\#($0.label)","de":"Antwort \#($0.value)"},"value":\#($0.value)}"#
    }.joined(separator: ",")
    let properties = (0..<questions).map { number -> String in
      let condition = number % 3 == 2 ? "\"q\(number - 1) > 2\"" : "true"
      return #"{"isAbout":"items/q\#(number)","variableName":"q\#(number)","isVis":\#(condition)}"#
    }
    let order = (0..<questions).map { "\"items/q\($0)\"" }.joined(separator: ",")
    let schema =
      #"{"@type":"reproschema:Activity","@id":"form_schema","prefLabel":{"en":"Form"},"#
      + #""ui":{"addProperties":[\#(properties.joined(separator: ","))],"order":[\#(order)]}}"#
    var items: [String: [UInt8]] = [:]
    for number in 0..<questions {
      let item: String =
        #"{"@type":"reproschema:Field","@id":"q\#(number)","question":{"en":"\#(text(number))","#
        + #""de":"Frage \#(number)?"},"ui":{"inputType":"radio"},"#
        + #""responseOptions":{"valueType":"xsd:integer","choices":[\#(choices)]}}"#
      items["items/q\(number)"] = Array(item.utf8)
    }
    let files = items
    return ForeignFile(name: "form_schema", bytes: Array(schema.utf8)) { files[$0] }
  }

  // MARK: Workbooks

  /// A workbook with inline texts, its parts stored as they are (ECMA-376).
  private static func workbook(_ sheets: [[[String]]]) -> [UInt8] {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    let names = ["survey", "choices"]
    var parts: [(String, String)] = [
      (
        "xl/workbook.xml",
        "<workbook xmlns=\"\(main)\" xmlns:r=\"\(relations)\"><sheets>"
          + sheets.indices.map {
            "<sheet name=\"\(names[$0])\" sheetId=\"\($0 + 1)\" r:id=\"r\($0)\"/>"
          }.joined() + "</sheets></workbook>"
      ),
      (
        "xl/_rels/workbook.xml.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
          + sheets.indices.map {
            "<Relationship Id=\"r\($0)\" Type=\"\(relations)/worksheet\" "
              + "Target=\"worksheets/sheet\($0 + 1).xml\"/>"
          }.joined() + "</Relationships>"
      ),
    ]
    for (index, rows) in sheets.enumerated() {
      let cells = rows.map { row in
        "<row>"
          + row.map { text in
            let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            return "<c t=\"inlineStr\"><is><t>\(escaped)</t></is></c>"
          }.joined() + "</row>"
      }
      parts.append(
        (
          "xl/worksheets/sheet\(index + 1).xml",
          "<worksheet xmlns=\"\(main)\"><sheetData>\(cells.joined())</sheetData></worksheet>"
        ))
    }
    return ZipWriter.zip(parts.map { ZipWriter.Entry($0.0, Array($0.1.utf8)) })
  }
}
