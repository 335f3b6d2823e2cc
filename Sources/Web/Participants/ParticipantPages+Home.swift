import Collection
import Foundation
import Hummingbird
import Instruments
import Storage
import Studies

extension ParticipantPages {
  func addHome(to router: RouterGroup<WebContext>) {
    router.get("p/:token") { request, context in
      let token = context.parameters.get("token") ?? ""
      let desk = try await study.current()
      let invitation = try await desk.database.read { snapshot in
        try desk.invitation(holding: token, in: snapshot)
      }
      if let invitation {
        return try await invited(invitation, token: token, desk: desk, request, context)
      }
      let visit = try await visit(request, context)
      guard visit.participant.status == .enrolled else { return try departed(visit) }
      let home = try await visit.desk.home(of: visit.participant.pseudonym, now: visit.now)
      guard home.consent.missing.isEmpty else { return redirect(visit.links.consent) }
      return try page(
        "home", visit.texts("home_title"),
        fields(
          of: home, visit: visit, notice: request.uri.queryParameters["said"].map(String.init)),
        of: visit)
    }
    post("p/:token/open/:plan", on: router) { visit, _, context in
      let plan = context.parameters.get("plan") ?? ""
      let session = try await visit.desk.openAndBegin(
        plan, by: visit.participant.pseudonym, now: visit.now)
      return redirect(visit.links.session(session.session.uuid))
    }
  }

  /// What is left to somebody who has withdrawn: their data, and their erasure.
  private func departed(_ visit: Visit) throws -> Response {
    try page(
      "message", visit.texts("withdrawn_title"),
      [
        "headline": visit.texts("withdrawn_title"), "sentences": [visit.texts("withdrawn_text")],
        "onward": [
          ["target": visit.links.data, "label": visit.texts("data_title")],
          ["target": visit.links.leave, "label": visit.texts("way_erase")],
        ],
      ], of: visit)
  }

  private func fields(
    of home: ParticipantHome, visit: Visit, notice: String?
  ) -> [String: Any] {
    let texts = visit.texts
    let known: [String] = ["consent_kept", "settings_kept", "logs_discarded"]
    let said = notice.flatMap { known.contains($0) ? $0 : nil }
    var fields: [String: Any] = [
      "hasRenewal": home.consent.needsRenewal,
      "due": home.due.map { due in
        [
          "name": name(of: due.occasion.instruments, visit: visit),
          "until": texts("due_until", ["when": visit.words.moment(due.until)]),
          "action": visit.links.begin(due.occasion.uuid), "isBegun": due.session != nil,
        ] as [String: Any]
      },
      "isIdle": home.due.isEmpty, "takesLogs": visit.version.study.logs != nil,
      "events": home.events.map { plan in
        [
          "name": name(of: plan.instruments, visit: visit), "action": visit.links.open(plan.id),
        ]
      },
      "hasProgress": home.planned > 0, "all": home.planned, "ended": home.ended,
      "progressWords": texts(
        "progress_words",
        [
          "n": visit.words.number(home.ended), "all": visit.words.number(home.planned),
          "answered": visit.words.number(home.submitted),
        ]),
      "course": home.course.map { course(of: $0, visit: visit) },
      "earned": home.earned.map { ["blocks": Prose($0.text).fields] },
      "zoneWords": texts("zone_words", ["zone": visit.words.zoneName]),
    ]
    fields["notice"] = said.map { texts($0) }
    fields["next"] = home.next.map { texts("next_opens", ["when": visit.words.moment($0)]) }
    return fields
  }

  /// What participants call an occasion: the titles of what it asks.
  func name(of instruments: [String], visit: Visit) -> String {
    let definitions = visit.version.definitions
    let person = visit.participant
    return instruments.map { id in
      let worded = definitions.instrument(id, language: person.language, site: person.site)
      return (worded ?? definitions.instruments[id])?.title ?? id
    }.joined(separator: ", ")
  }

  /// What participants call a score: the title of its instrument, and the score's name in words.
  private func words(for course: CourseOfScore, visit: Visit) -> String {
    let parts = course.name.split(separator: ".", maxSplits: 1).map(String.init)
    guard let instrument = parts.first, let score = parts.dropFirst().first else {
      return course.name
    }
    return "\(name(of: [instrument], visit: visit)): \(score.replacing("_", with: " "))"
  }

  private func course(of course: CourseOfScore, visit: Visit) -> [String: Any] {
    let values = course.points.compactMap(\.value)
    let name = words(for: course, visit: visit)
    let line = CourseLine(values)
    return [
      "name": name, "points": line.points,
      "dots": line.dots.map { ["x": $0.x, "y": $0.y] },
      "words": visit.texts(
        "course_words",
        [
          "name": name,
          "values": values.map { visit.words.number($0) }.joined(separator: ", "),
        ]),
    ]
  }
}
