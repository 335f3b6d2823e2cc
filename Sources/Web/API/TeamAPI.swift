import Collection
import Foundation
import Hummingbird
import Storage

/// What a researcher's own program can read (`/api/v1/team`): what the pages of the study team show, as
/// JSON.
///
/// It comes with a token of `longwell researcher token`. What the token's scopes and its owner's role do
/// not both open is refused; identities are no program's.
struct TeamAPI: Sendable {
  let pages: ParticipantPages

  /// Adds the routes.
  ///
  /// - Parameter api: the router's group ``ParticipantAPI/folder``.
  func add<Routes: RouterMethods>(to api: Routes) where Routes.Context == WebContext {
    api.get("team/overview") { request, context in
      let (desk, researcher) = try await caller(request, context)
      return try ParticipantAPI.json(
        OverviewDocument(try await desk.overview(for: researcher)))
    }
    addPeople(to: api)
    addRecords(to: api)
  }

  private func addPeople<Routes: RouterMethods>(to api: Routes)
  where Routes.Context == WebContext {
    api.get("team/participants") { request, context in
      let (desk, researcher) = try await caller(request, context)
      let part = try await desk.participants(
        for: researcher, after: request.cursor, limit: try request.limit())
      return try ParticipantAPI.json(CursorPage(part) { WatchedDocument($0) })
    }
    api.get("team/participants/:pseudonym") { request, context in
      let (desk, researcher) = try await caller(request, context)
      let person = try await desk.participant(
        context.parameters.get("pseudonym") ?? "", for: researcher)
      return try ParticipantAPI.json(
        WatchedDocument(person, occasions: person.occasions.map(OccasionDocument.init)))
    }
    api.get("team/messages") { request, context in
      let (desk, researcher) = try await caller(request, context)
      let cursor = request.cursor.map { UUID(uuidString: $0) }
      if case .some(nil) = cursor { throw WebProblem.unreadable }
      let part = try await desk.messages(
        for: researcher, before: cursor ?? nil, limit: try request.limit())
      return try ParticipantAPI.json(CursorPage(part) { MessageDocument($0, $1) })
    }
  }

  private func addRecords<Routes: RouterMethods>(to api: Routes)
  where Routes.Context == WebContext {
    api.get("team/flags") { request, context in
      let (desk, researcher) = try await caller(request, context)
      let flags = try await desk.qualityFlags(for: researcher)
      return try ParticipantAPI.json(ListDocument(items: flags.map(FlagDocument.init)))
    }
    api.get("team/donations") { request, context in
      let (desk, researcher) = try await caller(request, context)
      let donations = try await desk.donations(for: researcher)
      return try ParticipantAPI.json(ListDocument(items: donations.map(DonationDocument.init)))
    }
    api.get("team/means") { request, context in
      let (desk, researcher) = try await caller(request, context)
      let means = try await desk.scoreMeans(for: researcher)
      return try ParticipantAPI.json(ListDocument(items: means.map(MeanDocument.init)))
    }
    api.get("team/exports") { request, context in
      let (desk, researcher) = try await caller(request, context)
      let exports = try await desk.exports(for: researcher, limit: try request.limit())
      return try ParticipantAPI.json(
        ListDocument(items: exports.map { AuditDocument($0, names: [:]) }))
    }
    api.get("team/audit") { request, context in
      let (desk, researcher) = try await caller(request, context)
      let before = request.cursor.map { Int($0) }
      if case .some(nil) = before { throw WebProblem.unreadable }
      let audit = try await desk.audit(
        for: researcher, before: before ?? nil, limit: try request.limit())
      return try ParticipantAPI.json(
        CursorPage(audit.entries) { AuditDocument($0, names: audit.names) })
    }
  }

  /// Whose token the request shows.
  ///
  /// - Throws: ``WebProblem`` `unauthorized`, after a pause that grows with each failure.
  func caller(
    _ request: Request, _ context: WebContext
  ) async throws -> (desk: StudyDesk, researcher: Researcher) {
    let desk = try await pages.study.current()
    guard
      let researcher = try await desk.researcher(
        holding: ParticipantAPI.bearer(request), now: pages.clock())
    else {
      try await pages.pause(request, context)
      throw WebProblem.unauthorized
    }
    return (desk, researcher)
  }
}

extension Request {
  /// Where the part that is asked for begins, as an earlier part said.
  fileprivate var cursor: String? { uri.queryParameters["cursor"].map(String.init) }

  /// How many are asked for.
  ///
  /// - Throws: ``WebProblem`` `unreadable` for what is no such number.
  fileprivate func limit() throws -> Int {
    try CursorPage<String>.limit(of: self)
  }
}
