import Collection
import Foundation
import Storage
import Testing

@testable import Web

@Suite("A participant answers in a browser without scripts")
struct AnsweringTests {
  @Test("from the link by the consent to a thank-you that follows the commit")
  func walk() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant(consenting: false)
    let first = try await stage.get(home)
    #expect(first.status == 303 && first.location == home + "/consent")
    let consent = try await stage.get(home + "/consent")
    #expect(consent.text.contains("I agree to answer the surveys."))
    #expect(consent.text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    let declined = try await stage.post(home + "/consent", ["part": "recontact"])
    #expect(declined.status == 422 && declined.text.contains("role=\"alert\""))
    let agreed = try await stage.post(home + "/consent", ["part": "surveys"])
    #expect(agreed.location == home + "?said=consent_kept")
    let due = try await stage.get(home)
    #expect(due.text.contains("Kinds of question, Branches, Worries"))
    let session = try await stage.begin("baseline", of: pseudonym, at: home)

    var page = try await stage.get(session)
    var path = try #require(page.location)
    #expect(path == session + "/1")
    page = try await stage.get(path)
    #expect(page.text.contains("Please answer as it is now."))
    #expect(page.text.contains("Read this first: 1 &lt; 2 &amp; 3 &gt; 2."))
    // A number off its scale is told; what else was answered is kept.
    page = try await stage.post(path, ["a.company": "2", "a.hours": "25", "go": "next"])
    #expect(page.status == 422 && page.text.contains("Enter a number from 0 to 24."))
    #expect(page.text.contains("value=\"25\""))
    // What must be answered cannot be left; what is only asked for once more can.
    page = try await stage.post(path, ["a.company": "2", "go": "anyway"])
    #expect(page.status == 422 && page.text.contains("This question needs an answer."))
    page = try await stage.post(path, ["a.company": "2", "a.hours": "7,5", "go": "next"])
    #expect(page.status == 422 && page.text.contains("Go on without answering"))
    page = try await stage.post(path, ["a.company": "2", "a.hours": "7,5", "go": "anyway"])
    path = try #require(page.location)
    #expect(path == session + "/2")
    page = try await stage.post(
      path,
      [
        "a.words": "Line one\r\nline two", "a.name": "Ficus", "a.day": "2026-01-02",
        "a.hour": "07:05", "a.g1": "3", "a.g2": "4", "go": "anyway",
      ])
    path = try #require(page.location)
    page = try await stage.post(path, ["go": "anyway", "a.used": "1"])
    path = try #require(page.location)
    #expect(try await stage.get(path).text.contains("What for?"))
    page = try await stage.post(path, ["go": "next", "a.how": "<i>cooking</i>"])
    path = try #require(page.location)
    #expect(
      try await stage.get(path).text.contains(
        "How pleased are you with &lt;i&gt;cooking&lt;/i&gt;?"))
    page = try await stage.post(path, ["go": "next", "a.pleased": "3"])
    path = try #require(page.location)
    page = try await stage.post(path, ["go": "next", "a.w1": "2"])
    // An answer that gives concern shows at once whom to turn to.
    #expect(page.location == session + "/support")
    #expect(try await stage.get(session + "/support").text.contains("Study doctor"))
    let review = try await stage.get(session + "/review")
    #expect(review.text.contains("Questions left without an answer: "))
    let sent = try await stage.post(session + "/submit")
    #expect(sent.location == session + "/thanks")
    let stored = try await stage.desk.database.read { snapshot in
      try snapshot.occasions(of: pseudonym).first { $0.plan == "baseline" }?.state
    }
    #expect(stored == .submitted)
    let thanks = try await stage.get(session + "/thanks")
    #expect(thanks.text.contains("<em>everything</em>"))
    #expect(try await stage.desk.database.verify() == [])
  }

  @Test("every answer is stored as it was given, each kind as Collection has it")
  func kinds() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    let session = try await stage.begin("baseline", of: pseudonym, at: home)
    _ = try await stage.post(
      session + "/1",
      [
        "a.company": "3", "a.mood": "5", "a.ladder": "10", "a.line": "33", "a.hours": "٧",
        "a.choices": "1", "a.choices": "2", "r.order.1": "2", "r.order.2": "1", "r.order.3": "3",
        "go": "keep",
      ])
    _ = try await stage.post(
      session + "/2",
      [
        "a.words": "Line one\r\nline two", "a.name": "Ficus", "a.day": "2026-01-02",
        "a.hour": "07:05", "a.g1": "3", "go": "keep",
      ])
    let stored = try await stage.answers(of: pseudonym)
    #expect(stored["hours"] == .number(7) && stored["line"] == .number(33))
    #expect(stored["company"] == .number(3) && stored["ladder"] == .number(10))
    let choices = [stored["choices"], stored["order"]]
    #expect(choices == [.text("[1,2]"), .text("[2,1,3]")])
    #expect(stored["words"] == .text("Line one\nline two"))
    #expect(stored["day"] == .text("2026-01-02") && stored["hour"] == .text("07:05"))
  }

  @Test("a session goes on where it was left, on any device, and two tabs do no harm")
  func resuming() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    let session = try await stage.begin("baseline", of: pseudonym, at: home)
    _ = try await stage.post(session + "/1", ["a.hours": "7", "go": "leave"])
    #expect(try await stage.get(home).text.contains(">Go on<"))
    #expect(try await stage.get(session).location == session + "/1")
    #expect(try await stage.begin("baseline", of: pseudonym, at: home) == session)
    for index in 0..<2 {
      let sent = try await stage.post(session + "/submit")
      #expect(sent.location == session + "/thanks", "tab \(index)")
    }
    let late = try await stage.post(session + "/1", ["a.hours": "8", "go": "next"])
    #expect(late.location == session + "/thanks")
    #expect(try await stage.answers(of: pseudonym)["hours"] == .number(7))
  }

  @Test("a hundred copies of one page at once are one answer")
  func copies() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    let session = try await stage.begin("baseline", of: pseudonym, at: home)
    _ = try await stage.post(session + "/1", ["a.hours": "7", "go": "keep"])
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<100 {
        group.addTask { try await stage.post(session + "/submit").status }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(statuses == [303])
    let submitted = try await stage.desk.database.read { snapshot in
      let uuid = try #require(try snapshot.participant(pseudonym)?.uuid)
      return try snapshot.events(of: .participant(uuid)).count { $0.kind == .sessionSubmitted }
    }
    #expect(submitted == 1)
    #expect(try await stage.desk.database.verify() == [])
  }

  @Test("opening a page changes nothing")
  func getsAreSafe() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    let session = try await stage.begin("baseline", of: pseudonym, at: home)
    func count() async throws -> Int {
      try await stage.desk.database.read { snapshot in
        let uuid = try #require(try snapshot.participant(pseudonym)?.uuid)
        return try snapshot.events(of: .participant(uuid)).count
          + snapshot.events(of: .study).count
      }
    }
    let before = try await count()
    for path in [
      "", "/consent", "/settings", "/data", "/leave", "/unsubscribe", "/sw.js",
      "/app.webmanifest",
    ] { #expect(try await stage.get(home + path).status == 200, "\(path)") }
    for path in ["", "/1", "/review", "/thanks", "/support"] {
      #expect([200, 303].contains(try await stage.get(session + path).status), "\(path)")
    }
    #expect(try await count() == before)
  }

  @Test("a page weighs less than 40 KB with its style sheet")
  func weight() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    let session = try await stage.begin("baseline", of: pseudonym, at: home)
    let style = stage.server.renderer.style.bytes.count
    for path in [home, home + "/consent", session + "/1", session + "/2", home + "/leave"] {
      let page = try await stage.get(path)
      #expect(page.bytes.count + style < 40 * 1024, "\(path): \(page.bytes.count) + \(style)")
    }
  }
}

extension WebStage {
  /// Begins an occasion as the button on the home page does.
  ///
  /// - Returns: the path of the session.
  func begin(_ plan: String, of pseudonym: String, at home: String) async throws -> String {
    let occasion = try await desk.database.read {
      try $0.occasions(of: pseudonym).first { $0.plan == plan }
    }
    let uuid = try #require(occasion).uuid.uuidString.lowercased()
    let answer = try await post(home + "/begin/\(uuid)")
    return try #require(answer.location)
  }

  func answers(of pseudonym: String) async throws -> [String: StoredAnswer] {
    try await desk.database.read { snapshot in
      var answers: [String: StoredAnswer] = [:]
      for occasion in try snapshot.occasions(of: pseudonym) {
        guard let session = try snapshot.session(ofOccasion: occasion.uuid) else { continue }
        for response in try snapshot.responses(ofSession: session.uuid) {
          answers[response.item] = response.answer
        }
      }
      return answers
    }
  }
}
