import Foundation
import Instruments
import Testing

@testable import Interchange

/// What foreign files say that has no place here, and what used to be lost without a word.
@Suite("Nothing is lost in silence")
struct ListedLossesTests {
  private static func imported(_ name: String, _ text: String) throws -> ImportOutcome {
    try ForeignImport.read(
      ForeignFile(name: name, bytes: Array(text.utf8)), options: Fixture.options)
  }

  /// Fails for each entry, "item: what", that the list lacks.
  private static func expect(_ entries: [String], in outcome: ImportOutcome) {
    let listed = Set(outcome.notCarried.map { "\($0.item): \($0.what)" })
    for entry in entries { #expect(listed.contains(entry), "\(entry) of \(listed.sorted())") }
  }

  // MARK: REDCap

  @Test("references in REDCap's texts that show nothing here are listed, others are piped")
  func redcapTexts() throws {
    let outcome = try Self.imported(
      "f.csv",
      """
      field_name,form_name,field_type,field_label,select_choices_or_calculations,field_annotation,custom_alignment,extra
      nickname,a,text,Your name,,,,
      pets,f,checkbox,Pets,"1, Cat|2, Dog",,RV,1
      greeting,f,text,"Hello [nickname], how is [pets:checked]? [Really]",,@CHARLIMIT='150',,
      more,f,notes,"[pets(1)] and [base_arm_1][pets] and [nosuch] and [survey-link] and {pets}",,,,
      ours,f,radio,"A {{nickname}}","1, [pets]|2, No",,,
      """)
    let form = try Fixture.instrument("f", of: outcome)
    #expect(form.item("greeting")?.text == "Hello [nickname], how is {{pets}}? [Really]")
    #expect(form.item("greeting")?.limit?.longest == 150)
    #expect(
      form.item("more")?.text
        == "[pets(1)] and [base_arm_1][pets] and [nosuch] and [survey-link] and {pets}")
    let whys = outcome.notCarried.filter { $0.what == "earlier answer in a text" }
      .map { "\($0.item) \($0.why.prefix { $0 != " " })" }
    #expect(
      Set(whys) == [
        "greeting [nickname]", "more [pets(1)]", "more [base_arm_1][pets]", "more [nosuch]",
        "more [survey-link]", "ours [pets]",
      ])
    Self.expect(
      [
        "more: question in a text", "ours: text", "pets: custom_alignment", "pets: column extra",
      ], in: outcome)
    #expect(!outcome.notCarried.contains { $0.what.contains("CHARLIMIT") })
  }

  @Test("a calculation stands after what it is made of, and is a score where nothing needs it")
  func calculations() throws {
    let outcome = try Self.imported(
      "f.csv",
      """
      field_name,form_name,field_type,field_label,select_choices_or_calculations,branching_logic
      total,f,calc,Total,[a] + [b],
      double,f,calc,Double,[total] * 2,
      unused,f,calc,Unused,[a] + [c],
      a,f,radio,A,"0, No|1, Yes",
      b,f,radio,B,"0, No|1, Yes",
      c,f,radio,C,"0, No|1, Yes",[double] > 2
      d,f,text,D,,[unused] > 1 and [nosuch] = 1
      """)
    let form = try Fixture.instrument("f", of: outcome)
    #expect(form.items.map(\.id) == ["a", "b", "total", "double", "c", "d"])
    #expect(form.condition("c") == "double > 2")
    // The condition that would have needed it is lost: it is a score.
    #expect(form.scores.map(\.name) == ["unused"])
    #expect(outcome.lost("c").isEmpty && outcome.lost("d") == ["branching"])
  }

  @Test("an alternative that never holds is left out of a condition, not the whole condition")
  func alternatives() throws {
    let outcome = try Self.imported(
      "f.csv",
      """
      field_name,form_name,field_type,field_label,select_choices_or_calculations,branching_logic
      a,f,radio,A,"1, No|2, Yes",
      b,f,text,B,,[a] = '2' or [a] = '9'
      c,f,text,C,,[a] = '9'
      """)
    let form = try Fixture.instrument("f", of: outcome)
    #expect(form.condition("b") == "a == 2" && form.condition("c") == nil)
    #expect(outcome.lost("b") == ["branching, in part"] && outcome.lost("c") == ["branching"])
  }

  // MARK: XLSForm, formr

  @Test("an XLSForm's conditions of required, odd rows, columns, settings and lists are listed")
  func xlsform() throws {
    let outcome = try Self.imported(
      "x.csv",
      """
      survey
      ,type,name,label::English (en),label::Deutsch (de),required,guidance_hint,constraint_message,calculation,parameters,disabled,hint::Suomi (fi)
      ,integer,a,First,Erste,${b} = 1,Look,No,,,,vihje
      ,text,b,,Zweite,no,,,1 + 1,,,
      ,select_one sizes,c,Third,Dritte,,,,,randomize=true,,
      ,,d,Fourth,,,,,,,,
      ,text,e,Fifth,,,,,,,yes,
      choices
      ,list_name,name,label::English (en),label::Deutsch (de),region
      ,sizes,1,Small,Klein,north
      ,sizes,2,Large,Groß,
      ,,3,Orphan,Waise,
      ,sizes,,Nameless,,
      ,unused,1,One,Eins,
      settings
      ,form_title,version
      ,Sizes,2026
      """)
    let form = try Fixture.instrument("x", of: outcome)
    #expect(form.items.map(\.id) == ["a", "b", "c"])
    Self.expect(
      [
        "a: required", "a: column guidance_hint", "a: column constraint_message",
        "a: column hint::Suomi (fi)", "b: text", "b: calculation", "c: parameters", "d: item",
        "e: item", "sizes: column region", "3: option", "sizes: option", "unused: options",
        "x: setting version",
      ], in: outcome)
    #expect(outcome.lost("b") == ["text", "calculation"])
  }

  @Test(
    "a group's condition is its questions', in whichever column it stands",
    arguments: ["relevant", "bind::relevant", "bind:relevant", "skippattern", "relevance"])
  func groups(column: String) throws {
    let outcome = try Self.imported(
      "x.csv",
      """
      survey
      ,type,name,label,\(column),required
      ,integer,a,How many?,,
      ,begin group,g,,${a} > 1,yes
      ,text,b,Which?,,
      ,text,c,Why?,${a} > 2,
      ,end group,,,,
      """)
    let form = try Fixture.instrument("x", of: outcome)
    #expect(form.condition("b") == "a > 1")
    #expect(form.condition("c") == "a > 1 and a > 2")
    #expect(outcome.lost("g") == ["required"])
  }

  /// A workbook with a survey of two questions and the given worksheet of choices.
  private static func workbook(choices: String) throws(ImportProblem) -> Workbook {
    func sheet(_ rows: [[String]]) -> String {
      let cells = rows.enumerated().map { number, row in
        let texts = row.enumerated().map { column, text in
          "<c r=\"\(["A", "B", "C"][column])\(number + 1)\" t=\"inlineStr\"><is><t>\(text)</t></is></c>"
        }
        return "<row r=\"\(number + 1)\">\(texts.joined())</row>"
      }
      return "<worksheet><sheetData>\(cells.joined())</sheetData></worksheet>"
    }
    let names =
      "<workbook><sheets><sheet name=\"survey\"/><sheet name=\"choices\"/></sheets></workbook>"
    let survey = sheet([["type", "name", "label"], ["select_one sex", "sex", "Sex"]])
    let parts = [
      "xl/workbook.xml": names, "xl/worksheets/sheet1.xml": survey,
      "xl/worksheets/sheet2.xml": choices,
    ]
    return try Workbook(parts: parts.mapValues { Array($0.utf8) }, name: "w.xlsx")
  }

  private static func cell(_ place: String, _ text: String) -> String {
    "<c r=\"\(place)\" t=\"inlineStr\"><is><t>\(text)</t></is></c>"
  }

  @Test("what stands in merged cells counts for each of their rows")
  func mergedCells() throws {
    let rows = [
      "<row r=\"1\">\(Self.cell("A1", "list_name"))\(Self.cell("B1", "name"))\(Self.cell("C1", "label"))</row>",
      "<row r=\"2\">\(Self.cell("A2", "sex"))\(Self.cell("B2", "1"))\(Self.cell("C2", "Man"))</row>",
      "<row r=\"3\">\(Self.cell("B3", "2"))\(Self.cell("C3", "Woman"))</row>",
      "<row r=\"4\">\(Self.cell("B4", "3"))\(Self.cell("C4", "Other, or X"))</row>",
    ]
    let merged =
      "<mergeCells><mergeCell ref=\"A2:A1048576\"/><mergeCell ref=\"B4:C4\"/></mergeCells>"
    let workbook = try Self.workbook(
      choices: "<worksheet><sheetData>\(rows.joined())</sheetData>\(merged)</worksheet>")
    #expect(workbook.sheets[1].rows.count == 4)
    let tables = workbook.sheets.map { SurveyTables.Table(name: $0.name, rows: $0.rows) }
    let draft = XLSFormImporter.form(
      of: try #require(SurveyTables(tables)), fallback: "f", language: "en")
    #expect(draft.items.first?.kind.options?.map(\.label.base) == ["Man", "Woman", "Other, or X"])
    #expect(draft.notCarried.isEmpty)
  }

  @Test("a cell further out than those of forms is refused", arguments: ["XFDZZZZZ9", "A300000"])
  func farCells(place: String) throws {
    let row = place == "A300000" ? "300000" : "9223372036854775807"
    let problem = #expect(throws: ImportProblem.self) {
      _ = try Self.workbook(
        choices:
          "<worksheet><sheetData><row r=\"\(row)\">\(Self.cell(place, "x"))</row><row/></sheetData></worksheet>"
      )
    }
    #expect(problem?.description.contains(place) == true)
  }

  @Test("an item table's steps, further columns and worksheets are listed")
  func formr() throws {
    let outcome = try Self.imported(
      "t.csv",
      """
      type,name,label,optional,teil,relevant
      "number 0,10,0.5",a,How much?,,Teil 1,x
      text,b,Why?,,,
      """)
    Self.expect(["a: step", "a: column teil", "a: column relevant"], in: outcome)
    #expect(outcome.lost("b").isEmpty)
  }

  // MARK: FHIR

  @Test("a Questionnaire's translations of plain values, and what else it says, are read or listed")
  func fhir() throws {
    func german(_ text: String) -> String {
      """
      {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": [
        {"url": "lang", "valueCode": "de"}, {"url": "content", "valueString": "\(text)"}]}]}
      """
    }
    let outcome = try Self.imported(
      "q.json",
      """
      {"resourceType": "Questionnaire", "name": "Q", "title": "Q", "_title": \(german("F")),
       "status": "draft", "language": "en", "version": "2.1.0", "publisher": "Somebody",
       "item": [
        {"linkId": "a", "type": "choice", "text": "A", "_text": \(german("A de")), "prefix": "1.",
         "code": [{"code": "z"}], "answerOption": [
          {"valueString": "x", "_valueString": \(german("x de")), "initialSelected": true},
          {"valueString": "y", "_valueString": \(german("y de"))},
          {"valueReference": {"reference": "Group/1"}}]},
        {"linkId": "n", "type": "integer", "text": "N", "_text": \(german("N de")), "maxLength": 3,
         "definition": "http://example.org/n", "repeats": true,
         "extension": [{"url": "http://example.org/colour", "valueString": "red"}]},
        {"linkId": "r", "type": "string", "text": "R …", "_text": {"extension": [
          {"url": "http://hl7.org/fhir/StructureDefinition/cqf-expression",
           "valueExpression": {"language": "text/fhirpath", "expression":
            "'R \\\\'' & %resource.repeat(item).where(linkId = 'a').answer.value & '\\\\''"}}]},
         "enableBehavior": "any", "enableWhen": [
          {"question": "a", "operator": "=", "answerString": "zzz"},
          {"question": "n", "operator": "exists", "answerBoolean": true}]},
        {"linkId": "s", "type": "string", "text": "S", "_text": {"extension": [
          {"url": "http://hl7.org/fhir/StructureDefinition/cqf-expression",
           "valueExpression": {"language": "text/fhirpath", "expression": "today().toString()"}}]},
         "enableBehavior": "all", "enableWhen": [
          {"question": "gone", "operator": "=", "answerString": "zzz"},
          {"question": "n", "operator": ">", "answerInteger": 4}]}]}
      """)
    let form = try Fixture.instrument("q", of: outcome)
    #expect(form.version == "2.1.0")
    #expect(form.item("r")?.text == "R '{{a}}'" && form.item("s")?.text == "S")
    #expect(form.condition("r") == "answered(n)" && form.condition("s") == "n > 4")
    let overlay = try #require(outcome.files.last { $0.path.hasSuffix("q.de.yaml") })
    #expect(String(decoding: overlay.bytes, as: UTF8.self).contains("x de"))
    Self.expect(
      [
        "Q: publisher", "a: prefix", "a: code", "a: default", "a: option", "n: maxLength",
        "n: definition", "n: repeats", "n: extension colour", "r: branching, in part",
        "s: calculated text", "s: branching",
      ], in: outcome)
  }

  @Test("a file that cannot be read says why, also where no format is stated")
  func reasons() throws {
    let deep = String(repeating: "{\"item\":[", count: 400) + String(repeating: "]}", count: 400)
    let bomb = Fixture.folder.appending(path: "entities.xlsx")
    for (file, word) in [
      (ForeignFile(name: "n.json", bytes: Array(deep.utf8)), "too deep"),
      (ForeignFile(name: "n.json", bytes: Array("{\"a\": ".utf8)), "not valid JSON"),
      (try ForeignFile.open(bomb), "entities"),
    ] {
      let problem = #expect(throws: ImportProblem.self) {
        _ = try ForeignImport.read(file, options: Fixture.options)
      }
      #expect(problem?.code == .unreadable && problem?.description.contains(word) == true)
    }
  }

  // MARK: ReproSchema

  @Test("a calculation that is not in an activity's order is placed, what else it says is listed")
  func reproschema() throws {
    let files = [
      "items/q1":
        #"{"question": {"en": "One"}, "preamble": {"en": "This week"}, "ui": {"inputType": "number"}, "image": "a.png"}"#,
      "items/q2": #"{"question": {"en": "", "de": "Zwei"}, "ui": {"inputType": "number"}}"#,
      "items/q3":
        #"{"question": {"en": "Three"}, "ui": {"inputType": "date"}, "responseOptions": {"maxValue": "new Date()"}}"#,
    ]
    let schema = """
      {"@type": "reproschema:Activity", "@id": "act_schema", "prefLabel": {"en": "Act"},
       "citation": {"en": "Some 2020"},
       "compute": [{"variableName": "tot", "jsExpression": "q1 + q2"},
         {"variableName": "half", "jsExpression": "(q1 + q2) / 2"}],
       "ui": {"shuffle": true, "order": ["items/q1", "items/q2", "items/q3"], "addProperties": [
         {"isAbout": "items/q1", "variableName": "q1", "limit": "P1D"},
         {"isAbout": "items/q3", "variableName": "q3", "isVis": "tot >= 3"}]}}
      """
    let outcome = try ForeignImport.read(
      ForeignFile(name: "act_schema", bytes: Array(schema.utf8)) {
        files[$0].map { Array($0.utf8) }
      },
      options: Fixture.options)
    let form = try Fixture.instrument("act", of: outcome)
    #expect(form.items.map(\.id) == ["q1", "q2", "tot", "q3"])
    #expect(form.condition("q3") == "tot >= 3" && form.item("q2")?.text == "Zwei")
    #expect(form.scores.map(\.name) == ["half"] && form.item("q1")?.stem == "This week")
    Self.expect(
      [
        "act: citation", "act: shuffle", "q1: limit", "q1: image", "q2: text", "q3: maxValue",
      ], in: outcome)
    #expect(!outcome.notCarried.contains { $0.what == "branching" })
  }
}
