import Foundation
import InteractionLogs
import LocalTime

/// An interaction log for a person at a terminal: what it is, what it covers, what would be kept.
struct LogSummary {
  let log: InteractionLog

  var lines: [String] {
    var lines = ["\(log.source.title), \(span)"]
    lines += counts.map { "  \($0.name): \($0.value)" }
    lines += monthLines
    if !log.skipped.isEmpty {
      lines += ["", "Not counted:"]
      lines += log.skipped.sorted { $0.key.rawValue < $1.key.rawValue }.map {
        "  \(Self.words(for: $0.key)): \($0.value)"
      }
    }
    lines += ["", "Features, over all conversations; the words among them are proxies:"]
    lines += featureLines
    let missing = LogCapability.allCases.filter { !log.source.gives($0) }
    if !missing.isEmpty {
      let names = missing.map { $0.rawValue.replacing("_", with: " ") }.joined(separator: ", ")
      lines += ["", "Missing, because \(log.source.title) does not give it: \(names)."]
    }
    return lines
  }

  private var span: String {
    guard let from = log.from, let to = log.to else { return "without times" }
    let (first, last) = (LocalMoment(from, in: log.zone), LocalMoment(to, in: log.zone))
    return "\(first.date) to \(last.date) (\(log.zone.identifier))"
  }

  private var counts: [(name: String, value: String)] {
    [
      ("conversations", text(log.conversations?.count)),
      ("messages of the person", text(log.totals?.userMessages)),
      ("answers", text(log.totals?.assistantMessages)),
      ("days with use", text(log.days?.count)),
      ("sessions", text(log.sessions?.count)),
      ("answers asked for again", text(log.regenerations)),
      ("questions written anew", text(log.edits)),
      ("answers stopped", text(log.interruptions)),
      ("messages without a time", text(log.missingTimes)),
    ]
  }

  private func text(_ value: Int?) -> String { value.map(String.init) ?? "missing" }

  private var monthLines: [String] {
    guard let days = log.days, !days.isEmpty else { return [] }
    var months: [String: (begun: Int?, messages: Int?, minutes: Double?)] = [:]
    for day in days {
      let month = String(day.date.description.prefix(7))
      let before = months[month] ?? (nil, nil, nil)
      months[month] = (
        day.begun.map { $0 + (before.begun ?? 0) } ?? before.begun,
        day.totals.map { $0.userMessages + $0.assistantMessages + (before.messages ?? 0) }
          ?? before.messages,
        day.minutes.map { $0 + (before.minutes ?? 0) } ?? before.minutes
      )
    }
    var table = TextTable(header: ["month", "conversations", "messages", "minutes"])
    table.rows = months.sorted { $0.key < $1.key }.map { month, sums in
      [
        month, text(sums.begun), text(sums.messages),
        sums.minutes.map { NumberText.fixed($0, decimals: 0) } ?? "missing",
      ]
    }
    return [""] + table.lines
  }

  private var featureLines: [String] {
    var table = TextTable(header: ["feature", "mean", "over"])
    func add(_ name: String, _ sum: Double?, _ count: Int?, decimals: Int) {
      guard let sum, let count, count > 0 else { return }
      table.rows.append(
        [name, NumberText.fixed(sum / Double(count), decimals: decimals), String(count)])
    }
    let totals = log.totals
    let hasText = log.source.gives(.text)
    add(
      "characters of a message", hasText ? totals.map { Double($0.user.scalars) } : nil,
      totals?.userMessages, decimals: 0)
    add(
      "characters of an answer", hasText ? totals.map { Double($0.assistant.scalars) } : nil,
      totals?.assistantMessages, decimals: 0)
    add(
      "seconds to an answer", totals?.replyLatency.sum, totals?.replyLatency.count, decimals: 1)
    add(
      "seconds from an answer to the next question", totals?.thinkTime.sum,
      totals?.thinkTime.count, decimals: 1)
    for feature in TextFeature.allCases {
      let share = log.measures?.shares[feature]
      add(
        feature.rawValue.replacing("_", with: " "), share?.sum, share?.count, decimals: 4)
    }
    return table.lines
  }

  private static func words(for reason: SkipReason) -> String {
    switch reason {
    case .noMapping: "conversations without their messages"
    case .noMessages: "entries in which nobody says anything"
    case .unrecognised: "entries that are no conversations"
    case .malformed: "entries that are no JSON"
    case .tooDeep: "entries nested too deep"
    case .notUTF8: "entries whose text is not UTF-8"
    case .oversized: "conversations too large to be read"
    case .duplicate: "conversations that were there twice"
    case .missingShard: "files that the export lists and does not hold"
    case .otherProduct: "rows of other products"
    case .otherFile: "files of conversations that are not the service's own"
    }
  }
}
