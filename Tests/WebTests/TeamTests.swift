import Collection
import Foundation
import HTTPTypes
import Hummingbird
import Testing

@testable import Storage
@testable import Web

@Suite("The study team signs in and watches")
struct TeamTests {
  @Test("with a name, a password and a code; the cookie is this host's alone and no script's")
  func signingIn() async throws {
    let stage = try await WebStage()
    let first = try await stage.get("/team")
    #expect(first.status == 303 && first.location == "/team/sign-in")
    let form = try await stage.get("/team/sign-in")
    #expect(form.status == 200 && form.text.contains("autocomplete=\"one-time-code\""))
    let credentials = try await stage.add(.owner, name: "ann")
    let answer = try await stage.post(
      "/team/sign-in",
      [
        "name": "ann", "password": WebStage.password,
        "code": credentials.secondFactor.code(at: stage.clock.value),
      ])
    let cookie = try #require(answer.headers[.setCookie])
    #expect(cookie.hasPrefix("__Host-longwell-everything="))
    for part in ["; Path=/", "; HttpOnly", "; Secure", "; SameSite=Strict"] {
      #expect(cookie.contains(part))
    }
    #expect(!cookie.contains("Max-Age") && !cookie.contains("Domain"))
    let headers: HTTPFields = [.cookie: String(cookie.prefix { $0 != ";" })]
    let page = try await stage.get("/team", headers)
    #expect(page.status == 200 && page.text.contains("ann, owner"))
    #expect(page.headers[.cacheControl] == "no-store" && page.headers[.setCookie] == nil)
  }

  @Test("whatever is wrong, the answer is the same, and later each time")
  func refusals() async throws {
    let stage = try await WebStage()
    let code = try await stage.add(.owner, name: "ann").secondFactor.code(at: stage.clock.value)
    var texts: Set<String> = []
    for (name, password, code) in [
      ("bob", WebStage.password, code), ("ann", "wrong horse battery", code),
      ("ann", WebStage.password, "000000"), ("", "", ""), ("ann", WebStage.password, "\u{0}"),
    ] {
      let answer = try await stage.post(
        "/team/sign-in", ["name": name, "password": password, "code": code])
      #expect(answer.status == 401 && answer.headers[.setCookie] == nil)
      texts.insert(answer.text)
    }
    #expect(texts.count == 1)
    #expect(stage.waits.value == stage.waits.value.sorted() && stage.waits.value.count == 5)
    // Failures shut nobody out, and who knows all three does not wait.
    let answer = try await stage.post(
      "/team/sign-in", ["name": "ann", "password": WebStage.password, "code": code])
    #expect(answer.status == 303 && stage.waits.value.count == 5)
  }

  @Test("attempts of one network come one after another, and a crowd is told to come back")
  func crowd() async throws {
    let gate = SignInGate()
    let (entered, open) = (
      AsyncStream.makeStream(of: Void.self), AsyncStream.makeStream(of: Void.self)
    )
    let first = Task {
      try await gate.pass("192.0.2.1") {
        entered.continuation.yield()
        for await _ in open.stream { break }
      }
    }
    for await _ in entered.stream { break }
    let others = (0..<SignInGate.longest).map { _ in Task { try await gate.pass("192.0.2.1") {} } }
    while gate.waiting("192.0.2.1") < SignInGate.longest { await Task.yield() }
    await #expect(throws: SignInGate.Crowded.self) { try await gate.pass("192.0.2.1") {} }
    try await gate.pass("192.0.2.2") {}
    open.continuation.yield()
    try await first.value
    for other in others { try await other.value }
    try await gate.pass("192.0.2.1") {}
  }

  @Test("a form without the secret of its sitting does nothing")
  func forgery() async throws {
    let stage = try await WebStage()
    let (pseudonym, _) = try await stage.participant()
    let ann = try await stage.signIn(.owner)
    let bob = try await stage.signIn(.owner, name: "bob")
    let other = try #require(bob[.cookie]?.split(separator: "=").last.map(String.init))
    for path in ["/team/sign-out", "/team/participants/\(pseudonym)/identity"] {
      for secret in ["", "x", TeamPages.formSecret(of: other)] {
        #expect(try await stage.post(path, by: ann, secret: secret).status == 403, "\(path)")
      }
    }
    #expect(try await stage.get("/team", ann).status == 200)
    let looks = try await stage.desk.database.read {
      try $0.auditEntries(kinds: [.identitiesSeen], limit: 1)
    }
    #expect(looks.isEmpty)
  }

  @Test("signing out ends the sitting; everywhere, all of them")
  func signingOut() async throws {
    let stage = try await WebStage()
    let ann = try await stage.signIn(.viewer)
    let out = try await stage.post("/team/sign-out", by: ann)
    #expect(out.location == "/team/sign-in")
    #expect(out.headers[.setCookie]?.contains("Max-Age=0") == true)
    #expect(try await stage.get("/team", ann).status == 303)
    let later = try await stage.signIn(.viewer, name: "later")
    _ = try await stage.post("/team/sign-out", by: later, ["everywhere": "yes"])
    #expect(try await stage.get("/team", later).status == 303)
  }

  @Test("a coordinator who asks is told who somebody is, and that the look is on record")
  func identity() async throws {
    let stage = try await WebStage(withIdentities: true)
    let (pseudonym, _) = try await stage.participant()
    try await stage.keepContact(of: pseudonym, name: "Ann <b>", email: "ann@example.org")
    let cookie = try await stage.signIn(.coordinator)
    let page = try await stage.get("/team/participants/\(pseudonym)", cookie)
    #expect(page.status == 200 && !page.text.contains("ann@example.org"))
    let told = try await stage.post("/team/participants/\(pseudonym)/identity", by: cookie)
    #expect(told.status == 200 && told.text.contains("Ann &lt;b&gt;"))
    #expect(told.text.contains("ann@example.org") && told.text.contains("on record"))
    let owner = try await stage.signIn(.owner)
    let audit = try await stage.get("/team/audit", owner)
    #expect(audit.text.contains("identity looked at") && audit.text.contains(pseudonym))
    #expect(!audit.text.contains("ann@example.org"))
    let none = try await stage.post("/team/participants/P-222222/identity", by: cookie)
    #expect(none.status == 404)
    #expect(try await stage.desk.database.verify() == [])
  }

  @Test("each page shows what happened, as text and never as markup")
  func pages() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    let session = try await stage.begin("baseline", of: pseudonym, at: home)
    _ = try await stage.post(
      session + "/1", ["a.hours": "7", "a.company": "2", "go": "keep"])
    _ = try await stage.post(session + "/submit")
    let cookie = try await stage.signIn(.owner)
    for (path, words) in [
      ("", "Everything &amp; &lt;more&gt;"), ("", "published"), ("/participants", pseudonym),
      ("/participants/\(pseudonym)", "submitted"),
      ("/compliance", "<td class=\"s-submitted\"><span aria-hidden=\"true\">S</span>"),
      ("/flags", "under two seconds an item"), ("/course", "course of scores"),
      ("/donations", "Nobody has donated"), ("/messages", "Messages"),
      ("/exports", "study published"),
      ("/audit", "signed in"), ("/people", "owner"),
    ] {
      let page = try await stage.get("/team" + path, cookie)
      #expect(page.status == 200, "\(path)")
      #expect(page.text.lowercased().contains(words.lowercased()), "\(path): \(words)")
      #expect(!page.text.contains("<script") && !page.text.contains(" style="), "\(path)")
      #expect(page.bytes.count < 40_000, "\(path)")
    }
    for path in ["/participants/P-000000", "/participants/%3Cscript%3E", "/none"] {
      #expect(try await stage.get("/team" + path, cookie).status == 404, "\(path)")
    }
  }

  @Test("every word that a page of the team's may need is there")
  func words() throws {
    let words = try PageRenderer().teamTexts
    let names =
      OccasionState.allCases.map { "state_\($0.rawValue)" }
      + MessageState.allCases.map { "message_\($0.rawValue)" }
      + MessageRecord.Kind.allCases.map { "kind_\($0.rawValue)" }
      + ParticipantStatus.allCases.map { "status_\($0.rawValue)" }
      + ResearcherRole.allCases.map { "role_\($0.rawValue)" }
      + QualityFlag.Kind.allCases.map { "flag_\($0.rawValue)" }
    for name in names { #expect(words.words[name] != nil, "\(name)") }
    for (file, text) in try PageFilesTests.files("swift") where file.hasPrefix("TeamPages") {
      for match in text.matches(of: #/header: \[((?:"\w+",?\s*)+)\]/#) {
        for name in match.1.matches(of: #/"(\w+)"/#) {
          #expect(words.words["head_\(name.1)"] != nil, "\(file): \(name.1)")
        }
      }
    }
    #expect(Set(TeamPages.marks.keys) == Set(OccasionState.allCases))
  }

  @Test("every entry that the study's chain can have is told in words")
  func events() async throws {
    let words = try PageRenderer().teamTexts
    let ofStudy = EventKind.allCases.filter { $0.erasing == .impersonal } + [.identitiesSeen]
    #expect(ofStudy.count > 16)
    for kind in ofStudy { #expect(words.words["event_\(kind.rawValue)"] != nil, "\(kind)") }
  }
}
