import Collection
import Foundation
import Hummingbird
import LocalTime
import Storage
import Studies

/// What a participant meets on the web. It holds no rule: it reads what is sent, calls `Collection`,
/// and shows what that says.
struct ParticipantPages: Sendable {
  let study: RunningDesk
  let settings: WebSettings
  let renderer: PageRenderer
  let clock: @Sendable () -> Date
  let wait: @Sendable (TimeInterval) async throws -> Void
  let delay = FailureDelay()
  let shelf = DonationShelf()
  let downloads = DownloadLimit()
  let repeated = RepeatedCalls()

  /// A participant at their own link.
  struct Visit: Sendable {
    let desk: StudyDesk
    let participant: ParticipantRecord
    let version: StudyVersion
    let links: ParticipantLinks
    let texts: Texts
    let words: LocalWords
    let now: Date
  }

  /// Adds the routes of participants.
  func add(to router: RouterGroup<WebContext>) {
    addHome(to: router)
    addConsent(to: router)
    addAnswering(to: router)
    addSettings(to: router)
    addOwnData(to: router)
    addDonation(to: router)
    addLeaving(to: router)
    addUnsubscribing(to: router)
    addJoining(to: router)
    addAssets(to: router)
  }

  // MARK: Who it is

  /// The participant whose token the path holds.
  ///
  /// - Throws: ``WebProblem`` `unknownLink`, after a pause that grows with each failure.
  func visit(_ request: Request, _ context: WebContext) async throws -> Visit {
    let token = context.parameters.get("token") ?? ""
    let desk = try await study.current()
    let found = try await desk.database.read { snapshot in
      try desk.participant(holding: token, in: snapshot)
    }
    guard let participant = found else {
      try await pause(request, context)
      throw WebProblem.unknownLink
    }
    return try visit(participant, token: token, desk: desk)
  }

  func visit(
    _ participant: ParticipantRecord, token: String, desk: StudyDesk
  ) throws -> Visit {
    let version = try desk.version(participant.publication)
    return Visit(
      desk: desk, participant: participant, version: version,
      links: ParticipantLinks(base: settings.path, token: token),
      texts: renderer.texts.texts(participant.language),
      words: LocalWords(
        language: participant.language,
        zone: version.study.timeZone(
          participant: TimeZone(identifier: participant.zone) ?? .gmt)), now: clock())
  }

  /// Waits after a failure, the longer the more there were from the same network.
  func pause(_ request: Request, _ context: WebContext) async throws {
    let address = ClientAddress(trusted: settings.trustedProxies).of(request, context)
    let seconds = delay.failure(of: ClientAddress.network(of: address), now: clock())
    try await wait(seconds)
  }

  // MARK: Pages

  /// A page of a participant.
  func page(
    _ template: String, _ title: String, _ fields: [String: Any], of visit: Visit,
    status: HTTPResponse.Status = .ok
  ) throws -> Response {
    var frame = self.frame(
      title, study: visit.version.study, texts: visit.texts, language: visit.participant.language)
    frame["home"] = visit.links.home
    frame["worker"] = visit.links.worker
    frame["manifest"] = visit.links.manifest
    frame["page"] = fields.adding("links", visit.links.fields)
    return try html(template, frame, status: status)
  }

  /// A page of somebody who has no link yet.
  func page(
    _ template: String, _ title: String, _ fields: [String: Any], of study: Study, texts: Texts,
    language: String, status: HTTPResponse.Status = .ok
  ) throws -> Response {
    var frame = self.frame(title, study: study, texts: texts, language: language)
    frame["page"] = fields
    return try html(template, frame, status: status)
  }

  private func frame(
    _ title: String, study: Study, texts: Texts, language: String
  ) -> [String: Any] {
    let name = study.title(in: language)
    return [
      "title": "\(title) – \(name)", "study": name, "language": texts.language,
      "direction": texts.direction, "t": texts.words,
      "style": settings.path + "/assets/" + renderer.style.name,
      "script": settings.path + "/assets/" + renderer.script.name,
      "contactName": study.contact.name, "contactEmail": study.contact.email,
    ]
  }

  private func html(
    _ template: String, _ frame: [String: Any], status: HTTPResponse.Status
  ) throws -> Response {
    Response(
      status: status, headers: [.contentType: "text/html; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: try renderer.html(template, frame))))
  }

  /// Sends the browser to another page, which it gets; going back does not send the form again.
  func redirect(_ path: String) -> Response {
    Response(status: .seeOther, headers: [.location: path])
  }

  // MARK: Forms

  /// A route of a form. Where the disk is full or the database busy, the page keeps what was sent and
  /// offers to send it again.
  func post(
    _ path: RouterPath, on router: RouterGroup<WebContext>,
    _ handle: @escaping @Sendable (Visit, FormFields, WebContext) async throws -> Response
  ) {
    router.post(path) { request, context in
      let visit = try await visit(request, context)
      let form = try await FormFields(request)
      do { return try await handle(visit, form, context) } catch let error as StorageError
        where error.code == .diskFull || error.code == .busy
      {
        return try kept(
          form, at: request.uri.path, because: error, texts: visit.texts, visit: visit)
      }
    }
  }

  private func kept(
    _ form: FormFields, at path: String, because error: StorageError, texts: Texts, visit: Visit
  ) throws -> Response {
    let problem = ProblemAnswer(error)
    return try page(
      "message", texts(problem.headline),
      [
        "headline": texts(problem.headline), "sentences": [texts(problem.sentence)],
        "kept": [
          "action": path, "hidden": form.all.map { ["key": $0.name, "content": $0.value] },
        ] as [String: Any],
      ], of: visit, status: problem.status)
  }
}

extension WebContext {
  /// A UUID in the path.
  ///
  /// - Throws: ``WebProblem`` `unknownPage` for what is none.
  func uuid(_ name: String) throws -> UUID {
    guard let uuid = parameters.get(name).flatMap(UUID.init) else {
      throw WebProblem.unknownPage
    }
    return uuid
  }
}
