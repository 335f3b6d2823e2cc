import Foundation
import Instruments
import Testing

@testable import Interchange

@Suite("FHIR, ReproSchema and formr")
struct OtherImportTests {
  @Test("a Questionnaire keeps options, weights, conditions and translations")
  func fhir() throws {
    let outcome = try Fixture.imported("sleep.json")
    #expect(outcome.format == .fhir && outcome.instruments == ["sleepcheck"])
    let form = try Fixture.instrument("sleepcheck", of: outcome)
    // Weights stand for codes that are no numbers.
    #expect(form.options("q_1_1") == "0 Never, 1 Sometimes, 2 Often")
    #expect(form.item("q_1_1")?.requirement == .hard)
    #expect(form.condition("q_1_2") == "q_1_1 == 2")
    #expect(form.item("q_1_2")?.number?.range == 1...30)
    #expect(form.condition("helped") == "missing(q_1_1) or q_1_1 != 0 or answered(q_1_2)")
    #expect(form.options("reasons") == "1 Noise, 2 Worries, 3 Something else, 4 Nothing")
    #expect(form.item("reasons")?.choices?.exclusive == 4)
    #expect(form.condition("noise_from") == "reasons.has_1 and q_1_2 > 2")
    #expect(form.condition("when") == "naps == 1")
    #expect(form.item("rated")?.recode == [1: 3, 2: 2, 3: 1])
    for (item, what) in [
      ("elsewhere", "item"), ("scan", "item"), ("bmi", "calculation"), ("bmi", "read only"),
      ("late", "branching"), ("naps", "default"), ("1.1", "name"), ("1.1", "codes"),
    ] {
      #expect(outcome.lost(item).contains(what), "\(item)")
    }
    // Two of twelve texts are no translation.
    #expect(outcome.translations.isEmpty && outcome.lost("SleepCheck").contains("translation nl"))
  }

  @Test(
    "an activity is read with its items, options and calculations, and nothing outside its folder")
  func reproschema() throws {
    let outcome = try Fixture.imported("calm")
    #expect(outcome.format == .reproschema && outcome.instruments == ["calm"])
    let form = try Fixture.instrument("calm", of: outcome)
    #expect(form.title == "Calm" && form.instructions == "Think of today.")
    #expect(form.items.map(\.id) == ["calm_1", "calm_2", "pulse", "tell", "odd"])
    #expect(form.options("calm_1") == "0 No, 1 A little, 2 Yes")
    #expect(form.item("calm_1")?.requirement == .hard)
    #expect(form.condition("tell") == "calm_1 > 1 and (missing(calm_2) or calm_2 != 0)")
    #expect(form.score("total")?.formula == .sum(["calm_1", "calm_2"]))
    let pulse = try #require(form.item("pulse")?.number)
    #expect(pulse.range == 30...220 && pulse.isWhole)
    #expect(outcome.translations == ["calm.es"])
    #expect(outcome.lost("calm-2").contains("translation es"))
    #expect(outcome.lost("outside") == ["item"] && outcome.lost("gone") == ["item"])
    #expect(outcome.lost("secret") == ["item"])
    #expect(outcome.lost("odd").isSuperset(of: ["input type", "branching", "text"]))
  }

  @Test("an item table keeps its choices, ratings, conditions and calculations")
  func formr() throws {
    let outcome = try Fixture.imported("diary.xlsx")
    #expect(outcome.format == .formr && outcome.instruments == ["diary"])
    let form = try Fixture.instrument("diary", of: outcome)
    #expect(form.item("hello")?.text == "Hello\nGood to see you, ….")
    #expect(form.item("nickname")?.limit?.longest == 40)
    #expect(form.item("nickname")?.requirement == .soft)
    #expect(form.item("age")?.number?.range == 1...130)
    #expect(
      form.options("pet") == "1 Yes, 2 No" && form.options("animals") == "1 Cat, 2 Dog, 3 Fish")
    #expect(form.condition("animals") == "pet == 1")
    #expect(form.condition("dog_name") == "animals.has_2 and age > 17")
    #expect(form.options("today") == "1 Bad, 2 So so, 3 Good")
    #expect(form.options("calm") == "1 Not at all, 2 , 3 , 4 , 5 Very")
    #expect(form.item("awake")?.options?.count == 7)
    #expect(form.condition("awake") == "today == 1 or calm > 3")
    #expect(form.condition("energy") == "missing(nickname)")
    #expect(form.options("agree") == "0 –, 1 ✓")
    #expect(form.score("wellbeing")?.formula == .mean(["calm", "awake"]))
    #expect(form.score("wellbeing")?.least == 1)
    for (item, what) in [
      ("hello", "R code in a text"), ("strange", "calculation"), ("favourite", "added option"),
      ("favourite", "branching"), ("energy", "default"), ("calm", "order"), ("photo", "item"),
    ] {
      #expect(outcome.lost(item).contains(what), "\(item)")
    }
  }

  @Test("the older item tables with German headers")
  func legacy() throws {
    let outcome = try Fixture.imported("tagebuch.xlsx")
    #expect(outcome.format == .formr)
    let form = try Fixture.instrument("tagebuch", of: outcome)
    #expect(form.options("haustier") == "1 Ja, 2 Nein")
    #expect(form.condition("tiername") == "haustier != 2")
    #expect(form.item("ruhig")?.options?.map(\.label).first == "gar nicht")
    #expect(form.item("ruhig")?.options?.count == 6)
    #expect(form.options("farben") == "1 Rot, 2 Blau, 3 Grün")
  }

  @Test("the wrong format is told by the right one")
  func wrong() throws {
    for (file, format) in [
      ("sleep.json", ForeignFormat.redcap), ("diary.xlsx", .xlsform), ("dictionary.csv", .fhir),
      ("evenings.csv", .formr),
    ] {
      do {
        _ = try Fixture.imported(file, as: format)
        Issue.record("\(file) was read as \(format)")
      } catch let problem as ImportProblem {
        #expect(problem.code == .wrongFormat && problem.description.contains("--from"), "\(file)")
      }
    }
    let xml = ForeignFile(name: "q.xml", bytes: Array("<Questionnaire/>".utf8))
    #expect(throws: ImportProblem.self) {
      try ForeignImport.read(xml, as: .fhir, options: Fixture.options)
    }
  }

  /// A table given in the test, as a file of its own.
  private static func imported(_ name: String, _ text: String) throws -> ImportOutcome {
    try ForeignImport.read(
      ForeignFile(name: name, bytes: Array(text.utf8)), options: Fixture.options)
  }

  @Test("what an item table never shows is left out, and limits that we lack are listed")
  func neverShown() throws {
    let outcome = try Self.imported(
      "limits.csv",
      """
      type,name,label,showif,choice1,choice2
      mc,pet,Have you a pet?,,Yes,No
      text,old,An old question,FALSE,,
      text,older,An older one,pet == 1 && FALSE,,
      "date 01.01.2012,now",born,When was it born?,pet == 1,,
      "time 11:00,12:00",fed,When was it fed?,,,
      text [a-z]+,call,"What do you call it? See [names](https://example.org/n)",,,
      rating_button 3,looks,How does it look?,,![a cat](https://example.org/c.jpg),"<abbr title=""d"">Dog</abbr>"
      """)
    let form = try Fixture.instrument("limits", of: outcome)
    #expect(form.items.map(\.id) == ["pet", "born", "fed", "call", "looks"])
    #expect(outcome.lost("old") == ["item"] && outcome.lost("older") == ["item"])
    #expect(outcome.lost("born") == ["range"] && outcome.lost("fed") == ["range"])
    #expect(outcome.lost("call") == ["validation", "formatting"])
    #expect(form.item("call")?.text == "What do you call it? See names (https://example.org/n)")
    #expect(form.options("looks") == "1 a cat, 2 , 3 Dog")
    #expect(outcome.lost("looks") == ["media", "formatting"])
  }

  @Test("a translation with few texts is listed with how many are missing, of how many")
  func gaps() throws {
    let outcome = try Self.imported(
      "gaps.csv",
      """
      type,name,label::English (en),label::Deutsch (de)
      text,a,First,Erste
      text,b,Second,
      text,c,Third,
      """)
    let why = outcome.notCarried.first { $0.what == "translation de" }?.why
    #expect(why?.contains("3 of 4") == true, "\(outcome.notCarried)")
  }

  @Test("what a group hangs on may come later: its questions keep their own conditions")
  func groupsThatHangOnLaterOnes() throws {
    let outcome = try Self.imported(
      "check.json",
      """
      {"resourceType": "Questionnaire", "name": "Check", "status": "draft", "item": [
        {"linkId": "g", "text": "First", "type": "group",
         "enableWhen": [{"question": "age", "operator": ">", "answerInteger": 12}],
         "item": [
          {"linkId": "present", "text": "Is a parent here?", "type": "boolean"},
          {"linkId": "whom", "text": "Who is it?", "type": "string",
           "enableWhen": [{"question": "present", "operator": "=", "answerBoolean": true}]}]},
        {"linkId": "age", "text": "How old are you?", "type": "integer"}]}
      """)
    let form = try Fixture.instrument("check", of: outcome)
    #expect(form.condition("whom") == "present == 1" && form.condition("present") == nil)
    #expect(outcome.lost("present") == ["branching"] && outcome.lost("whom") == ["branching"])
  }
}
