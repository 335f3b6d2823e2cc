import Foundation
import InteractionLogs
import LocalTime
import Storage
import Studies
import Tables

extension StudyExport {
  /// Exposure before each due occasion, and the rows that participants donated; none for a study that takes
  /// no logs.
  func logTables() throws -> [Table] {
    guard study.logs != nil else { return [] }
    return [try exposuresTable(), try conversationsTable(), try daysTable()]
  }

  /// One row per due occasion, with the use of AI over the study's window before it.
  private func exposuresTable() throws -> Table {
    let rows = data.occasions.filter(\.occasion.state.isDue)
    let evaluator = ExposureEvaluator(data.logs, study: study)
    let window =
      study.logs?.exposure.map(\.description) ?? "the recall of the occasion's instrument"
    let known = rows.map { evaluator.known(nil, for: $0) }
    let features = ExposureFeature.all.map { feature in
      let results = known.map { $0.result(of: feature) }
      return Column(
        feature.name, .number(results.map(\.value)), label: feature.label,
        definition: feature.definition + "; window: \(window), ending where the session began, or "
          + "a missed occasion was to open", unit: feature.unit,
        missingReasons: results.map { $0.value == nil ? $0.reason : nil })
    }
    return try Table(
      name: "exposures", title: "One row per due occasion: use of AI before it",
      columns: keyColumns(rows) + features)
  }

  /// One row per donated conversation; those kept back are rows without numbers.
  private func conversationsTable() throws -> Table {
    let rows = data.logs.flatMap { logs in
      logs.rows.conversations.map { (logs: logs, row: $0, donation: logs.donation($0.donation)) }
    }
    let reasons = rows.map { $0.row.isWithheld ? Tables.MissingReason.withheld : .notDefined }
    func text(
      _ name: String, _ label: String, _ definition: String, _ values: [String?]
    ) -> Column {
      Column(
        name, .text(values), label: label, definition: definition,
        missingReasons: zip(values, reasons).map { $0 == nil ? $1 : nil })
    }
    return try Table(
      name: "conversations", title: "One row per donated conversation",
      columns: Self.sourceColumns(rows.map { ($0.logs.pseudonym, $0.donation) }) + [
        Column(
          "conversation", .text(rows.map(\.row.token)), label: "conversation",
          definition: "pseudonymous: HMAC-SHA-256 under the participant's own key"),
        Column(
          "withheld", .truth(rows.map(\.row.isWithheld)), label: "withheld",
          definition: "whether the participant keeps it back"),
        Self.instants(
          "started", "beginning", "first message", rows.map(\.row.started),
          reasons: zip(rows, reasons).map { $0.row.started == nil ? $1 : nil }),
        Self.instants(
          "ended", "end", "last message", rows.map(\.row.ended),
          reasons: zip(rows, reasons).map { $0.row.ended == nil ? $1 : nil }),
        text("day", "study day", "local date of the study day it began on", rows.map(\.row.day)),
        text("day_part", "part of the day", "in which it began", rows.map(\.row.dayPart)),
        text("model", "model family", "of most answers", rows.map(\.row.model)),
        text("language", "language", "detected, ISO 639", rows.map(\.row.language)),
      ]
        + Self.numberColumns(
          InteractionNumber.ofConversation, rows.map(\.row.numbers), reasons: reasons))
  }

  /// One row per study day of a donated account.
  private func daysTable() throws -> Table {
    let rows = data.logs.flatMap { logs in
      logs.rows.days.map { (logs: logs, row: $0, donation: logs.donation($0.donation)) }
    }
    let reasons = rows.map { row in
      row.row.isWithheld || row.row.numbers[.withheldConversations, default: 0] > 0
        ? Tables.MissingReason.withheld : .notDefined
    }
    return try Table(
      name: "days", title: "One row per study day with use, of a donated account",
      columns: Self.sourceColumns(rows.map { ($0.logs.pseudonym, $0.donation) }) + [
        Column(
          "day", .text(rows.map(\.row.day)), label: "study day",
          definition: "local date; from 04:00 to 04:00 of the next"),
        Column(
          "withheld", .truth(rows.map(\.row.isWithheld)), label: "withheld",
          definition: "whether the participant keeps it back"),
      ] + Self.numberColumns(InteractionNumber.ofDay, rows.map(\.row.numbers), reasons: reasons))
  }

  /// Whose row it is, and which export it came from.
  private static func sourceColumns(
    _ rows: [(pseudonym: String, donation: DonationRecord?)]
  ) -> [Column] {
    [
      Column(
        "participant", .text(rows.map(\.pseudonym)), label: "participant",
        definition: "pseudonym"),
      Column(
        "source", .text(rows.map { $0.donation?.source }), label: "source",
        definition: "service that the export came from"),
      Column(
        "account", .integer(rows.map { $0.donation?.account }), label: "account",
        definition: "of the participant with the service, from 1"),
    ]
  }

  private static func numberColumns(
    _ numbers: [InteractionNumber], _ rows: [[InteractionNumber: Double]],
    reasons: [Tables.MissingReason]
  ) -> [Column] {
    numbers.map { number in
      let values = rows.map { $0[number] }
      return Column(
        number.rawValue, .number(values), label: number.rawValue.replacing("_", with: " "),
        definition: number.definition,
        missingReasons: zip(values, reasons).map { $0 == nil ? $1 : nil })
    }
  }
}

extension ParticipantLogs {
  fileprivate func donation(_ uuid: UUID) -> DonationRecord? {
    donations.first { $0.uuid == uuid }
  }
}

extension InteractionNumber {
  /// What a codebook says about the column.
  fileprivate var definition: String {
    let name = rawValue
    if name.hasPrefix("hour_") {
      return "messages of the person in the hour that begins at \(name.suffix(2)):00, local"
    }
    if self == .withheldConversations {
      return
        "conversations of the day that the participant keeps back; the day's numbers are without them"
    }
    if name.hasSuffix("_at") { return "milliseconds since 1970-01-01, UTC" }
    if name.hasSuffix("_sum") { return "sum; divide by the count of the same name for the mean" }
    if name.hasSuffix("_count") { return "what the sum of the same name is over" }
    return "see the articles on interaction logs; missing where the source does not give it"
  }
}
