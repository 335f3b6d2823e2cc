import Foundation
import Identities
import InteractionLogs
import LocalTime
import Storage

/// What of a log is donated, and what the participant keeps back, by this or earlier choices.
struct LogSelection {
  private let log: InteractionLog
  /// The study days kept back.
  private let days: Set<LocalDate>
  private let withheldKeys: Set<[UInt8]>
  /// The names that the participant sees, in the order of the log's conversations.
  private let names: [String]
  /// The log without the conversations that are kept back.
  let kept: InteractionLog
  /// The tokens of the conversations that are kept back, in order.
  let withheldTokens: [String]

  /// - Throws: ``CollectionError`` `logsRefused` for a conversation that the log does not have.
  init(
    of log: InteractionLog, keepingBack chosen: KeptBack, standing: InteractionRows,
    key: SecretKey, from pseudonym: String
  ) throws {
    self.log = log
    days = chosen.days.union(
      standing.days.filter(\.isWithheld).compactMap { LocalDate($0.day) })
    let all = log.conversations ?? []
    let previewKey = key.derived(for: "preview of \(log.source.rawValue)", salt: [])
    let shown = all.map { $0.previewToken(under: previewKey) }
    let named = Set(
      try chosen.conversations.sorted().map {
        try Self.name(beginning: $0.lowercased(), in: shown, from: pseudonym)
      })
    names = shown
    let before = Set(standing.conversations.filter(\.isWithheld).map(\.token))
    let touching = log.keys(touching: days)
    var keys: Set<[UInt8]> = []
    var tokens: [String] = []
    for (conversation, name) in zip(all, shown) {
      let token = DonatedLog.token(of: conversation.key, from: log.source, under: key)
      guard
        named.contains(name) || before.contains(token)
          || touching.contains(conversation.key)
      else { continue }
      keys.insert(conversation.key)
      tokens.append(token)
    }
    withheldKeys = keys
    withheldTokens = tokens
    kept = log.leavingOut(keys)
  }

  /// The one name that begins so.
  private static func name(
    beginning: String, in names: [String], from pseudonym: String
  ) throws -> String {
    let found = names.filter { $0.hasPrefix(beginning) }
    guard let name = found.first, found.count == 1, beginning.count >= 4 else {
      throw CollectionError(
        .logsRefused, pseudonym,
        detail: found.isEmpty
          ? "the export has no conversation \(beginning); the preview lists those that it has"
          : "the tokens of \(found.count) conversations begin with \(beginning); give more of it")
    }
    return name
  }

  /// The days of the export as the person is shown them.
  var previewDays: [LogPreview.Day] {
    (kept.days ?? []).map { day in
      LogPreview.Day(
        date: day.date, conversations: day.conversations,
        messages: day.totals.map { $0.userMessages + $0.assistantMessages },
        sessions: day.sessions, minutes: day.minutes, withheldConversations: day.leftOut,
        isWithheld: days.contains(day.date))
    }
  }

  /// The conversations of the export as the person is shown them.
  var previewConversations: [LogPreview.Conversation] {
    zip(log.conversations ?? [], names).map { conversation, name in
      let totals = conversation.totals
      return LogPreview.Conversation(
        token: name, started: conversation.start, ended: conversation.end,
        messages: totals.userMessages + totals.assistantMessages,
        characters: log.source.gives(.text) ? totals.user.scalars + totals.assistant.scalars : nil,
        language: conversation.measures?.language, model: conversation.model?.rawValue,
        isWithheld: withheldKeys.contains(conversation.key))
    }
  }
}
