import Collection
import Foundation
import Hummingbird
import LocalTime
import Storage
import Studies

/// What a donation would keep: an overview by months, the days of a month, the conversations of a day. Each
/// is a page of its own, because years of use are more than a page should weigh.
extension ParticipantPages {
  func addPreview(to router: RouterGroup<WebContext>) {
    router.get("p/:token/logs/preview") { request, context in
      try await look(request, context) { try overviewPage($0, notice: $1, $2) }
    }
    router.get("p/:token/logs/preview/:part") { request, context in
      let part = try context.logPart()
      return try await look(request, context) { try partPage(part, of: $0, notice: $1, $2) }
    }
    post("p/:token/logs/preview/:part", on: router) { visit, form, context in
      let part = try context.logPart()
      if let refusal = try await donationRefusal(visit) { return refusal }
      guard let entry = shelf.entry(of: visit.participant.pseudonym, now: visit.now) else {
        return redirect(visit.links.logs + "?said=logs_forgotten")
      }
      try await keepBack(
        part.choice(of: form, in: LogCalendar(entry), before: entry.keptBack), of: entry, visit)
      let up = part.monthOfDay.map { visit.links.logs($0.path) } ?? visit.links.logsPreview
      return redirect(up + "?said=logs_marked")
    }
  }

  private func look(
    _ request: Request, _ context: WebContext,
    _ show: (DonationShelf.Entry, String?, Visit) throws -> Response
  ) async throws -> Response {
    let visit = try await visit(request, context)
    if let refusal = try await donationRefusal(visit) { return refusal }
    guard let entry = shelf.entry(of: visit.participant.pseudonym, now: visit.now) else {
      return redirect(visit.links.logs + "?said=logs_forgotten")
    }
    let known: [String] = ["logs_marked", "logs_changed"]
    let said = request.uri.queryParameters["said"].map(String.init)
    return try show(
      entry, said.flatMap { known.contains($0) ? visit.texts($0) : nil }, visit)
  }

  // MARK: - The overview

  private func overviewPage(
    _ entry: DonationShelf.Entry, notice: String?, _ visit: Visit
  ) throws -> Response {
    let (texts, words, preview) = (visit.texts, visit.words, entry.preview)
    let calendar = LogCalendar(entry)
    let kept = preview.days.filter { !$0.isWithheld }
    let all = preview.days.map(\.date)
    var sentences = [
      texts(
        "logs_would_keep",
        [
          "source": preview.title, "from": all.first.map { words.day($0) } ?? "",
          "to": all.last.map { words.day($0) } ?? "",
          "conversations": preview.conversationList.isEmpty
            ? texts("logs_missing") : words.number(preview.conversations),
          "days": words.number(kept.count),
          "messages": shown(kept.compactMap(\.messages).nonEmptySum, visit),
        ])
    ]
    if preview.replaced > 0 {
      sentences.append(texts("logs_replaced", ["n": words.number(preview.replaced)]))
    }
    if preview.withheldConversations > 0 || !preview.withheldDays.isEmpty {
      sentences.append(
        texts(
          "logs_would_withhold",
          [
            "conversations": words.number(preview.withheldConversations),
            "days": words.number(preview.withheldDays.count),
          ]))
    }
    let months = calendar.months.map { ($0, calendar.messages(in: $0)) }
    let most = months.compactMap(\.1).max() ?? 0
    var fields: [String: Any] = [
      "action": visit.links.logsPreview, "sentences": sentences + [texts("logs_not_yet")],
      "months": months.map { month, messages in
        [
          "target": visit.links.logs(month.path), "label": words.month(of: month.first),
          "days": words.number(calendar.days(in: month).count { !$0.isWithheld }),
          "messages": shown(messages, visit), "bar": Self.bar(messages, of: most),
        ] as [String: Any]
      },
    ]
    fields["notice"] = notice
    if calendar.hasUndated { fields["undated"] = visit.links.logs(LogPart.undated.path) }
    return try page("preview", texts("logs_preview_title"), fields, of: visit)
  }

  /// How wide a bar is in a drawing 100 wide: as wide as it can be seen, for anything at all.
  private static func bar(_ number: Int?, of most: Int) -> Int {
    guard let number, number > 0, most > 0 else { return 0 }
    return max(1, number * 100 / most)
  }

  private func shown(_ number: Int?, _ visit: Visit) -> String {
    number.map { visit.words.number($0) } ?? visit.texts("logs_missing")
  }

  // MARK: - A month, a day

  private func partPage(
    _ part: LogPart, of entry: DonationShelf.Entry, notice: String?, _ visit: Visit
  ) throws -> Response {
    let (texts, words) = (visit.texts, visit.words)
    let calendar = LogCalendar(entry)
    let title: String
    let rows: [[String: Any]]
    switch part {
    case .month(let month):
      title = words.month(of: month.first)
      rows = dayRows(of: month, in: calendar, entry, visit)
    case .day(let day):
      title = words.day(day)
      rows = conversationRows(calendar.conversations(on: day), entry, visit)
    case .undated:
      title = texts("logs_undated")
      rows = conversationRows(calendar.conversations(on: nil), entry, visit)
    }
    guard !rows.isEmpty else { throw WebProblem.unknownPage }
    var fields: [String: Any] = [
      "headline": title, "action": visit.links.logs(part.path), "rows": rows,
      "legend": texts(part.isMonth ? "logs_days_legend" : "logs_conversations_legend"),
      "canMark": rows.contains { $0["content"] != nil },
    ]
    fields["notice"] = notice
    fields["hint"] = part.isMonth ? texts("logs_bars") : nil
    if let month = part.monthOfDay {
      fields["up"] = [
        "target": visit.links.logs(month.path), "label": words.month(of: month.first),
      ]
    }
    return try page("keepback", title, fields, of: visit)
  }

  private func dayRows(
    of month: LogMonth, in calendar: LogCalendar, _ entry: DonationShelf.Entry, _ visit: Visit
  ) -> [[String: Any]] {
    let (texts, words) = (visit.texts, visit.words)
    let most = entry.preview.days.filter { !$0.isWithheld }.compactMap(\.messages).max() ?? 0
    return calendar.days(in: month).map { day in
      let name = words.day(day.date)
      let isChosen = entry.keptBack.days.contains(day.date)
      guard !day.isWithheld || isChosen else {
        return ["words": texts("logs_day_withheld", ["day": name])]
      }
      var row: [String: Any] = [
        "content": day.date.description, "name": "day", "isChosen": isChosen,
        "label": texts(
          "logs_day",
          [
            "day": name, "conversations": shown(day.conversations, visit),
            "messages": shown(day.messages, visit),
            "minutes": shown(day.minutes.map { Int($0.rounded()) }, visit),
          ]), "bars": [["bar": Self.bar(day.isWithheld ? 0 : day.messages, of: most)]],
      ]
      let begun = calendar.conversations(on: day.date)
      if !begun.isEmpty {
        row["more"] = [
          "target": visit.links.logs(day.date.description),
          "label": texts("logs_day_conversations", ["n": words.number(begun.count)]),
        ]
      }
      return row
    }
  }

  private func conversationRows(
    _ conversations: [LogPreview.Conversation], _ entry: DonationShelf.Entry, _ visit: Visit
  ) -> [[String: Any]] {
    let (texts, words) = (visit.texts, visit.words)
    return conversations.map { conversation in
      let when = conversation.started.map { words.moment($0) } ?? texts("logs_undated")
      let isChosen = entry.keptBack.conversations.contains(conversation.token)
      guard !conversation.isWithheld || isChosen else {
        return ["words": texts("logs_conversation_withheld", ["when": when])]
      }
      return [
        "content": conversation.token, "name": "conversation", "isChosen": isChosen,
        "label": texts(
          "logs_conversation",
          [
            "when": when, "messages": words.number(conversation.messages),
            "characters": shown(conversation.characters, visit),
            "model": conversation.model ?? texts("logs_missing"),
            "language": conversation.language.map { words.name(ofLanguage: $0) }
              ?? texts("logs_missing"),
          ]),
      ] as [String: Any]
    }
  }
}

extension [Int] {
  /// Their sum; nil for none.
  fileprivate var nonEmptySum: Int? { isEmpty ? nil : reduce(0, +) }
}

extension WebContext {
  /// The part of a preview in the path.
  ///
  /// - Throws: ``WebProblem`` `unknownPage` for what is none.
  fileprivate func logPart() throws -> LogPart {
    guard let part = parameters.get("part").flatMap(LogPart.init) else {
      throw WebProblem.unknownPage
    }
    return part
  }
}
