import Collection
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import LocalTime
import Storage
import Studies

/// What the study team meets on the web, behind a login. Who may see what is decided by `Collection`.
struct TeamPages: Sendable {
  /// The participants' pages of the same study: the frame, the settings and the clock are theirs.
  let pages: ParticipantPages
  let work: PasswordWork
  let gate = SignInGate()
  let delay = FailureDelay()

  /// The folder of the pages, below the study's address.
  var folder: String { pages.settings.path + "/team" }
  var signInPath: String { folder + "/sign-in" }
  var texts: Texts { pages.renderer.teamTexts }

  /// Somebody of the study team at a browser.
  struct Visit: Sendable {
    let desk: StudyDesk
    let researcher: Researcher
    /// The token of the sitting.
    let token: String
    let now: Date
  }

  /// How many rows a page has: what a slow telephone shows at once.
  static let rows = 50

  /// Adds the routes of the study team.
  func add<Routes: RouterMethods>(to router: Routes) where Routes.Context == WebContext {
    addSigningIn(to: router)
    addWatching(to: router)
    addPeople(to: router)
    addRecords(to: router)
  }

  // MARK: Who it is

  /// A page for somebody who has signed in; others are led to the login.
  func get<Routes: RouterMethods>(
    _ path: RouterPath, on router: Routes,
    _ handle: @escaping @Sendable (Visit, Request, WebContext) async throws -> Response
  ) where Routes.Context == WebContext {
    router.get(path) { request, context in
      guard let visit = try await visit(request) else { return pages.redirect(signInPath) }
      return try await answering(visit) { try await handle(visit, request, context) }
    }
  }

  /// A form of somebody who has signed in. It carries a secret of the sitting, besides the check of where
  /// it comes from.
  func post<Routes: RouterMethods>(
    _ path: RouterPath, on router: Routes,
    _ handle: @escaping @Sendable (Visit, FormFields, WebContext) async throws -> Response
  ) where Routes.Context == WebContext {
    router.post(path) { request, context in
      guard let visit = try await visit(request) else { return pages.redirect(signInPath) }
      let form = try await FormFields(request)
      guard
        ConstantTime.areEqual(
          Array((form["secret"] ?? "").utf8), Array(Self.formSecret(of: visit.token).utf8))
      else { throw WebProblem.foreignOrigin }
      return try await answering(visit) { try await handle(visit, form, context) }
    }
  }

  private func visit(_ request: Request) async throws -> Visit? {
    guard let token = request.cookies[cookieName]?.value else { return nil }
    let (desk, now) = (try await pages.study.current(), pages.clock())
    guard let researcher = try await desk.researcher(sitting: token, now: now) else { return nil }
    return Visit(desk: desk, researcher: researcher, token: token, now: now)
  }

  /// What stands in a sitting's forms: nobody can make it who has not the cookie, and it does not tell it.
  static func formSecret(of token: String) -> String {
    Data(
      HMAC<SHA256>.authenticationCode(
        for: Array("longwell form".utf8), using: SymmetricKey(data: Array(token.utf8)))
    ).base64EncodedString()
  }

  /// A refusal as a page of the team's own.
  private func answering(
    _ visit: Visit, _ handle: () async throws -> Response
  ) async throws -> Response {
    do { return try await handle() } catch let error as CollectionError
      where [.notAllowed, .unknownParticipant, .noIdentities].contains(error.code)
    {
      let name = error.code == .notAllowed ? "refused" : "unknown"
      return try page(
        TeamPage(texts("\(name)_title"), sentences: [texts("\(name)_text")]), of: visit,
        status: error.code == .notAllowed ? .forbidden : .notFound)
    }
  }

  // MARK: The cookie

  /// One for each study: several may share a host.
  var cookieName: String {
    let name = "longwell-" + pages.study.known.current.study.id
    return pages.settings.isSecure ? "__Host-" + name : name
  }

  /// - Parameter token: nil takes the cookie back.
  func cookie(_ token: String?) -> String {
    "\(cookieName)=\(token ?? ""); Path=/; HttpOnly; SameSite=Strict"
      + (pages.settings.isSecure ? "; Secure" : "") + (token == nil ? "; Max-Age=0" : "")
  }

  // MARK: Pages

  /// The pages and what is needed to see them, in the order of the menu.
  private static let menu: [(name: String, path: String, permission: Permission)] = [
    ("overview", "", .overview), ("participants", "/participants", .participants),
    ("compliance", "/compliance", .participants), ("flags", "/flags", .answers),
    ("course", "/course", .answers), ("donations", "/donations", .answers),
    ("messages", "/messages", .messages), ("exports", "/exports", .exports),
    ("audit", "/audit", .audit), ("people", "/people", .team),
  ]

  /// A page of somebody who has signed in.
  func page(
    _ page: TeamPage, of visit: Visit, status: HTTPResponse.Status = .ok
  ) throws -> Response {
    let researcher = visit.researcher
    let menu = Self.menu.filter { researcher.may($0.permission) }
    var fields = page.fields
    fields["secret"] = Self.formSecret(of: visit.token)
    return try html(
      "list", page.title, fields, status: status,
      adding: [
        "menu": menu.map { entry in
          [
            "target": folder + entry.path, "label": texts("\(entry.name)_title"),
            "isHere": texts("\(entry.name)_title") == page.title,
          ] as [String: Any]
        },
        "signedIn": [
          "action": folder + "/sign-out", "secret": Self.formSecret(of: visit.token),
          "who": texts(
            "signed_in",
            ["name": researcher.name, "role": texts("role_\(researcher.role.rawValue)")]),
        ] as [String: Any],
      ])
  }

  func html(
    _ template: String, _ title: String, _ fields: [String: Any],
    status: HTTPResponse.Status = .ok, adding more: [String: Any] = [:]
  ) throws -> Response {
    let study = pages.study.known.current.study
    let name = study.title(in: texts.language)
    var frame: [String: Any] = [
      "title": "\(title) – \(name)", "study": name, "language": texts.language,
      "t": texts.words, "team": folder,
      "style": pages.settings.path + "/assets/" + pages.renderer.style.name,
      "teamStyle": pages.settings.path + "/assets/" + pages.renderer.teamStyle.name,
      "page": fields,
    ]
    frame.merge(more) { $1 }
    return Response(
      status: status, headers: [.contentType: "text/html; charset=utf-8"],
      body: ResponseBody(
        byteBuffer: ByteBuffer(string: try pages.renderer.html(template, frame))))
  }

  /// A moment as the team reads it, wherever they are: date, time, UTC.
  func moment(_ date: Date?) -> String {
    date.map { String($0.utcText.prefix(16)).replacing("T", with: " ") } ?? ""
  }
}
