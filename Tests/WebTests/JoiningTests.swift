import Collection
import Foundation
import Hummingbird
import Storage
import Testing

@testable import Web

@Suite("People join by the web")
struct JoiningTests {
  @Test("screening, consent and the personal page, one after the other, in an open study")
  func open() async throws {
    let stage = try await WebStage()
    let first = try await stage.get("/join")
    #expect(first.status == 200 && first.text.contains("How old are you?"))
    let blank = try await stage.post("/join", ["screened": "begun", "a.age": ""])
    #expect(blank.status == 422)
    let consent = try await stage.post(
      "/join", ["screened": "begun", "a.age": "30", "a.uses": "1"])
    #expect(consent.text.contains("I agree to answer the surveys."))
    #expect(consent.text.contains("name=\"a.age\" value=\"30\""))
    let refused = try await stage.post(
      "/join",
      ["screened": "begun", "a.age": "30", "a.uses": "1", "go": "agree", "zone": "Europe/Paris"])
    #expect(refused.status == 422)
    let nowhere = try await stage.post(
      "/join",
      [
        "screened": "begun", "a.age": "30", "a.uses": "1", "go": "agree", "zone": "Mars/Base",
        "part": "surveys",
      ])
    #expect(nowhere.status == 422 && nowhere.text.contains("This is no time zone."))
    let joined = try await stage.post(
      "/join",
      [
        "screened": "begun", "a.age": "30", "a.uses": "1", "go": "agree", "zone": "Europe/Paris",
        "part": "surveys",
      ])
    let home = try #require(joined.location)
    #expect(try await stage.get(home).text.contains("Kinds of question"))
    let people = try await stage.desk.database.read { try $0.participants() }
    #expect(people.map(\.zone) == ["Europe/Paris"])
    #expect(try await stage.desk.database.verify() == [])
  }

  @Test("of those who are not eligible, or do not agree, only the number is kept")
  func turnedAway() async throws {
    let stage = try await WebStage()
    let young = try await stage.post(
      "/join", ["screened": "begun", "a.age": "12", "a.uses": "1"])
    #expect(young.text.contains("Nothing is kept of what you entered."))
    let declined = try await stage.post(
      "/join", ["screened": "begun", "a.age": "30", "a.uses": "1", "go": "decline"])
    #expect(declined.status == 200)
    let (people, counts) = try await stage.desk.database.read {
      (try $0.participants(), try $0.screeningCounts())
    }
    #expect(people.isEmpty && counts.map(\.people).reduce(0, +) == 2)
  }

  @Test("a code lets one person join, at its site and in a language written from right to left")
  func code() async throws {
    let stage = try await WebStage("plural")
    var generator = SystemRandomNumberGenerator()
    let code = try #require(
      try await stage.desk.makeCodes(
        1, site: "accra", now: WebStage.start, using: &generator
      ).first?.code.text)
    let first = try await stage.get("/join", [.acceptLanguage: "ar-EG,en;q=0.5"])
    #expect(first.text.contains("<html lang=\"ar\" dir=\"rtl\">"))
    let wrong = try await stage.post("/join", ["step": "begun", "code": "7K3M", "language": "ar"])
    #expect(wrong.status == 422 && wrong.text.contains("name=\"code\""))
    let consent = try await stage.post("/join", ["step": "begun", "code": code, "language": "ar"])
    #expect(consent.text.contains("نص الموافقة هنا."))
    let fields: KeyValuePairs = [
      "step": "begun", "code": code, "language": "ar", "part": "surveys", "go": "agree",
      "zone": "Africa/Accra",
    ]
    let joined = try await stage.post("/join", fields)
    let home = try #require(joined.location)
    #expect(try await stage.get(home).text.contains("dir=\"rtl\""))
    #expect(try await stage.post("/join", fields).status == 422)
    let people = try await stage.desk.database.read { try $0.participants() }
    #expect(people.map(\.site) == ["accra"] && people.map(\.language) == ["ar"])
  }
}
