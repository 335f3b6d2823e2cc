import Collection
import Hummingbird
import Storage

extension ParticipantPages {
  /// The way out that every message names. The address shows a page with a button, because mail
  /// programs open links by themselves; the button, or a mail program's own (RFC 8058), does it.
  func addUnsubscribing(to router: RouterGroup<WebContext>) {
    router.get("p/:token/unsubscribe") { request, context in
      let token = context.parameters.get("token") ?? ""
      let desk = try await study.current()
      let found = try await desk.database.read { try desk.subscriber(holding: token, in: $0) }
      return try await answer(to: found, token: token, desk: desk, request, context) {
        subscriber, texts in
        let meaning =
          if case .participant = subscriber { "way_reminders_meaning" } else {
            "unsubscribe_invited"
          }
        return (
          "unsubscribe", "unsubscribe_title",
          ["meaning": texts(meaning), "action": request.uri.path]
        )
      }
    }
    router.post("p/:token/unsubscribe") { request, context in
      let token = context.parameters.get("token") ?? ""
      let desk = try await study.current()
      let found = try await desk.unsubscribe(holding: token, now: clock())
      return try await answer(to: found, token: token, desk: desk, request, context) {
        subscriber, texts in
        let isTakingPart = if case .participant = subscriber { true } else { false }
        let sentence = isTakingPart ? "receipt_reminders" : "unsubscribed_invited"
        return (
          "message", "unsubscribed_title",
          ["headline": texts("unsubscribed_title"), "sentences": [texts(sentence)]]
        )
      }
    }
  }

  /// A page for whoever holds the token, in their language.
  private func answer(
    to subscriber: Subscriber?, token: String, desk: StudyDesk, _ request: Request,
    _ context: WebContext,
    _ content: (Subscriber, Texts) -> (template: String, title: String, fields: [String: Any])
  ) async throws -> Response {
    switch subscriber {
    case .participant(let participant):
      let visit = try visit(participant, token: token, desk: desk)
      let content = content(.participant(participant), visit.texts)
      return try page(content.template, visit.texts(content.title), content.fields, of: visit)
    case .invited(let invitation):
      let texts = renderer.texts.texts(invitation.language)
      let content = content(.invited(invitation), texts)
      return try page(
        content.template, texts(content.title), content.fields, of: desk.current.study,
        texts: texts, language: invitation.language)
    case nil:
      try await pause(request, context)
      throw WebProblem.unknownLink
    }
  }
}
