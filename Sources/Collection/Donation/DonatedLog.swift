import Foundation
import Identities
import InteractionLogs
import LocalTime
import Storage

/// An interaction log as rows of the study: names of conversations become tokens, features numbers.
struct DonatedLog {
  let rows: InteractionRows

  /// - Parameters:
  ///   - log: without what the participant keeps back.
  ///   - key: the participant's own, under which the names are hashed.
  ///   - withheld: the tokens of the conversations that are kept back.
  init(_ log: InteractionLog, donation: UUID, key: SecretKey, withholding withheld: [String]) {
    let conversations = (log.conversations ?? []).map { conversation in
      ConversationRow(
        donation: donation,
        token: Self.token(of: conversation.key, from: log.source, under: key),
        started: conversation.start?.wholeMilliseconds,
        ended: conversation.end?.wholeMilliseconds, day: conversation.day?.description,
        dayPart: conversation.dayPart?.rawValue, model: conversation.model?.rawValue,
        language: conversation.measures?.language,
        numbers: Self.numbers(of: conversation, from: log.source))
    }
    let sessions = (log.sessions ?? []).map { session in
      var numbers = Self.numbers(of: session.totals, from: log.source)
      numbers[.conversations] = session.conversations.map(Double.init)
      numbers.merge(Self.numbers(of: session.hours)) { $1 }
      return InteractionSessionRow(
        donation: donation, started: session.start.wholeMilliseconds,
        ended: session.end.wholeMilliseconds, numbers: numbers)
    }
    let days = (log.days ?? []).map { day in
      InteractionDayRow(
        donation: donation, day: day.date.description,
        numbers: Self.numbers(of: day, from: log.source))
    }
    rows = InteractionRows(
      conversations: conversations
        + withheld.map { ConversationRow(withheld: $0, donation: donation) },
      sessions: sessions, days: days)
  }

  /// HMAC-SHA-256 of the service and its name for the conversation.
  static func token(of name: [UInt8], from source: LogSource, under key: SecretKey) -> String {
    key.authenticationCode(for: Array(source.rawValue.utf8) + [0x2F] + name).hexadecimal
  }

  // MARK: - Numbers

  private static func numbers(
    of conversation: ConversationFeatures, from source: LogSource
  ) -> [InteractionNumber: Double] {
    var numbers = numbers(of: conversation.totals, from: source)
    numbers[.turns] = Double(conversation.turns)
    numbers[.depth] = Double(conversation.depth)
    numbers[.regenerations] = conversation.regenerations.map(Double.init)
    numbers[.edits] = conversation.edits.map(Double.init)
    numbers[.interruptions] = conversation.interruptions.map(Double.init)
    numbers[.missingTimes] = conversation.missingTimes.map(Double.init)
    numbers[.returned] = conversation.returned.map { $0 ? 1 : 0 }
    return numbers.merging(Self.numbers(of: conversation.measures)) { $1 }
  }

  private static func numbers(
    of day: DayFeatures, from source: LogSource
  ) -> [InteractionNumber: Double] {
    var numbers = day.totals.map { Self.numbers(of: $0, from: source) } ?? [:]
    numbers[.conversations] = day.conversations.map(Double.init)
    numbers[.begun] = day.begun.map(Double.init)
    numbers[.minutes] = day.minutes
    numbers[.sessions] = day.sessions.map(Double.init)
    numbers[.longSessions] = day.longSessions.map(Double.init)
    numbers[.firstUseAt] = day.firstUse.map { Double($0.utcMilliseconds) }
    numbers[.lastUseAt] = day.lastUse.map { Double($0.utcMilliseconds) }
    numbers[.modelFamilies] = day.models.map { Double($0.count) }
    if source.gives(.conversations) { numbers[.withheldConversations] = Double(day.leftOut) }
    numbers[.regenerations] = day.regenerations.map(Double.init)
    numbers[.edits] = day.edits.map(Double.init)
    numbers[.interruptions] = day.interruptions.map(Double.init)
    if let hours = day.hours { numbers.merge(Self.numbers(of: hours)) { $1 } }
    return numbers.merging(Self.numbers(of: day.measures)) { $1 }
  }

  /// What the source cannot give stays out.
  private static func numbers(
    of totals: MessageTotals, from source: LogSource
  ) -> [InteractionNumber: Double] {
    var numbers: [InteractionNumber: Double] = [
      .userMessages: Double(totals.userMessages),
      .assistantMessages: Double(totals.assistantMessages),
    ]
    func add(_ capability: LogCapability, _ pairs: [(InteractionNumber, Double)]) {
      guard source.gives(capability) else { return }
      for (number, value) in pairs { numbers[number] = value }
    }
    func add(_ capability: LogCapability, _ pairs: [(InteractionNumber, Int)]) {
      add(capability, pairs.map { ($0.0, Double($0.1)) })
    }
    add(
      .text,
      [
        (.userCharacters, totals.user.scalars), (.userWords, totals.user.words),
        (.userCodeCharacters, totals.user.codeScalars),
        (.assistantCharacters, totals.assistant.scalars),
        (.assistantWords, totals.assistant.words),
        (.assistantCodeCharacters, totals.assistant.codeScalars),
      ])
    add(
      .replyLatency,
      [
        (.replyLatencySum, totals.replyLatency.sum),
        (.replyLatencyCount, Double(totals.replyLatency.count)),
      ])
    add(
      .thinkTime,
      [
        (.thinkTimeSum, totals.thinkTime.sum), (.thinkTimeCount, Double(totals.thinkTime.count)),
      ])
    add(.voice, [(.voiceMessages, totals.voice)])
    add(.attachments, [(.imageMessages, totals.images), (.fileMessages, totals.files)])
    add(.search, [(.searches, totals.searches)])
    add(.customAssistants, [(.customAnswers, totals.custom)])
    return numbers
  }

  private static func numbers(of hours: HourCounts) -> [InteractionNumber: Double] {
    Dictionary(
      zip(InteractionNumber.ofHours, hours.counts.map(Double.init)), uniquingKeysWith: { $1 })
  }

  private static func numbers(of measures: TextMeasures?) -> [InteractionNumber: Double] {
    var numbers: [InteractionNumber: Double] = [:]
    for (feature, share) in measures?.shares ?? [:] {
      if let sum = InteractionNumber(rawValue: "\(feature.rawValue)_sum") {
        numbers[sum] = share.sum
      }
      if let count = InteractionNumber(rawValue: "\(feature.rawValue)_count") {
        numbers[count] = Double(share.count)
      }
    }
    return numbers
  }
}
