import Collection
import Foundation
import Hummingbird
import Instruments
import Storage
import Studies

extension ParticipantPages {
  /// What comes after the last page: a look back, sending, and thanks.
  func addEnding(to router: RouterGroup<WebContext>) {
    router.get("p/:token/s/:session/review") { request, context in
      let visit = try await visit(request, context)
      let session = try await session(visit, context)
      guard session.session.state != .submitted else {
        return redirect(visit.links.thanks(session.session.uuid))
      }
      return try review(session, visit: visit)
    }
    post("p/:token/s/:session/submit", on: router) { visit, _, context in
      let uuid = try context.uuid("session")
      do {
        try await visit.desk.submit(uuid, of: visit.participant.pseudonym, now: visit.now)
      } catch let error as CollectionError where error.code == .answerRequired {
        let session = try await session(visit, context)
        return redirect(
          session.firstRequiredPage.map { visit.links.page($0.number, of: uuid) }
            ?? visit.links.session(uuid))
      }
      return redirect(visit.links.thanks(uuid))
    }
    router.get("p/:token/s/:session/thanks") { request, context in
      let visit = try await visit(request, context)
      let session = try await session(visit, context)
      guard session.session.state == .submitted else {
        return redirect(visit.links.session(session.session.uuid))
      }
      return try thanks(session, visit: visit)
    }
    for path: RouterPath in ["p/:token/s/:session/support", "p/:token/s/:session/support/:page"] {
      router.get(path) { request, context in
        let visit = try await visit(request, context)
        return try support(
          try await session(visit, context), visit: visit,
          page: context.parameters.get("page", as: Int.self))
      }
    }
  }

  private func review(_ session: SessionInProgress, visit: Visit) throws -> Response {
    let uuid = session.session.uuid
    let blank = session.leftBlank
    var fields: [String: Any] = [
      "action": visit.links.session(uuid) + "/submit", "isComplete": blank.isEmpty,
      "last": session.pages.last.map { visit.links.page($0.number, of: uuid) }
        ?? visit.links.home,
    ]
    if !blank.isEmpty {
      fields["blanks"] =
        [
          "blankWords": visit.texts("blank_words", ["n": visit.words.number(blank.count)]),
          "places": blank.map { page, item in
            [
              "target": visit.links.page(page.number, of: uuid) + "#q-\(item.id)",
              "label": page.instrument.text(
                of: item, answers: session.answers[page.instrument.id] ?? [:],
                carried: session.carried[page.instrument.id] ?? [:]),
            ]
          },
        ] as [String: Any]
    }
    return try page("review", visit.texts("review_title"), fields, of: visit)
  }

  private func thanks(_ session: SessionInProgress, visit: Visit) throws -> Response {
    let version = try visit.desk.version(session.session.publication)
    let texts = version.definitions.feedbackTexts
    let feedback = texts[visit.participant.language] ?? texts[version.study.languages.first ?? ""]
    let safety = try visit.desk.safetyNotice(for: session)
    var fields: [String: Any] = [
      "headline": visit.texts("thanks_title"),
      "sentences": session.session.isLate ? [visit.texts("thanks_late")] : [],
      "blocks": Prose(feedback?.text ?? "").fields,
      "onward": [["target": visit.links.home, "label": visit.texts("to_home")]],
    ]
    if let safety {
      fields["sections"] = [["blocks": Prose(safety.text + "\n\n" + safety.contact).fields]]
    }
    return try page("message", visit.texts("thanks_title"), fields, of: visit)
  }

  /// Whom to turn to, right after an answer that gives concern.
  private func support(
    _ session: SessionInProgress, visit: Visit, page: Int?
  ) throws -> Response {
    let uuid = session.session.uuid
    let onward = page.map { visit.links.page($0 - 1, of: uuid) } ?? visit.links.review(uuid)
    guard let notice = try visit.desk.safetyNotice(for: session) else { return redirect(onward) }
    return try self.page(
      "message", visit.texts("support_title"),
      [
        "headline": visit.texts("support_title"),
        "blocks": Prose(notice.text + "\n\n" + notice.contact).fields,
        "onward": [["target": onward, "label": visit.texts("continue")]],
      ], of: visit)
  }
}
