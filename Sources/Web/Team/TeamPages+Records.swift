import Collection
import Foundation
import Hummingbird
import Storage

/// What went out and came in, and who did what.
extension TeamPages {
  func addRecords<Routes: RouterMethods>(to router: Routes) where Routes.Context == WebContext {
    get("team/messages", on: router) { visit, request, _ in
      try await messagesPage(
        visit,
        before: request.uri.queryParameters["before"].flatMap { UUID(uuidString: String($0)) })
    }
    get("team/donations", on: router) { visit, _, _ in try await donationsPage(visit) }
    get("team/exports", on: router) { visit, _, _ in
      let entries = try await visit.desk.exports(for: visit.researcher, limit: Self.rows)
      return try page(
        TeamPage(
          texts("exports_title"),
          sentences: [texts(entries.isEmpty ? "exports_none" : "exports_text")],
          tables: [auditTable(texts("exports_title"), entries, names: [:])]), of: visit)
    }
    get("team/audit", on: router) { visit, request, _ in
      let before = request.uri.queryParameters["before"].flatMap { Int($0) }
      let audit = try await visit.desk.audit(
        for: visit.researcher, before: before, limit: Self.rows)
      return try page(
        TeamPage(
          texts("audit_title"), sentences: [texts("audit_text")],
          tables: [auditTable(texts("audit_title"), audit.entries.elements, names: audit.names)],
          next: audit.entries.next.map { folder + "/audit?before=" + $0 }), of: visit)
    }
  }

  private func messagesPage(_ visit: Visit, before: UUID?) async throws -> Response {
    let part = try await visit.desk.messages(
      for: visit.researcher, before: before, limit: Self.rows)
    return try page(
      TeamPage(
        texts("messages_title"),
        sentences: [texts(part.elements.isEmpty ? "messages_none" : "messages_text")],
        tables: [
          TeamPage.Table(
            caption: texts("messages_title"),
            header: ["due_at", "participant", "kind", "channel", "state", "attempts", "trouble"]
              .map { texts("head_\($0)") },
            rows: part.elements.map { pseudonym, record in
              [
                TeamPage.Cell(moment(record.due)), TeamPage.Cell(pseudonym),
                TeamPage.Cell(texts("kind_\(record.kind.rawValue)")),
                TeamPage.Cell(record.channel),
                TeamPage.Cell(texts("message_\(record.state.rawValue)")),
                TeamPage.Cell(record.attempts), TeamPage.Cell(record.failure ?? ""),
              ]
            })
        ], next: part.next.map { folder + "/messages?before=" + $0 }), of: visit)
  }

  private func donationsPage(_ visit: Visit) async throws -> Response {
    let donations = try await visit.desk.donations(for: visit.researcher)
    return try page(
      TeamPage(
        texts("donations_title"),
        sentences: [texts(donations.isEmpty ? "donations_none" : "donations_text")],
        tables: [
          TeamPage.Table(
            caption: texts("donations_title"),
            header: ["participant", "source", "donated", "from", "until", "days", "conversations"]
              .map { texts("head_\($0)") },
            rows: donations.map { donation in
              [
                TeamPage.Cell(donation.pseudonym, link: path(of: donation.pseudonym)),
                TeamPage.Cell(donation.source), TeamPage.Cell(moment(donation.donated)),
                TeamPage.Cell(moment(donation.coveredFrom)),
                TeamPage.Cell(moment(donation.coveredUntil)), TeamPage.Cell(donation.days),
                TeamPage.Cell(donation.conversations),
              ]
            })
        ]), of: visit)
  }

  private func auditTable(
    _ caption: String, _ entries: [AuditEntry], names: [UUID: String]
  ) -> TeamPage.Table {
    TeamPage.Table(
      caption: caption,
      header: ["number", "when", "event", "who", "what"].map { texts("head_\($0)") },
      rows: entries.map { entry in
        [
          TeamPage.Cell(entry.number), TeamPage.Cell(moment(entry.happened)),
          TeamPage.Cell(texts("event_\(entry.kind.rawValue)")),
          TeamPage.Cell(entry.researcher.flatMap { names[$0] } ?? ""),
          TeamPage.Cell(entry.subjects.joined(separator: ", ")),
        ]
      })
  }
}
