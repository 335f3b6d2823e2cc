import Collection
import Foundation
import Hummingbird
import Storage

/// The participants, and the study team itself.
extension TeamPages {
  func addPeople<Routes: RouterMethods>(to router: Routes) where Routes.Context == WebContext {
    get("team/participants", on: router) { visit, request, _ in
      try await participantsPage(
        visit, after: request.uri.queryParameters["after"].map(String.init))
    }
    get("team/participants/:pseudonym", on: router) { visit, _, context in
      let person = try await visit.desk.participant(
        context.parameters.get("pseudonym") ?? "", for: visit.researcher)
      return try page(participantPage(person, visit), of: visit)
    }
    // A look is an act, so it is a form's: it is asked for once, and recorded.
    post("team/participants/:pseudonym/identity", on: router) { visit, _, context in
      let pseudonym = context.parameters.get("pseudonym") ?? ""
      let contact = try await visit.desk.identity(
        of: pseudonym, for: visit.researcher, now: visit.now)
      var page = TeamPage(
        texts("identity_title", ["pseudonym": pseudonym]),
        sentences: [texts(contact == nil ? "identity_none" : "identity_recorded")])
      page.facts = [
        (texts("fact_name"), contact?.name), (texts("fact_email"), contact?.email),
        (texts("fact_phone"), contact?.phone),
      ].compactMap { fact in fact.1.map { (fact.0, $0) } }
      return try self.page(page, of: visit)
    }
    get("team/people", on: router) { visit, _, _ in try await peoplePage(visit) }
  }

  private func participantsPage(_ visit: Visit, after: String?) async throws -> Response {
    let part = try await visit.desk.participants(
      for: visit.researcher, after: after, limit: Self.rows)
    return try page(
      TeamPage(
        texts("participants_title"),
        sentences: [
          texts(part.elements.isEmpty ? "participants_none" : "participants_text")
        ],
        tables: [
          TeamPage.Table(
            caption: texts("participants_title"),
            header: ["participant", "site", "status", "enrolled", "due", "answered", "share"].map {
              texts("head_\($0)")
            },
            rows: part.elements.map { person in
              let record = person.record
              return [
                TeamPage.Cell(record.pseudonym, link: path(of: record.pseudonym)),
                TeamPage.Cell(record.site), TeamPage.Cell(status(of: record)),
                TeamPage.Cell(moment(record.enrolled)), TeamPage.Cell(person.due),
                TeamPage.Cell(person.submitted), TeamPage.Cell(percent(person.share)),
              ]
            })
        ], next: part.next.map { folder + "/participants?after=" + $0 }), of: visit)
  }

  private func status(of record: ParticipantRecord) -> String {
    texts("status_\(record.status.rawValue)") + (record.isTest ? ", \(texts("is_test"))" : "")
  }

  private func participantPage(_ person: WatchedParticipant, _ visit: Visit) -> TeamPage {
    let record = person.record
    var page = TeamPage(record.pseudonym)
    page.facts = [
      (texts("head_site"), record.site), (texts("head_status"), status(of: record)),
      (texts("head_enrolled"), moment(record.enrolled)),
      (texts("fact_ended"), moment(record.ended)),
      (texts("fact_language"), record.language), (texts("fact_zone"), record.zone),
      (texts("head_share"), percent(person.share)),
    ].filter { !$0.1.isEmpty }
    page.tables = [
      TeamPage.Table(
        caption: texts("occasions_caption"),
        header: ["occasion", "opens", "closes", "state", "since"].map { texts("head_\($0)") },
        rows: person.occasions.map { occasion in
          [
            TeamPage.Cell("\(occasion.plan) \(occasion.index + 1)"),
            TeamPage.Cell(moment(occasion.opens)), TeamPage.Cell(moment(occasion.closes)),
            TeamPage.Cell(texts("state_\(occasion.state.rawValue)")),
            TeamPage.Cell(moment(occasion.stateSince)),
          ]
        })
    ]
    if visit.researcher.may(.identities) {
      page.request = TeamPage.Request(
        action: path(of: record.pseudonym) + "/identity", label: texts("identity_show"),
        sentence: texts("identity_text"))
    }
    return page
  }

  private func peoplePage(_ visit: Visit) async throws -> Response {
    let team = try await visit.desk.team(for: visit.researcher, now: visit.now)
    return try page(
      TeamPage(
        texts("people_title"), sentences: [texts("people_text")],
        tables: [
          TeamPage.Table(
            caption: texts("people_title"),
            header: ["name", "role", "sites", "added", "revoked", "sittings"].map {
              texts("head_\($0)")
            },
            rows: team.map { person in
              [
                TeamPage.Cell(person.record.name),
                TeamPage.Cell(texts("role_\(person.record.role.rawValue)")),
                TeamPage.Cell(person.record.sites?.joined(separator: ", ") ?? texts("all_sites")),
                TeamPage.Cell(moment(person.record.added)),
                TeamPage.Cell(moment(person.record.revoked)), TeamPage.Cell(person.sittings),
              ]
            })
        ]), of: visit)
  }
}
