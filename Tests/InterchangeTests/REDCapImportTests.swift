import Foundation
import Instruments
import Testing

@testable import Interchange

@Suite("REDCap data dictionaries")
struct REDCapImportTests {
  @Test(
    "both headers, with and without a mark, give the same",
    arguments: ["dictionary.csv", "metadata.csv"])
  func headers(file: String) throws {
    let outcome = try Fixture.imported(file)
    #expect(outcome.format == .redcap)
    #expect(outcome.instruments == ["about-you", "evenings"])
    #expect(outcome.items == 20)
    #expect(outcome.scores == 4)
    #expect(outcome.branching == 4)
  }

  @Test("questions keep ids, texts, options, ranges and conditions")
  func questions() throws {
    let outcome = try Fixture.imported("dictionary.csv")
    let about = try Fixture.instrument("about-you", of: outcome)
    let age = try #require(about.item("age")?.number)
    #expect(age.range == 18...99 && age.isWhole && age.unit == "years")
    #expect(about.item("age")?.requirement == .hard)
    #expect(
      about.options("sex")
        == "1 Woman, 2 Man, 3 Something else, in my words, 99 Prefer not to say")
    #expect(about.condition("own_words") == "sex == 3")
    #expect(about.options("pets") == "0 None of these, 1 A cat, 2 A dog, 3 A bird, or several")
    #expect(about.item("pets")?.choices?.exclusive == 0)
    #expect(about.condition("cat_name") == "pets.has_1 and age >= 20")
    #expect(about.item("cat_name")?.text == "What is the name of the cat of {{own_words}}?")
    #expect(about.options("city") == "1 Leiden, 2 Gent, 3 Graz")
    #expect(about.condition("why_city") == "missing(city) or city != 2")
    #expect(about.item("born")?.kind == .date)
    #expect(outcome.lost("pets") == ["order of options", "action tag @RANDOMORDER"])
    #expect(outcome.lost("city") == ["codes"])
    #expect(outcome.lost("later") == ["branching"])
    #expect(outcome.lost("email") == ["identifier", "validation"])
    #expect(outcome.lost("born") == ["range"])
    #expect(outcome.lost("years") == ["calculation"])
    #expect(outcome.lost("photo") == ["item"])
  }

  @Test("grids, sliders, texts and calculations")
  func grids() throws {
    let outcome = try Fixture.imported("dictionary.csv")
    let evenings = try Fixture.instrument("evenings", of: outcome)
    #expect(["q1", "q2", "q3"].allSatisfy { evenings.item($0)?.stem == "How was your evening?" })
    #expect(evenings.item("q1")?.text == "I slept & rested.")
    #expect(evenings.item("q2")?.recode == [1: 1, 2: 2, 3: 3])
    #expect(evenings.item("mood_header")?.text == "And now")
    let mood = try #require(evenings.item("mood")?.slider)
    #expect(mood.range == 0...100 && mood.labels.map(\.label) == ["Bad", "So so", "Good"])
    #expect(mood.labels.map(\.value) == [0, 50, 100])
    #expect(evenings.item("thanks")?.text == "Thank you.\nSee you { {soon}}.")
    #expect(evenings.score("quiet")?.formula == .mean(["q1", "q2", "q3"]))
    #expect(evenings.score("quiet")?.least == 1)
    #expect(evenings.score("total")?.formula == .sum(["q1", "q2"]))
    // What a condition uses is computed before the answers are scored.
    #expect(evenings.condition("tell") == "flag > 4")
    #expect(outcome.lost("ask_more") == ["branching"])
    let scores = evenings.scores(of: [
      "q1": .number(3), "q2": .number(2), "q3": .number(-9), "mood": .number(40),
    ])
    let values = Dictionary(uniqueKeysWithValues: scores.map { ($0.name, $0.value) })
    #expect(values == ["quiet": 2.5, "total": 5, "index": 9, "reversed": 3])
  }

  @Test("one id joins all forms, so that conditions between forms stay")
  func joined() throws {
    let options = ImportOptions(date: "2026-11-22", language: "en", id: "whole-project")
    let outcome = try Fixture.imported("dictionary.csv", options: options)
    #expect(outcome.instruments == ["whole-project"] && outcome.items == 20)
    #expect(try Fixture.instrument("whole-project", of: outcome).language == "en")
  }

  @Test("options are read as people write them")
  func choices() {
    func read(_ text: String) -> [String] {
      REDCapChoices.read(text).map { "\($0.code)=\($0.label.base)" }
    }
    #expect(read("1, Yes | 0, No") == ["1=Yes", "0=No"])
    #expect(read("1,Yes|0,No|") == ["1=Yes", "0=No"])
    #expect(read("a, A, b, and c | b") == ["a=A, b, and c", "b=b"])
    #expect(read("1, One \\n 2, Two") == ["1=One", "2=Two"])
    #expect(read("1, | 2,  ") == ["1=1", "2=2"])
    #expect(read("  ") == [])
  }

  @Test("the wrong format is told, with the right one")
  func wrongFormat() throws {
    let table = ForeignFile(name: "a.csv", bytes: Array("a,b\n1,2\n".utf8))
    #expect(throws: ImportProblem.self) {
      try ForeignImport.read(table, options: Fixture.options)
    }
    do {
      _ = try ForeignImport.read(table, as: .redcap, options: Fixture.options)
      Issue.record("a table of numbers was read as a dictionary")
    } catch {
      #expect(error.code == .wrongFormat)
      #expect(error.description.contains("a.csv") && error.description.contains("Field Type"))
    }
  }

  @Test("the field that names records is no question, the first of a single form is")
  func recordNumber() throws {
    let outcome = try Fixture.imported("dictionary.csv")
    #expect(outcome.lost("record_id") == ["item"])
    #expect(try Fixture.instrument("about-you", of: outcome).item("record_id") == nil)
    let text = """
      field_name,form_name,field_type,field_label
      first,f,text,The first question
      second_id,f,text,A number that you were given
      """
    let alone = try ForeignImport.read(
      ForeignFile(name: "f.csv", bytes: Array(text.utf8)), options: Fixture.options)
    #expect(try Fixture.instrument("f", of: alone).items.map(\.id) == ["first", "second_id"])
  }
}
