import Instruments
import Testing

@testable import Interchange

@Suite("XLSForms")
struct XLSFormImportTests {
  @Test(
    "a workbook with shared strings, one with inline strings and one CSV give the same",
    arguments: ["evenings.xlsx", "evenings-inline.xlsx", "evenings.csv"])
  func forms(file: String) throws {
    let outcome = try Fixture.imported(file)
    #expect(outcome.format == .xlsform)
    #expect(outcome.instruments == ["evenings-1"])
    #expect(outcome.translations == ["evenings-1.de"])
    #expect(
      outcome.files.map(\.path) == ["evenings-1.yaml", "overlays/imported/evenings-1.de.yaml"])
    #expect(outcome.items == 16 && outcome.branching == 6 && outcome.scores == 0)
  }

  @Test("questions keep names, options, ranges and conditions")
  func questions() throws {
    let outcome = try Fixture.imported("evenings.xlsx")
    let form = try Fixture.instrument("evenings-1", of: outcome)
    #expect(form.title == "Evenings at home" && form.language == "en")
    #expect(form.item("welcome")?.text == "Welcome to our study.")
    let age = try #require(form.item("age")?.number)
    #expect(age.range == 18...119 && age.isWhole)
    #expect(form.item("age")?.requirement == .hard)
    #expect(form.item("age")?.text == "How old are you?\nIn years")
    #expect(form.options("works") == "1 Yes, 2 No")
    #expect(form.item("job")?.kind == .instruction)
    #expect(form.condition("hours") == "works == 1 and age > 20")
    #expect(form.condition("shirts") == "works == 1")
    #expect(form.options("shirts") == "1 Red, 2 Blue, 3 Other")
    #expect(form.condition("shirts_other") == "works == 1 and shirts.has_3")
    #expect(
      form.condition("why_red")
        == "works == 1 and (shirts.has_1 and (missing(shirts) or not shirts.has_2))")
    #expect(["reads", "talks"].allSatisfy { form.item($0)?.stem == "How often in the evening?" })
    #expect(form.options("reads") == "1 Never, 2 Sometimes, 3 Often")
    #expect(form.item("mood")?.text == "How are you, {{age}}?")
    let mood = try #require(form.item("mood")?.slider)
    #expect(mood.range == 0...10 && mood.step == 2)
    #expect(form.item("order")?.ranks?.options.count == 2)
    #expect(form.condition("much") == "total > 4")
    for (item, what) in [
      ("started", "item"), ("where", "item"), ("lost", "item"), ("born", "constraint"),
      ("random_text", "branching"), ("hours", "constraint, in part"), ("works", "codes"),
    ] {
      #expect(outcome.lost(item).contains(what), "\(item)")
    }
    #expect(outcome.lost("mood") == ["translation de"])
  }

  @Test("types are read by all the names they have had")
  func types() {
    func read(_ text: String) -> (XLSFormType.Kind, String?, Bool) {
      let type = XLSFormType(text)
      return (type.kind, type.list, type.hasOther)
    }
    #expect(read("select_one a_b") == (.selectOne, "a_b", false))
    #expect(read("select one from a or_other") == (.selectOne, "a", true))
    #expect(read("select1 a or specify other") == (.selectOne, "a", true))
    #expect(read("select all that apply from list") == (.selectMultiple, "list", false))
    #expect(read("add select multiple prompt using x") == (.selectMultiple, "x", false))
    #expect(read("begin_group") == (.beginGroup, nil, false))
    #expect(read("end repeat") == (.end, nil, false))
    #expect(read("int") == (.integer, nil, false))
  }

  @Test("entities are refused", arguments: ["entities.xlsx", "external-entity.xlsx"])
  func entities(file: String) throws {
    do {
      _ = try Fixture.imported(file, as: .xlsform)
      Issue.record("entities were read")
    } catch let problem as ImportProblem {
      #expect(problem.code == .unreadable && problem.description.contains("entities"))
    }
  }
}
