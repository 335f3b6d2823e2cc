import Collection
import Foundation
import LocalTime
import Storage

/// What a donation would keep, in words, for the person whose log it is.
enum DonationText {
  static func lines(_ preview: LogPreview, zone: TimeZone) -> [String] {
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
    lines.append(
      "It rests on the part \(donation.consentPart) of the consent, version "
        + "\(donation.consentVersion). Taking that back erases it.")
    return lines
  }

  private static func table(_ preview: LogPreview) -> TextTable {
    func text(_ value: Int?) -> String { value.map(String.init) ?? "missing" }
    var table = TextTable(
      header: ["day", "conversations", "messages", "sessions", "minutes", ""])
    table.rows = preview.days.map { day in
      guard !day.isWithheld else {
        return [day.date.description, "", "", "", "", "kept back"]
      }
      return [
        day.date.description, text(day.conversations), text(day.messages), text(day.sessions),
        day.minutes.map { NumberText.fixed($0, decimals: 0) } ?? "missing", "",
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
    var isWithheld: Bool

    enum CodingKeys: String, CodingKey {
      case date, conversations, messages, sessions, minutes
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
  var lists: [List]
  var isStored: Bool

  enum CodingKeys: String, CodingKey {
    case participant, source, account, conversations, replaced, days, lists
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
        minutes: $0.isWithheld ? nil : $0.minutes, isWithheld: $0.isWithheld)
    }
    lists = donation.lists.map { List(name: $0.name, version: $0.version, hash: $0.hash) }
    self.isStored = isStored
  }
}
