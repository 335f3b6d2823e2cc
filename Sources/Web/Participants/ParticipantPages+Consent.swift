import Collection
import Foundation
import Hummingbird
import Storage
import Studies

extension ParticipantPages {
  func addConsent(to router: RouterGroup<WebContext>) {
    router.get("p/:token/consent") { request, context in
      let visit = try await visit(request, context)
      let standing = try await visit.desk.consentStanding(of: visit.participant.pseudonym)
      return try consentPage(visit, agreed: Set(standing.agreed))
    }
    post("p/:token/consent", on: router) { visit, form, _ in
      let parts = Set(form.values("part"))
      do {
        try await visit.desk.agree(visit.participant.pseudonym, to: parts, now: visit.now)
      } catch let error as CollectionError where error.code == .consentMissing {
        let missing = visit.version.study.consent.parts.filter {
          $0.isRequired && !parts.contains($0.id)
        }
        // Who takes back what is required leaves the study, and says how.
        let standing = try await visit.desk.consentStanding(of: visit.participant.pseudonym)
        return try consentPage(
          visit, agreed: parts, missing: missing.map(\.id),
          isTakingBack: standing.missing.isEmpty)
      }
      forgetLogIfRevoked(parts, of: visit.participant.pseudonym)
      return redirect(visit.links.home + "?said=consent_kept")
    }
  }

  private func consentPage(
    _ visit: Visit, agreed: Set<String>, missing: [String] = [], isTakingBack: Bool = false
  ) throws -> Response {
    var fields = consentFields(
      visit.version, language: visit.participant.language, agreed: agreed, texts: visit.texts,
      missing: missing)
    fields["action"] = visit.links.consent
    if isTakingBack {
      fields["problems"] = Problem.list(
        visit.texts("part_required"),
        [(target: visit.links.leave, label: visit.texts("leave_title"))], isPath: true)
    }
    return try page(
      "consent", visit.texts("consent_choices"), fields, of: visit,
      status: missing.isEmpty ? .ok : .unprocessableContent)
  }

  /// The text and its parts, as the template `consent` reads them.
  func consentFields(
    _ version: StudyVersion, language: String, agreed: Set<String>, texts: Texts,
    missing: [String]
  ) -> [String: Any] {
    let definitions = version.definitions
    let text =
      definitions.consentTexts[language]
      ?? version.study.languages.lazy.compactMap {
        definitions.consentTexts[$0]
      }.first
    let consent = version.study.consent
    func question(_ part: ConsentPart) -> String {
      part.question[language] ?? part.question[version.study.languages.first ?? ""]
        ?? part.question.values.first ?? part.id
    }
    var fields: [String: Any] = [
      "blocks": Prose(text?.text ?? "").fields(isPage: true),
      "parts": consent.parts.map { part in
        [
          "part": part.id, "question": question(part), "isRequired": part.isRequired,
          "isAgreed": agreed.contains(part.id),
        ] as [String: Any]
      },
    ]
    let places = consent.parts.filter { missing.contains($0.id) }.map {
      (target: "part-\($0.id)", label: question($0))
    }
    if let first = places.first {
      fields["problems"] = Problem.list(texts("consent_missing", ["part": first.label]), places)
    }
    return fields
  }
}

/// What stands at the head of a page that has to be looked at again.
enum Problem {
  /// As the template `summary` reads it.
  ///
  /// - Parameters:
  ///   - places: the ids of the elements to look at, or paths, with what to call them.
  static func list(
    _ headline: String, _ places: [(target: String, label: String)], isPath: Bool = false
  ) -> [String: Any] {
    [
      "headline": headline,
      "places": places.map { ["target": isPath ? $0.target : "#\($0.target)", "label": $0.label] },
    ]
  }
}
