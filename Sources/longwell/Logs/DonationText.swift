import Collection
import Foundation
import LocalTime
import Storage

/// What a donation would keep, in words, for the person whose log it is.
enum DonationText {
  static func lines(
    _ preview: LogPreview, zone: TimeZone, listingConversations: Bool = false
  ) -> [String] {
    let donation = preview.donation
    func date(_ moment: Date) -> String { LocalMoment(moment, in: zone).date.description }
    let span = donation.coveredFrom.map { "\(date($0)) to \(date(donation.coveredUntil))" }
    var lines = [
      "\(preview.title), account \(donation.account), \(span ?? "without times") "
        + "(\(zone.identifier)).",
      "",
      "Would be kept of \(preview.pseudonym), as numbers and times, without any text, title or name:",
      "  conversations: \(preview.conversations)"
        + (preview.replaced > 0 ? ", \(preview.replaced) of them in place of earlier ones" : ""),
      "  days with use: \(preview.days.count { !$0.isWithheld })",
    ]
    if preview.withheldConversations > 0 || !preview.withheldDays.isEmpty {
      let days = preview.withheldDays.map(\.description).joined(separator: ", ")
      lines.append(
        "Would be kept back: \(preview.withheldConversations) conversations"
          + (days.isEmpty ? "" : ", and the days \(days)"))
    }
    lines += [""] + table(preview).lines + [""]
    if listingConversations { lines += conversations(preview, zone: zone).lines + [""] }
    lines.append(
      "It rests on the part \(donation.consentPart) of the consent, version "
        + "\(donation.consentVersion). Taking that back erases it.")
    return lines
  }

  private static func text(_ value: Int?) -> String { value.map(String.init) ?? "missing" }

  private static func table(_ preview: LogPreview) -> TextTable {
    var table = TextTable(
      header: ["day", "conversations", "messages", "sessions", "minutes", ""])
    table.rows = preview.days.map { day in
      guard !day.isWithheld else {
        return [day.date.description, "", "", "", "", "kept back"]
      }
      return [
        day.date.description, text(day.conversations), text(day.messages), text(day.sessions),
        day.minutes.map { NumberText.fixed($0, decimals: 0) } ?? "missing",
        day.withheldConversations > 0
          ? "without \(day.withheldConversations) conversations kept back" : "",
      ]
    }
    return table
  }

  private static func conversations(_ preview: LogPreview, zone: TimeZone) -> TextTable {
    var table = TextTable(
      header: ["conversation", "began", "messages", "characters", "language", "model", ""])
    table.rows = preview.conversationList.map { conversation in
      let began = conversation.started.map { LocalMoment($0, in: zone).localText }
      return [
        String(conversation.token.prefix(8)), began ?? "missing", String(conversation.messages),
        text(conversation.characters), conversation.language ?? "", conversation.model ?? "",
        conversation.isWithheld ? "kept back" : "",
      ]
    }
    return table
  }
}

/// A donation for programs.
struct DonationDocument: Encodable {
  struct Day: Encodable {
    var date: String
    var conversations, messages, sessions: Int?
    var minutes: Double?
    var withheldConversations: Int
    var isWithheld: Bool

    enum CodingKeys: String, CodingKey {
      case date, conversations, messages, sessions, minutes
      case withheldConversations = "withheld_conversations"
      case isWithheld = "is_withheld"
    }
  }

  struct Conversation: Encodable {
    var token: String
    var start, end: String?
    var messages: Int
    var characters: Int?
    var language, model: String?
    var isWithheld: Bool

    enum CodingKeys: String, CodingKey {
      case token, start, end, messages, characters, language, model
      case isWithheld = "is_withheld"
    }
  }

  struct List: Encodable {
    var name, version, hash: String
  }

  var participant, source: String
  var account: Int
  var coveredFrom: String?
  var coveredUntil: String
  var conversations, withheldConversations, replaced: Int
  var days: [Day]
  var items: [Conversation]
  var lists: [List]
  var isStored: Bool

  enum CodingKeys: String, CodingKey {
    case participant, source, account, conversations, replaced, days, items, lists
    case coveredFrom = "covered_from"
    case coveredUntil = "covered_until"
    case withheldConversations = "withheld_conversations"
    case isStored = "is_stored"
  }

  init(_ preview: LogPreview, isStored: Bool) {
    let donation = preview.donation
    participant = preview.pseudonym
    source = donation.source
    account = donation.account
    coveredFrom = donation.coveredFrom?.utcText
    coveredUntil = donation.coveredUntil.utcText
    conversations = preview.conversations
    withheldConversations = preview.withheldConversations
    replaced = preview.replaced
    days = preview.days.map {
      Day(
        date: $0.date.description, conversations: $0.isWithheld ? nil : $0.conversations,
        messages: $0.isWithheld ? nil : $0.messages,
        sessions: $0.isWithheld ? nil : $0.sessions,
        minutes: $0.isWithheld ? nil : $0.minutes,
        withheldConversations: $0.withheldConversations, isWithheld: $0.isWithheld)
    }
    items = preview.conversationList.map {
      Conversation(
        token: $0.token, start: $0.started?.utcText, end: $0.ended?.utcText, messages: $0.messages,
        characters: $0.characters, language: $0.language, model: $0.model,
        isWithheld: $0.isWithheld)
    }
    lists = donation.lists.map { List(name: $0.name, version: $0.version, hash: $0.hash) }
    self.isStored = isStored
  }
}
