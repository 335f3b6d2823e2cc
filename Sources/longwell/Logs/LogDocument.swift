import Foundation
import InteractionLogs
import LocalTime

/// An interaction log for programs; the keys are stable, and what the source cannot give is null.
struct LogDocument: Encodable {
  private let cells: [String: LogCell]

  init(_ log: InteractionLog) {
    var cells: [String: LogCell] = [
      "source": .text(log.source.rawValue),
      "zone": .text(log.zone.identifier),
      "session_gap_minutes": .whole(log.gapMinutes),
      "from": LogCell(log.from?.utcText),
      "to": LogCell(log.to?.utcText),
      "conversations": LogCell(log.conversations?.count),
      "user_messages": LogCell(log.totals?.userMessages),
      "assistant_messages": LogCell(log.totals?.assistantMessages),
      "regenerations": LogCell(log.regenerations),
      "edits": LogCell(log.edits),
      "interruptions": LogCell(log.interruptions),
      "missing_times": LogCell(log.missingTimes),
      "skipped": .list(
        log.skipped.sorted { $0.key.rawValue < $1.key.rawValue }.map {
          .object(["reason": .text($0.key.rawValue), "count": .whole($0.value)])
        }),
      "lists": log.measures == nil
        ? .null
        : .list(
          RuleLists.shipped.versions.map {
            .object([
              "name": .text($0.name), "version": .text($0.version), "hash": .text($0.hash),
            ])
          }),
    ]
    let key = ConversationFeatures.passingKey()
    cells["items"] =
      log.conversations.map {
        .list(
          $0.map { item in
            var cells = Self.item(item, log.source)
            cells["token"] = .text(item.previewToken(under: key))
            return .object(cells)
          })
      } ?? .null
    cells["sessions"] =
      log.sessions.map { .list($0.map { .object(Self.session($0, log.source)) }) } ?? .null
    cells["days"] = log.days.map { .list($0.map { .object(Self.day($0, log.source)) }) } ?? .null
    self.cells = cells
  }

  func encode(to encoder: any Encoder) throws { try LogCell.object(cells).encode(to: encoder) }

  private static func item(
    _ item: ConversationFeatures, _ source: LogSource
  ) -> [String: LogCell] {
    var cells = totals(item.totals, source)
    cells["start"] = LogCell(item.start?.utcText)
    cells["end"] = LogCell(item.end?.utcText)
    cells["date"] = LogCell(item.day?.description)
    cells["day_part"] = LogCell(item.dayPart?.rawValue)
    cells["turns"] = .whole(item.turns)
    cells["depth"] = .whole(item.depth)
    cells["regenerations"] = LogCell(item.regenerations)
    cells["edits"] = LogCell(item.edits)
    cells["interruptions"] = LogCell(item.interruptions)
    cells["missing_times"] = LogCell(item.missingTimes)
    cells["model"] = source.gives(.model) ? LogCell(item.model?.rawValue) : .null
    cells["returned_later"] = LogCell(item.returned)
    cells["language"] = LogCell(item.measures?.language)
    return cells.merging(words(item.measures)) { $1 }
  }

  private static func session(
    _ session: SessionFeatures, _ source: LogSource
  ) -> [String: LogCell] {
    var cells = totals(session.totals, source)
    cells["start"] = .text(session.start.utcText)
    cells["end"] = .text(session.end.utcText)
    cells["date"] = .text(session.day.description)
    cells["minutes"] = .number(session.minutes)
    cells["conversations"] = LogCell(session.conversations)
    return cells
  }

  private static func day(_ day: DayFeatures, _ source: LogSource) -> [String: LogCell] {
    var cells = totals(day.totals, source)
    cells["date"] = .text(day.date.description)
    cells["conversations"] = LogCell(day.conversations)
    cells["conversations_begun"] = LogCell(day.begun)
    cells["minutes"] = LogCell(day.minutes)
    cells["sessions"] = LogCell(day.sessions)
    cells["long_sessions"] = LogCell(day.longSessions)
    cells["first_use"] = LogCell(day.firstUse?.utcText)
    cells["last_use"] = LogCell(day.lastUse?.utcText)
    cells["models"] = day.models.map { .list($0.map { .text($0.rawValue) }) } ?? .null
    cells["regenerations"] = LogCell(day.regenerations)
    cells["edits"] = LogCell(day.edits)
    cells["interruptions"] = LogCell(day.interruptions)
    for part in DayPart.allCases {
      cells["\(part.rawValue)_share"] = LogCell(day.hours?.share(of: part))
    }
    return cells.merging(words(day.measures)) { $1 }
  }

  /// What both conversations and days add up.
  private static func totals(
    _ totals: MessageTotals?, _ source: LogSource
  ) -> [String: LogCell] {
    func lengths(_ name: String, _ lengths: TextLengths?) -> [String: LogCell] {
      let lengths = source.gives(.text) ? lengths : nil
      return [
        "\(name)_characters": LogCell(lengths?.scalars), "\(name)_words": LogCell(lengths?.words),
        "\(name)_code_characters": LogCell(lengths?.codeScalars),
      ]
    }
    func share(_ count: Int?, of all: Int?, _ capability: LogCapability) -> LogCell {
      guard source.gives(capability), let count, let all, all > 0 else { return .null }
      return .number(Double(count) / Double(all))
    }
    var cells: [String: LogCell] = [
      "user_messages": LogCell(totals?.userMessages),
      "assistant_messages": LogCell(totals?.assistantMessages),
      "reply_latency_seconds": LogCell(totals?.replyLatency.value),
      "think_time_seconds": LogCell(totals?.thinkTime.value),
      "voice_share": share(totals?.voice, of: totals?.userMessages, .voice),
      "image_share": share(totals?.images, of: totals?.userMessages, .attachments),
      "file_share": share(totals?.files, of: totals?.userMessages, .attachments),
      "search_share": share(totals?.searches, of: totals?.assistantMessages, .search),
      "custom_share": share(totals?.custom, of: totals?.assistantMessages, .customAssistants),
    ]
    cells.merge(lengths("user", totals?.user)) { $1 }
    cells.merge(lengths("assistant", totals?.assistant)) { $1 }
    return cells
  }

  private static func words(_ measures: TextMeasures?) -> [String: LogCell] {
    Dictionary(
      uniqueKeysWithValues: TextFeature.allCases.map {
        ($0.rawValue, LogCell(measures?.value(of: $0)))
      })
  }
}
