import Collection
import Foundation
import Hummingbird
import Instruments
import Storage

extension ParticipantPages {
  func addAnswering(to router: RouterGroup<WebContext>) {
    post("p/:token/begin/:occasion", on: router) { visit, _, context in
      let session = try await visit.desk.begin(
        try context.uuid("occasion"), of: visit.participant.pseudonym, now: visit.now)
      return redirect(visit.links.session(session.session.uuid))
    }
    router.get("p/:token/s/:session") { request, context in
      let visit = try await visit(request, context)
      let session = try await session(visit, context)
      guard session.session.state != .submitted else {
        return redirect(visit.links.thanks(session.session.uuid))
      }
      return redirect(
        session.firstOpenPage.map { visit.links.page($0.number, of: session.session.uuid) }
          ?? visit.links.review(session.session.uuid))
    }
    router.get("p/:token/s/:session/:page") { request, context in
      let visit = try await visit(request, context)
      let session = try await session(visit, context)
      guard session.session.state != .submitted else {
        return redirect(visit.links.thanks(session.session.uuid))
      }
      let number = context.parameters.get("page", as: Int.self) ?? 0
      guard let page = session.pages.first(where: { $0.number == number - 1 }) else {
        // A page that an earlier answer has hidden since, or that never was.
        return redirect(visit.links.session(session.session.uuid))
      }
      return try questions(page, of: session, visit: visit)
    }
    post("p/:token/s/:session/:page", on: router) { visit, form, context in
      try await send(form, visit: visit, context: context)
    }
    addEnding(to: router)
  }

  func session(_ visit: Visit, _ context: WebContext) async throws -> SessionInProgress {
    let uuid = try context.uuid("session")
    let pseudonym = visit.participant.pseudonym
    return try await visit.desk.database.read {
      try visit.desk.session(uuid, of: pseudonym, in: $0)
    }
  }

  /// Saves a page and goes where the participant wants to.
  private func send(
    _ form: FormFields, visit: Visit, context: WebContext
  ) async throws -> Response {
    let number = context.parameters.get("page", as: Int.self) ?? 0
    let typed = AnswerForm(form)
    let outcome: PageOutcome
    do {
      outcome = try await visit.desk.save(
        TypedPage(
          session: try context.uuid("session"), number: number - 1, typed: typed.answers,
          times: typed.times, clientKey: form["key"]),
        of: visit.participant.pseudonym, now: visit.now)
    } catch let error as CollectionError where error.code == .alreadySubmitted {
      guard !typed.isFromScript else { return Response(status: .conflict) }
      return redirect(visit.links.thanks(try context.uuid("session")))
    }
    guard !typed.isFromScript else { return Response(status: .noContent) }
    let session = outcome.session.session.uuid
    let mayGoOn: Bool
    switch form["go"] {
    case "back": mayGoOn = true
    case "leave": mayGoOn = true
    case "anyway": mayGoOn = outcome.refused.isEmpty && outcome.needed.isEmpty
    default: mayGoOn = outcome.isComplete
    }
    guard mayGoOn else {
      return try questions(
        outcome.page, of: outcome.session, visit: visit, after: outcome, typed: typed.answers)
    }
    let pages = outcome.session.pages
    let target: SessionPage?
    switch form["go"] {
    case "leave": return redirect(visit.links.home + "?said=settings_kept")
    case "back": target = pages.last { $0.number < outcome.page.number } ?? pages.first
    default: target = pages.first { $0.number > outcome.page.number }
    }
    if outcome.isConcerning {
      return redirect(visit.links.support(session, before: target?.number))
    }
    return redirect(
      target.map { visit.links.page($0.number, of: session) } ?? visit.links.review(session))
  }

  /// A page of questions, with what to look at again after it was sent.
  private func questions(
    _ page: SessionPage, of session: SessionInProgress, visit: Visit,
    after outcome: PageOutcome? = nil, typed: [String: String] = [:]
  ) throws -> Response {
    let texts = visit.texts
    let pages = session.pages
    let place = (pages.firstIndex { $0.number == page.number } ?? 0) + 1
    var fields: [String: Any] = [
      "action": visit.links.page(page.number, of: session.session.uuid),
      "heading": page.instrument.title, "all": pages.count,
      "ended": place - 1,
      "progressWords": texts(
        "progress_page",
        ["n": visit.words.number(place), "all": visit.words.number(pages.count)]),
      "canGoBack": place > 1,
      "canSkip": outcome.map {
        !$0.blank.isEmpty && $0.needed.isEmpty && $0.refused.isEmpty
      } ?? false,
      "questions": QuestionFields.all(
        of: page, session: session, texts: texts, outcome: outcome, typed: typed),
    ]
    if page.isFirstOfInstrument { fields["instructions"] = page.instrument.instructions }
    if let outcome { fields["problems"] = problems(outcome, session: session, texts: texts) }
    return try self.page(
      "questions", page.instrument.title, fields, of: visit,
      status: outcome == nil ? .ok : .unprocessableContent)
  }

  private func problems(
    _ outcome: PageOutcome, session: SessionInProgress, texts: Texts
  ) -> [String: Any] {
    let page = outcome.page
    // What stands in the way comes first; what may be left is asked for once nothing does.
    let inTheWay = outcome.refused.union(outcome.needed)
    let marked = inTheWay.isEmpty ? outcome.blank : inTheWay
    let places = page.items.filter { marked.contains($0.id) }.map { item in
      (
        target: "q-\(item.id)",
        label: page.instrument.text(
          of: item, answers: session.answers[page.instrument.id] ?? [:],
          carried: session.carried[page.instrument.id] ?? [:])
      )
    }
    let headline =
      !outcome.refused.isEmpty
      ? "problems_fix" : !outcome.needed.isEmpty ? "problems_needed" : "problems_blank"
    return Problem.list(texts(headline, ["n": "\(places.count)"]), places)
  }
}

/// The answers of a form: `a.ITEM` for each, `r.ITEM.OPTION` for the places of a ranking, `t.ITEM` for
/// moments.
struct AnswerForm: Sendable {
  private(set) var answers: [String: String] = [:]
  private(set) var times: [String: Date] = [:]
  /// Whether the page's script saves what has been answered so far; it wants no page back.
  let isFromScript: Bool

  init(_ form: FormFields) {
    isFromScript = form["go"] == "keep"
    var places: [String: [(option: String, place: String)]] = [:]
    for (name, value) in form.all {
      let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { continue }
      switch parts[0] {
      case "a": answers[parts[1]] = answers[parts[1]].map { "\($0),\(value)" } ?? value
      case "r":
        let pieces = parts[1].split(separator: ".").map(String.init)
        guard pieces.count == 2, !value.isEmpty else { continue }
        places[pieces[0], default: []].append((pieces[1], value))
      case "t":
        guard let milliseconds = Double(value), (0..<1e14).contains(milliseconds) else { continue }
        times[parts[1]] = Date(timeIntervalSince1970: milliseconds / 1000)
      default: continue
      }
    }
    for (item, entries) in places {
      let ordered = entries.sorted { (Int($0.place) ?? .max) < (Int($1.place) ?? .max) }
      let isProper = Set(entries.map(\.place)).count == entries.count
      // Two options in one place are no ranking; what cannot be read is told to the person.
      answers[item] = isProper ? ordered.map(\.option).joined(separator: ",") : "?"
    }
  }
}
