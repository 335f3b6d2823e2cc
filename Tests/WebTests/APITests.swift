import Collection
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Synchronization
import Testing

@testable import Web

@Suite("A participant's own program uses the JSON API")
struct APITests {
  /// Routes that only remember what was added to them.
  private final class RouteList: RouterMethods {
    typealias Context = WebContext
    var routes: Set<String> = []

    func on<Responder: HTTPResponder>(
      _ path: RouterPath, method: HTTPRequest.Method, responder: Responder
    ) -> Self where Responder.Context == WebContext {
      routes.insert("\(method.rawValue) \(path)")
      return self
    }

    func add(middleware: any MiddlewareProtocol<Request, Response, WebContext>) -> Self { self }
  }

  @Test("the OpenAPI document names every route and no other")
  func document() async throws {
    let stage = try await WebStage()
    let routes = RouteList()
    let pages = ParticipantPages(
      study: stage.server.study, settings: stage.server.settings,
      renderer: stage.server.renderer, clock: { WebStage.start }, wait: { _ in })
    ParticipantAPI(pages: pages).add(to: routes)
    TeamAPI(pages: pages).add(to: routes)
    let answer = try await stage.get("/api/v1/openapi.json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(answer.bytes)) as? [String: Any])
    let paths = try #require(object["paths"] as? [String: [String: Any]])
    let named = Set(
      paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } })
    func plain(_ route: String) -> String {
      route.replacing(#/[{:](\w+)}?/#) { ":" + $0.1 }.replacing(" /", with: " ")
    }
    #expect(Set(routes.routes.map(plain)) == Set(named.map(plain)))
    #expect(object["openapi"] as? String == "3.1.0")
  }

  @Test("from what is due to a submission, each call once however often it is sent")
  func walk() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    let token: HTTPFields = [.authorization: "Bearer " + home.dropFirst(3)]
    let me = try await stage.json(.get, "/me", token)
    #expect(me["participant"] as? String == pseudonym)
    let due = try #require((me["due"] as? [[String: Any]])?.first?["occasion"] as? [String: Any])
    let occasion = try #require(due["uuid"] as? String)
    let session = try await stage.json(.post, "/occasions/\(occasion)/session", token)
    let uuid = try #require(session["uuid"] as? String)
    #expect((session["pages"] as? [Any])?.isEmpty == false)
    var keyed = token
    keyed[.idempotencyKey] = "save-1"
    let body = #"{"instrument":"kinds","answers":{"hours":7,"company":2,"choices":"[1,2]"}}"#
    let saved = try await stage.json(.post, "/sessions/\(uuid)/answers", keyed, body)
    #expect(saved["repeated"] as? Bool == false)
    let again = try await stage.json(.post, "/sessions/\(uuid)/answers", keyed, body)
    #expect(again["repeated"] as? Bool == true)
    let other = #"{"instrument":"kinds","answers":{"hours":8}}"#
    let reused = try await stage.send(
      .post, "/api/v1/sessions/\(uuid)/answers", keyed, Array(other.utf8))
    #expect(reused.status == 422)
    let problem = try #require(
      try JSONSerialization.jsonObject(with: Data(reused.bytes)) as? [String: Any])
    #expect(problem["type"] as? String == "urn:longwell:problem:client-key-reused")
    #expect(reused.headers[.contentType] == "application/problem+json")
    let sent = try await stage.json(.post, "/sessions/\(uuid)/submission", token)
    #expect(sent["repeated"] as? Bool == false)
    let twice = try await stage.json(.post, "/sessions/\(uuid)/submission", token)
    #expect(twice["repeated"] as? Bool == true)
    #expect(try await stage.answers(of: pseudonym)["hours"] == .number(7))
    #expect(try await stage.desk.database.verify() == [])
  }

  @Test("a call sent again under its key is done once, and answered as it was")
  func keys() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    var token: HTTPFields = [.authorization: "Bearer " + home.dropFirst(3)]
    func open(_ key: String) async throws -> String? {
      token[.idempotencyKey] = key
      return try await stage.json(.post, "/events/after-chat/session", token)["uuid"] as? String
    }
    let first = try await open("one")
    stage.clock.value += 600
    #expect(try await open("one") == first && first != nil)
    let body = Array(#"{"parts":["surveys"]}"#.utf8)
    let other = try await stage.send(.post, "/api/v1/consent", token, body)
    #expect(other.status == 422 && other.text.contains("client-key-reused"))
    #expect(try await open("two") != first)
    // A key is its sender's alone, and what failed can be tried again.
    let (_, his) = try await stage.participant()
    var foreign: HTTPFields = [.authorization: "Bearer " + his.dropFirst(3)]
    foreign[.idempotencyKey] = "one"
    let opened = try await stage.json(.post, "/events/after-chat/session", foreign)
    #expect(opened["uuid"] as? String != first)
    token[.idempotencyKey] = "three"
    let wrong = try await stage.send(
      .post, "/api/v1/consent", token, Array(#"{"parts":["recontact"]}"#.utf8))
    #expect(wrong.status == 409 || wrong.status == 422)
    #expect(try await stage.send(.post, "/api/v1/consent", token, body).status == 200)
    let events = try await stage.events(of: pseudonym)
    #expect(try await stage.send(.post, "/api/v1/consent", token, body).status == 200)
    #expect(try await stage.events(of: pseudonym) == events)
    for key in ["", "a b", String(repeating: "x", count: 129)] {
      token[.idempotencyKey] = key
      #expect(try await stage.send(.post, "/api/v1/consent", token, body).status == 400)
    }
  }

  @Test("a decision can be held to the state that it rests on")
  func tags() async throws {
    let stage = try await WebStage()
    let (_, home) = try await stage.participant()
    var token: HTTPFields = [.authorization: "Bearer " + home.dropFirst(3)]
    let shown = try await stage.get("/api/v1/consent", token)
    let tag: String = try #require(shown.headers[.eTag])
    token[.ifMatch] = tag
    let body = Array(#"{"parts":["surveys","recontact"]}"#.utf8)
    let decided = try await stage.send(.post, "/api/v1/consent", token, body)
    #expect(decided.status == 200 && decided.headers[.eTag] != tag)
    let late = try await stage.send(.post, "/api/v1/consent", token, body)
    #expect(late.status == 412 && late.text.contains("changed-meanwhile"))
    token[.ifMatch] = "*"
    #expect(try await stage.send(.post, "/api/v1/consent", token, body).status == 200)
  }

  @Test("own data are given as often as anybody needs them, and then again after an hour")
  func downloads() async throws {
    let stage = try await WebStage()
    let (_, home) = try await stage.participant()
    let token: HTTPFields = [.authorization: "Bearer " + home.dropFirst(3)]
    for _ in 0..<DownloadLimit.most {
      #expect(try await stage.post(home + "/data", ["file": "answers.csv"]).status == 200)
    }
    let page = try await stage.post(home + "/data", ["file": "answers.csv"])
    #expect(page.status == 429 && page.headers[.retryAfter] == "3600")
    #expect(page.text.contains("Try again later"))
    #expect(try await stage.send(.post, "/api/v1/data", token, []).status == 429)
    stage.clock.value += DownloadLimit.time
    #expect(try await stage.send(.post, "/api/v1/data", token, []).status == 200)
  }

  @Test("lists come in parts, each naming the next")
  func parts() async throws {
    let stage = try await WebStage()
    let (_, home) = try await stage.participant()
    let token: HTTPFields = [.authorization: "Bearer " + home.dropFirst(3)]
    stage.clock.value += 40 * 86_400
    var path: String? = "/occasions?limit=2"
    var count = 0
    var rounds = 0
    while let current = path {
      let part = try await stage.json(.get, current, token)
      count += (part["items"] as? [Any])?.count ?? 0
      path = (part["next"] as? String).map { "/occasions?limit=2&cursor=\($0)" }
      rounds += 1
    }
    #expect(count == 3 && rounds == 2)
    for wrong in ["cursor=x", "limit=0", "limit=1001", "cursor=99"] {
      let answer = try await stage.get("/api/v1/occasions?\(wrong)", token)
      #expect(answer.status == 400, "\(wrong)")
    }
  }

  @Test(
    "without a token that holds nothing is told",
    arguments: [nil, "Bearer wrong", "Basic x", "Bearer " + String(repeating: "0", count: 26)])
  func tokens(header: String?) async throws {
    let stage = try await WebStage()
    let (ann, hers) = try await stage.participant()
    let session = try await stage.begin("baseline", of: ann, at: hers)
    let uuid = session.split(separator: "/").last.map(String.init) ?? ""
    var headers: HTTPFields = [:]
    headers[.authorization] = header
    for path in ["/me", "/consent", "/occasions", "/sessions/\(uuid)"] {
      let answer = try await stage.get("/api/v1" + path, headers)
      #expect(answer.status == 401 && answer.headers[.wwwAuthenticate] == "Bearer", "\(path)")
    }
    for path in [
      "/consent", "/data", "/withdrawal", "/sessions/\(uuid)/answers",
      "/sessions/\(uuid)/submission", "/events/after-chat/session",
    ] {
      let answer = try await stage.send(.post, "/api/v1" + path, headers, Array("{}".utf8))
      #expect(answer.status == 401, "\(path)")
    }
  }

  @Test("another participant's session is unknown; a page of another site may not call")
  func others() async throws {
    let stage = try await WebStage()
    let (ann, hers) = try await stage.participant()
    let (_, his) = try await stage.participant()
    let session = try await stage.begin("baseline", of: ann, at: hers)
    let uuid = session.split(separator: "/").last.map(String.init) ?? ""
    var token: HTTPFields = [.authorization: "Bearer " + his.dropFirst(3)]
    #expect(try await stage.get("/api/v1/sessions/\(uuid)", token).status == 404)
    for path in ["answers", "submission"] {
      let body = #"{"instrument":"kinds","answers":{"hours":7}}"#
      let answer = try await stage.send(
        .post, "/api/v1/sessions/\(uuid)/\(path)", token, Array(body.utf8))
      #expect(answer.status == 404, "\(path)")
    }
    token[.origin] = "https://evil.example"
    let foreign = try await stage.send(.post, "/api/v1/data", token, [])
    #expect(foreign.status == 403)
    #expect(foreign.headers[.accessControlAllowOrigin] == nil)
  }

  @Test("what is no request of the API meets a problem document, never a mistake of ours")
  func hostile() async throws {
    let stage = try await WebStage()
    let (ann, home) = try await stage.participant()
    let session = try await stage.begin("baseline", of: ann, at: home)
    let uuid = session.split(separator: "/").last.map(String.init) ?? ""
    let token: HTTPFields = [.authorization: "Bearer " + home.dropFirst(3)]
    for body in [
      "", "[]", "{", "null", #"{"instrument":1}"#, #"{"instrument":"kinds","answers":[]}"#,
      #"{"instrument":"none","answers":{"x":1}}"#, #"{"instrument":"kinds","answers":{"none":1}}"#,
      #"{"instrument":"kinds","answers":{"hours":25}}"#,
      #"{"instrument":"kinds","answers":{"hours":"7"}}"#, #"{"parts":["none"]}"#,
      #"{"way":"never"}"#, String(repeating: "[", count: 100_000),
    ] {
      for path in ["/sessions/\(uuid)/answers", "/consent", "/withdrawal"] {
        let answer = try await stage.send(.post, "/api/v1" + path, token, Array(body.utf8))
        #expect((400..<500).contains(answer.status), "\(path) \(body.prefix(60))")
        #expect(answer.headers[.contentType] == "application/problem+json")
      }
    }
    #expect(try await stage.get("/api/v1/nothing", token).status == 404)
    #expect(try await stage.answers(of: ann).isEmpty)
  }

  @Test("health and readiness tell nothing but that")
  func health() async throws {
    let stage = try await WebStage()
    #expect(try await stage.get("/health").text == "ok\n")
    #expect(try await stage.get("/ready").text == "ready\n")
  }
}

extension WebStage {
  /// A call of the API that must succeed.
  func json(
    _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields, _ body: String = ""
  ) async throws -> [String: Any] {
    let answer = try await send(method, "/api/v1" + path, headers, Array(body.utf8))
    #expect(answer.status == 200, "\(path): \(answer.text)")
    let object = try JSONSerialization.jsonObject(with: Data(answer.bytes))
    return try #require(object as? [String: Any])
  }
}

extension HTTPField.Name {
  static var idempotencyKey: Self { Self("Idempotency-Key") ?? .accept }
}
