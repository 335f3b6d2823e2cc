import Collection
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Testing

@testable import Web

/// Every route of the server, whoever comes. A route that is added has to be put into a table here.
@Suite("Every route is open to those it is for, and to nobody else")
struct RouteTableTests {
  /// Routes that anybody may ask for.
  static let open: Set = [
    "GET /health", "GET /ready", "GET /assets/:name", "GET /api/v1/openapi.json", "GET /join",
    "POST /join", "GET /team/sign-in", "POST /team/sign-in",
  ]

  /// Pages of the study team with what they take, and whether they are about all sites.
  static let team: [String: (permission: Permission?, isOfAll: Bool)] = [
    "GET /team": (.overview, false), "GET /team/participants": (.participants, false),
    "GET /team/participants/:pseudonym": (.participants, false),
    "POST /team/participants/:pseudonym/identity": (.identities, false),
    "GET /team/compliance": (.participants, false), "GET /team/flags": (.answers, false),
    "GET /team/course": (.answers, false), "GET /team/donations": (.answers, false),
    "GET /team/messages": (.messages, false), "GET /team/exports": (.exports, true),
    "GET /team/audit": (.audit, true), "GET /team/people": (.team, true),
    "POST /team/sign-out": (nil, false),
  ]

  /// The same for the JSON API of researchers' programs.
  static let programs: [String: (permission: Permission, isOfAll: Bool)] = [
    "GET /api/v1/team/overview": (.overview, false),
    "GET /api/v1/team/participants": (.participants, false),
    "GET /api/v1/team/participants/:pseudonym": (.participants, false),
    "GET /api/v1/team/messages": (.messages, false), "GET /api/v1/team/flags": (.answers, false),
    "GET /api/v1/team/donations": (.answers, false), "GET /api/v1/team/means": (.answers, false),
    "GET /api/v1/team/exports": (.exports, true), "GET /api/v1/team/audit": (.audit, true),
  ]

  /// Method and path of every route, parameters as `:name`.
  static func routes(of stage: WebStage) -> [String] {
    stage.server.router().routes.filter { $0.method != .head }.map { route in
      let path = "\(route.path)".replacing(#/\{(\w+)\}/#) { ":" + $0.1 }
      return "\(route.method.rawValue) \(path.hasPrefix("/") ? path : "/" + path)"
    }
  }

  private static func isOfParticipants(_ route: String) -> Bool {
    !open.contains(route)
      && (route.contains(" /p/:token") || route.contains(" /api/v1/"))
      && !route.contains(" /api/v1/team/")
  }

  /// A request for a route, its parameters filled in.
  private func ask(
    _ route: String, of stage: WebStage, _ values: [String: String], _ headers: HTTPFields
  ) async throws -> WebStage.Answer {
    let parts = route.split(separator: " ").map(String.init)
    let path = parts[1].split(separator: "/").map { part in
      part.hasPrefix(":") ? values[String(part.dropFirst())] ?? "1" : String(part)
    }.joined(separator: "/")
    guard parts[0] == "POST" else { return try await stage.get("/" + path, headers) }
    var headers = headers
    headers[.origin] = WebStage.origin
    let isAPI = path.hasPrefix("api/")
    headers[.contentType] = isAPI ? "application/json" : "application/x-www-form-urlencoded"
    return try await stage.send(.post, "/" + path, headers, Array((isAPI ? "{}" : "a=b").utf8))
  }

  @Test("the tables name every route")
  func complete() async throws {
    let stage = try await WebStage()
    let routes = Set(Self.routes(of: stage))
    let named = Self.open.union(Self.team.keys).union(Self.programs.keys)
    #expect(named.subtracting(routes) == [])
    let left = routes.subtracting(named).filter { !Self.isOfParticipants($0) }
    #expect(left == ["GET /metrics"])
  }

  @Test("a participant's route knows its participant's token and no other")
  func participants() async throws {
    let stage = try await WebStage()
    let (ann, hers) = try await stage.participant()
    let session = try await stage.begin("baseline", of: ann, at: hers)
    let occasion = try await stage.desk.database.read {
      try $0.occasions(of: ann).first?.uuid.uuidString.lowercased() ?? ""
    }
    let (revoked, old) = try await stage.participant()
    _ = try await stage.desk.revokeToken(of: revoked, now: WebStage.start)
    let (_, his) = try await stage.participant()
    // The links of another study are made with another key.
    let other = try await WebStage(linkKeySeed: 2)
    let (_, foreign) = try await other.participant()
    let program = try await stage.program(.owner, Set(TokenScope.allCases))
    let tokens = [
      String(repeating: "0", count: 26), "x", String(old.dropFirst(3)),
      String(foreign.dropFirst(3)),
      String(program[.authorization]?.dropFirst(7) ?? ""),
    ]
    let own = [
      "session": session.split(separator: "/").last.map(String.init) ?? "", "occasion": occasion,
      "plan": "after-chat", "page": "1",
    ]
    let events = try await stage.events(of: ann)
    for route in Self.routes(of: stage) where Self.isOfParticipants(route) {
      let isAPI = route.contains("/api/")
      for token in tokens + (isAPI ? [""] : []) {
        let answer = try await ask(
          route, of: stage, own.merging(["token": token]) { $1 },
          isAPI ? [.authorization: "Bearer \(token)"] : [:])
        #expect(answer.status == (isAPI ? 401 : 404), "\(route), a token that does not hold")
      }
      guard route.contains(":session") || route.contains(":occasion") else { continue }
      let answer = try await ask(
        route, of: stage, own.merging(["token": String(his.dropFirst(3))]) { $1 },
        isAPI ? [.authorization: "Bearer \(his.dropFirst(3))"] : [:])
      // What cannot be read is told before whose it is.
      #expect([404, 400].contains(answer.status), "\(route), somebody else's")
      #expect(isAPI || answer.status == 404, "\(route)")
    }
    #expect(try await stage.events(of: ann) == events, "nothing happened to her")
  }

  @Test("a page of the study team leads those who have not signed in to the login")
  func strangers() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    let other = try await WebStage()
    let foreign = try await other.signIn(.owner)
    let gone = try await stage.signIn(.owner)
    _ = try await stage.post("/team/sign-out", by: gone)
    let left = try await stage.signIn(.owner, name: "left")
    try await stage.desk.revokeResearcher("left", now: stage.clock.value)
    let program = try await stage.program(.owner, Set(TokenScope.allCases))
    let name = "__Host-longwell-everything="
    let cookies: [HTTPFields] = [
      [:], [.cookie: name + String(repeating: "0", count: 26)], [.cookie: name], foreign, gone,
      left,
      [.cookie: name + home.dropFirst(3)], program,
    ]
    for route in Self.team.keys {
      for cookie in cookies {
        let answer = try await ask(route, of: stage, ["pseudonym": pseudonym], cookie)
        #expect(answer.status == 303 && answer.location == "/team/sign-in", "\(route)")
        #expect(!answer.text.contains(pseudonym), "\(route)")
      }
    }
  }

  @Test("a page is open to the roles that it is for", arguments: ResearcherRole.allCases)
  func roles(role: ResearcherRole) async throws {
    let stage = try await WebStage("plural", withIdentities: true)
    let (leiden, _) = try await stage.participant(site: "leiden")
    let (accra, _) = try await stage.participant(site: "accra")
    let (all, some) = (
      try await stage.signIn(role), try await stage.signIn(role, sites: ["accra"], name: "some")
    )
    for (route, needed) in Self.team where route != "POST /team/sign-out" {
      let may = needed.permission.map(role.permissions.contains) ?? true
      let parts = route.split(separator: " ").map(String.init)
      func status(_ pseudonym: String, _ cookie: HTTPFields) async throws -> WebStage.Answer {
        let path = parts[1].replacing(":pseudonym", with: pseudonym)
        return parts[0] == "GET"
          ? try await stage.get(path, cookie) : try await stage.post(path, by: cookie)
      }
      #expect(try await status(leiden, all).status == (may ? 200 : 403), "\(route)")
      let own = try await status(accra, some)
      #expect(own.status == (may && !needed.isOfAll ? 200 : 403), "\(route), some sites")
      #expect(!own.text.contains(leiden), "\(route) tells of another site")
      if route.contains(":pseudonym") {
        #expect(try await status(leiden, some).status == (may ? 404 : 403), "\(route)")
      }
    }
  }

  @Test("a program's token opens what its scopes and its owner's role both do")
  func tokens() async throws {
    let stage = try await WebStage("plural")
    let (leiden, _) = try await stage.participant(site: "leiden")
    let other = try await WebStage("plural")
    let (_, home) = try await stage.participant(site: "leiden")
    let strangers: [HTTPFields] = [
      [:], [.authorization: "Bearer longwell_\(String(repeating: "0", count: 26))"],
      [.authorization: "Bearer \(home.dropFirst(3))"], [.authorization: "Basic x"],
      try await other.program(.owner, Set(TokenScope.allCases)), try await stage.signIn(.owner),
    ]
    for route in Self.programs.keys.sorted() + ["GET /metrics"] {
      for headers in strangers {
        let answer = try await ask(route, of: stage, ["pseudonym": leiden], headers)
        #expect(answer.status == 401, "\(route)")
      }
    }
    for role in ResearcherRole.allCases {
      for scope in TokenScope.allCases {
        let all = try await stage.program(role, [scope])
        let some = try await stage.program(role, [scope], sites: ["accra"])
        let open = role.permissions.intersection(scope.permissions)
        for (route, needed) in Self.programs {
          let may = open.contains(needed.permission)
          let answer = try await ask(route, of: stage, ["pseudonym": leiden], all)
          #expect(answer.status == (may ? 200 : 403), "\(route) \(role) \(scope)")
          let own = try await ask(route, of: stage, ["pseudonym": leiden], some)
          let isForeign = route.contains(":pseudonym")
          #expect(
            own.status == (!may || needed.isOfAll ? 403 : isForeign ? 404 : 200),
            "\(route) \(role) \(scope), some sites")
          // A refusal repeats what was asked for.
          #expect(isForeign || !own.text.contains(leiden), "\(route)")
        }
        let metrics = try await stage.get("/metrics", all)
        #expect(metrics.status == (scope == .metrics ? 200 : 403))
      }
    }
  }
}

extension WebStage {
  /// How long a participant's chain is.
  func events(of pseudonym: String) async throws -> Int {
    try await desk.database.read { snapshot in
      guard let person = try snapshot.participant(pseudonym) else { return 0 }
      return try snapshot.events(of: .participant(person.uuid)).count
    }
  }
}
