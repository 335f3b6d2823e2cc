import Collection
import Crypto
import Definitions
import Foundation
import HTTPTypes
import Hummingbird
import Instruments
import LocalTime
import Storage
import Studies

/// What a participant's own program can do: the same as their pages, as JSON (`/api/v1`).
///
/// Who calls shows the token of their personal link (`Authorization: Bearer …`). Every call that changes
/// something may come with an `Idempotency-Key`: sent again, it is done once. Mistakes are problem
/// documents (RFC 9457). What there is to call stands in `openapi.json`, which a test holds against the
/// router.
struct ParticipantAPI: Sendable {
  let pages: ParticipantPages

  /// The folder of the routes, below the study's address.
  static let folder = "/api/v1"

  /// Adds the routes.
  ///
  /// - Parameter api: the router's group ``folder``.
  func add<Routes: RouterMethods>(to api: Routes) where Routes.Context == WebContext {
    api.get("openapi.json") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "application/json"],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: pages.renderer.openAPI)))
    }
    addReading(to: api)
    addAnswering(to: api)
    addDeciding(to: api)
  }

  private func addReading<Routes: RouterMethods>(to api: Routes)
  where Routes.Context == WebContext {
    api.get("me") { request, context in
      let visit = try await visit(request, context)
      let home = try await visit.desk.home(of: visit.participant.pseudonym, now: visit.now)
      return try Self.json(HomeDocument(home, version: visit.version))
    }
    api.get("consent") { request, context in
      let visit = try await visit(request, context)
      return try await consent(of: visit)
    }
    api.get("occasions") { request, context in
      let visit = try await visit(request, context)
      let pseudonym = visit.participant.pseudonym
      let all = try await visit.desk.database.read { try $0.occasions(of: pseudonym) }
      // What has not opened is not told: prompts come by surprise.
      let list = all.filter { $0.opens <= visit.now }
      return try Self.json(try CursorPage(of: list, request) { OccasionDocument($0) })
    }
    api.get("sessions/:session") { request, context in
      let visit = try await visit(request, context)
      let session = try await pages.session(visit, context)
      return try Self.json(SessionDocument(session))
    }
  }

  private func addAnswering<Routes: RouterMethods>(to api: Routes)
  where Routes.Context == WebContext {
    post("occasions/:occasion/session", on: api) { request, visit, context in
      let session = try await visit.desk.begin(
        try context.uuid("occasion"), of: visit.participant.pseudonym, now: visit.now)
      return try Self.json(SessionDocument(session))
    }
    post("events/:plan/session", on: api) { request, visit, context in
      let session = try await visit.desk.openAndBegin(
        context.parameters.get("plan") ?? "", by: visit.participant.pseudonym, now: visit.now)
      return try Self.json(SessionDocument(session))
    }
    api.post("sessions/:session/answers") { request, context in
      let visit = try await visit(request, context)
      let sent: AnswersRequest = try await Self.body(of: request)
      let session = try context.uuid("session")
      let page = PageOfAnswers(
        session: session, instrument: sent.instrument,
        entries: sent.answers.sorted { $0.key < $1.key }.map {
          PageOfAnswers.Entry(item: $0.key, answer: $0.value)
        }, clientKey: try Self.idempotencyKey(request))
      let outcome = try await visit.desk.save(
        page, of: visit.participant.pseudonym, now: visit.now)
      return try Self.json(SavedDocument(repeated: outcome == .repeated))
    }
    post("sessions/:session/submission", on: api) { request, visit, context in
      let submission = try await visit.desk.submit(
        try context.uuid("session"), of: visit.participant.pseudonym, now: visit.now)
      return try Self.json(
        SubmissionDocument(
          submitted: (submission.session.submitted ?? visit.now).utcText,
          late: submission.session.isLate, repeated: submission.isRepeated))
    }
  }

  private func addDeciding<Routes: RouterMethods>(to api: Routes)
  where Routes.Context == WebContext {
    post("consent", on: api) { request, visit, _ in
      let sent: ConsentRequest = try await Self.body(of: request)
      if let known = request.headers[.ifMatch],
        try await consent(of: visit).headers[.eTag] != known, known != "*"
      {
        throw WebProblem.changedMeanwhile
      }
      try await visit.desk.agree(
        visit.participant.pseudonym, to: Set(sent.parts), now: visit.now)
      pages.forgetLogIfRevoked(sent.parts, of: visit.participant.pseudonym)
      return try await consent(of: visit)
    }
    post("data", on: api) { _, visit, _ in
      try pages.downloads.count(visit.participant.pseudonym, now: visit.now)
      let data = try await visit.desk.ownData(of: visit.participant.pseudonym, now: visit.now)
      return Response(
        status: .ok, headers: [.contentType: "application/json"],
        body: ResponseBody(
          byteBuffer: ByteBuffer(
            bytes: data.files.first { $0.name == "my-data.json" }?.bytes ?? [])))
    }
    post("withdrawal", on: api) { request, visit, _ in
      let sent: WithdrawalRequest = try await Self.body(of: request)
      guard let way = Withdrawal(rawValue: sent.way) else { throw WebProblem.unreadable }
      let receipt = try await visit.desk.withdraw(
        visit.participant.pseudonym, way, now: visit.now,
        erasingAt: pages.settings.erasurePlaces)
      if way != .stopReminders { pages.forgetEverything(of: visit.participant.pseudonym) }
      return try Self.json(ReceiptDocument(receipt))
    }
  }

  /// What somebody has agreed to, with a name for this state of it (RFC 9110, 8.8.3) that edits can be held to.
  private func consent(of visit: ParticipantPages.Visit) async throws -> Response {
    let standing = try await visit.desk.consentStanding(of: visit.participant.pseudonym)
    let bytes = try Self.encoded(
      ConsentDocument(standing, version: visit.version, language: visit.participant.language))
    let digest = SHA256.hash(data: bytes).prefix(12)
    return Response(
      status: .ok,
      headers: [
        .contentType: "application/json",
        .eTag: "\"" + Data(digest).base64EncodedString().replacing("/", with: "_") + "\"",
      ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  // MARK: Requests and answers

  /// A route of a call that changes something; sent again under its `Idempotency-Key`, it is done once.
  private func post<Routes: RouterMethods>(
    _ path: RouterPath, on api: Routes,
    _ handle:
      @escaping @Sendable (Request, ParticipantPages.Visit, WebContext) async throws ->
      Response
  ) where Routes.Context == WebContext {
    api.post(path) { request, context in
      let visit = try await visit(request, context)
      return try await pages.repeated.once(
        try Self.idempotencyKey(request), of: visit.participant.pseudonym, request,
        now: visit.now
      ) { try await handle($0, visit, context) }
    }
  }

  /// The participant whose token the request shows.
  ///
  /// - Throws: ``WebProblem`` `unauthorized`, after a pause that grows with each failure.
  private func visit(
    _ request: Request, _ context: WebContext
  ) async throws -> ParticipantPages.Visit {
    let token = Self.bearer(request)
    let desk = try await pages.study.current()
    let found = try await desk.database.read { try desk.participant(holding: token, in: $0) }
    guard let participant = found else {
      try await pages.pause(request, context)
      throw WebProblem.unauthorized
    }
    return try pages.visit(participant, token: token, desk: desk)
  }

  /// The token that a request shows (RFC 6750); empty where it shows none.
  static func bearer(_ request: Request) -> String {
    let header = request.headers[.authorization] ?? ""
    return header.hasPrefix("Bearer ") ? String(header.dropFirst(7)) : ""
  }

  /// The name that the sender gave to a call: some visible characters (IETF draft
  /// idempotency-key-header); nil where it gave none.
  ///
  /// - Throws: ``WebProblem`` `unreadable`.
  static func idempotencyKey(_ request: Request) throws -> String? {
    guard let name = HTTPField.Name("Idempotency-Key"), let key = request.headers[name] else {
      return nil
    }
    guard (1...128).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { throw WebProblem.unreadable }
    return key
  }

  private static func body<T: Decodable>(of request: Request) async throws -> T {
    let bytes: ByteBuffer
    do { bytes = try await request.body.collect(upTo: FormFields.longest) } catch {
      throw WebProblem.tooLong
    }
    do { return try JSONDecoder().decode(T.self, from: Data(bytes.readableBytesView)) } catch {
      throw WebProblem.unreadable
    }
  }

  static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: try encoded(value))))
  }

  private static func encoded(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return try encoder.encode(value)
  }
}
