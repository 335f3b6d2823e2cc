import Collection
import Definitions
import Foundation
import Hummingbird
import Storage
import Testing

@testable import Web

@Suite("A participant looks after their own participation")
struct OwnPagesTests {
  @Test("the time zone and the language can be changed, and what is none is told")
  func settings() async throws {
    let stage = try await WebStage("plural")
    let (pseudonym, home) = try await stage.participant(site: "leiden")
    let wrong = try await stage.post(home + "/settings/zone", ["zone": "Europe/Amsterdm"])
    #expect(wrong.status == 422)
    _ = try await stage.post(home + "/settings/zone", ["zone": " Asia/Kathmandu "])
    _ = try await stage.post(home + "/settings/language", ["language": "ar"])
    let person = try await stage.desk.database.read { try $0.participant(pseudonym) }
    #expect(person?.zone == "Asia/Kathmandu" && person?.language == "ar")
    #expect(try await stage.get(home + "/settings").text.contains("dir=\"rtl\""))
    #expect(try await stage.post(home + "/settings/language", ["language": "xx"]).status == 422)
    #expect(try await stage.desk.database.verify() == [])
  }

  @Test("a pause needs a first and a last day in this order")
  func pause() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    let wrong = try await stage.post(
      home + "/settings/pause", ["first": "2026-02-02", "last": "2026-02-01"])
    #expect(wrong.status == 422)
    _ = try await stage.post(
      home + "/settings/pause", ["first": "2026-01-19", "last": "2026-01-20"])
    let pauses = try await stage.desk.database.read { try $0.pauses(of: pseudonym) }
    #expect(pauses.map(\.firstDay) == ["2026-01-19"])
  }

  @Test("an event is opened by its button, as often as the study says")
  func events() async throws {
    let stage = try await WebStage()
    let (_, home) = try await stage.participant()
    for _ in 0..<2 {
      #expect(try await stage.get(home).text.contains("Something happened"))
      let opened = try await stage.post(home + "/open/after-chat")
      // A double click is one event.
      #expect(try await stage.post(home + "/open/after-chat").location == opened.location)
      stage.clock.value += 120
    }
    #expect(try await !stage.get(home).text.contains("Something happened"))
    let third = try await stage.post(home + "/open/after-chat")
    #expect(third.status == 409 && third.text.contains("as often as"))
  }

  @Test("own data come as an attachment that no cache keeps")
  func data() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    for file in ["my-data.json", "answers.csv", "scores.csv", "occasions.csv", "consents.csv"] {
      let answer = try await stage.post(home + "/data", ["file": file])
      #expect(answer.status == 200 && answer.headers[.cacheControl] == "no-store")
      #expect(answer.headers[.contentDisposition]?.contains(file) == true)
    }
    #expect(try await stage.post(home + "/data", ["file": "other"]).status == 404)
    let json = try await stage.post(home + "/data", ["file": "my-data.json"])
    #expect(json.text.contains(pseudonym))
  }

  @Test("the three ways to stop, each with a receipt; the last takes the link with it")
  func leaving() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    #expect(try await stage.post(home + "/leave").status == 422)
    #expect(try await stage.post(home + "/leave", ["way": "stop_and_erase"]).status == 422)
    let reminders = try await stage.post(home + "/leave", ["way": "stop_reminders"])
    #expect(reminders.text.contains("You get no more reminders."))
    let keep = try await stage.post(home + "/leave", ["way": "stop_and_keep", "sure": "yes"])
    #expect(keep.text.contains("You have left the study"))
    let left = try await stage.get(home)
    #expect(left.status == 200 && left.text.contains("have it erased"))
    let erase = try await stage.post(home + "/leave", ["way": "stop_and_erase", "sure": "yes"])
    #expect(erase.text.contains(pseudonym))
    let status = try await stage.desk.database.read { try $0.participant(pseudonym)?.status }
    #expect(status == .erased)
    #expect(try await stage.get(home).status == 404)
    #expect(try await stage.desk.database.verify() == [])
  }

  @Test("reminders that were stopped can be taken back on one's own page")
  func reminders() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    func wants() async throws -> Bool? {
      try await stage.desk.database.read { try $0.participant(pseudonym)?.wantsReminders }
    }
    #expect(try await stage.post(home + "/settings/reminders").status == 303)
    #expect(try await wants() == false)
    #expect(try await stage.post(home + "/settings/reminders", ["want": "yes"]).status == 303)
    #expect(try await wants() == true)
  }

  @Test("a new version of the consent asks again on the home page")
  func renewal() async throws {
    let stage = try await WebStage()
    let (_, home) = try await stage.participant()
    let before = try await stage.get(home + "/consent")
    #expect(before.text.contains("value=\"surveys\" checked"))
    let taken = try await stage.post(home + "/consent", ["part": "recontact"])
    #expect(taken.status == 422 && taken.text.contains(home + "/leave"))
    let more = try await stage.post(home + "/consent", ["part": "surveys", "part": "recontact"])
    #expect(more.status == 303)
  }

  @Test("the way out that messages name is a page, and one POST without a browser")
  func unsubscribing() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    let page = try await stage.get(home + "/unsubscribe")
    #expect(page.status == 200 && page.text.contains("action=\"\(home)/unsubscribe\""))
    func wants() async throws -> Bool? {
      try await stage.desk.database.read { try $0.participant(pseudonym)?.wantsReminders }
    }
    #expect(try await wants() == true, "a mail program that opens links changes nothing")
    for _ in 0..<2 {
      // As a mail program's server sends it (RFC 8058): no origin, no referrer.
      let answer = try await stage.send(
        .post, home + "/unsubscribe", [.contentType: "application/x-www-form-urlencoded"],
        Array("List-Unsubscribe=One-Click".utf8))
      #expect(answer.status == 200 && answer.text.contains("You get no more messages"))
      #expect(try await wants() == false)
    }
    #expect(
      try await stage.desk.database.read { try $0.participant(pseudonym)?.status } == .enrolled)
    #expect(try await stage.desk.database.verify() == [])
  }

  @Test("who was invited and wants no more letters has declined, and cannot join by the link")
  func unsubscribingInvited() async throws {
    let stage = try await WebStage(withIdentities: true)
    var problems = Problems()
    let sheet = try #require(
      ContactSheet.read(
        Array("name,email\nAda,ada@example.org\n".utf8), file: "people.csv",
        for: stage.desk.current.study, problems: &problems))
    var generator = SystemRandomNumberGenerator()
    let guests = try await stage.desk.invite(
      sheet, now: WebStage.start, using: &generator
    ).guests
    let guest = try #require(guests.first).pseudonym
    let home = "/p/\(try await stage.desk.token(of: guest, now: WebStage.start).text)"
    #expect(try await stage.get(home + "/unsubscribe").status == 200)
    for _ in 0..<2 {
      let answer = try await stage.post(home + "/unsubscribe")
      #expect(answer.status == 200 && answer.text.contains("written to about this study again"))
    }
    let invitation = try await stage.desk.database.read { try $0.invitation(guest) }
    #expect(invitation?.state == .declined)
    #expect(try await stage.get(home).status == 404)
    #expect(try await stage.desk.database.verify() == [])
  }
}
