import Delimited
import Foundation
import LocalTime
import Storage

/// What is kept of a participant's interaction logs, for the participant to take along.
struct OwnLogs: Encodable {
  struct Donation: Encodable {
    var source: String
    var account: Int
    var coveredFromUtc: String?
    var coveredUntilUtc, donatedUtc: String
  }

  struct Conversation: Encodable {
    var name: String
    var isWithheld: Bool
    var startedUtc, endedUtc, day, dayPart, model, language: String?
    var numbers: [String: Double]
  }

  struct Session: Encodable {
    var startedUtc, endedUtc: String
    var numbers: [String: Double]
  }

  struct Day: Encodable {
    var day: String
    var isWithheld: Bool
    var numbers: [String: Double]
  }

  var donations: [Donation]
  var conversations: [Conversation]
  var sessions: [Session]
  var days: [Day]

  init(of pseudonym: String, in snapshot: ResearchSnapshot) throws {
    func named(_ numbers: [InteractionNumber: Double]) -> [String: Double] {
      Dictionary(uniqueKeysWithValues: numbers.map { ($0.rawValue, $1) })
    }
    donations = try snapshot.donations(of: pseudonym).map {
      Donation(
        source: $0.source, account: $0.account, coveredFromUtc: $0.coveredFrom?.utcText,
        coveredUntilUtc: $0.coveredUntil.utcText, donatedUtc: $0.donated.utcText)
    }
    let rows = try snapshot.interactionRows(of: pseudonym)
    conversations = rows.conversations.map {
      Conversation(
        name: $0.token, isWithheld: $0.isWithheld, startedUtc: $0.started?.utcText,
        endedUtc: $0.ended?.utcText, day: $0.day, dayPart: $0.dayPart, model: $0.model,
        language: $0.language, numbers: named($0.numbers))
    }
    sessions = rows.sessions.map {
      Session(
        startedUtc: $0.started.utcText, endedUtc: $0.ended.utcText, numbers: named($0.numbers))
    }
    days = rows.days.map {
      Day(day: $0.day, isWithheld: $0.isWithheld, numbers: named($0.numbers))
    }
  }

  /// The tables; none for who has donated nothing.
  var tables: [OwnData.File] {
    guard !donations.isEmpty else { return [] }
    func cells(
      _ numbers: [InteractionNumber], _ row: [String: Double]
    ) -> [DelimitedWriter.Cell] {
      numbers.map { row[$0.rawValue].map { .number($0) } ?? .missing }
    }
    return [
      OwnData.table(
        "donated-logs",
        ["source", "account", "covered_from_utc", "covered_until_utc", "donated_utc"],
        donations.map {
          [
            .text($0.source), .integer($0.account), OwnData.cell($0.coveredFromUtc),
            .text($0.coveredUntilUtc), .text($0.donatedUtc),
          ]
        }),
      OwnData.table(
        "donated-conversations",
        ["name", "withheld", "started_utc", "ended_utc", "day", "day_part", "model", "language"]
          + InteractionNumber.ofConversation.map(\.rawValue),
        conversations.map {
          [
            .text($0.name), .text($0.isWithheld ? "yes" : "no"), OwnData.cell($0.startedUtc),
            OwnData.cell($0.endedUtc), OwnData.cell($0.day), OwnData.cell($0.dayPart),
            OwnData.cell($0.model), OwnData.cell($0.language),
          ] + cells(InteractionNumber.ofConversation, $0.numbers)
        }),
      OwnData.table(
        "donated-sessions",
        ["started_utc", "ended_utc"] + InteractionNumber.ofSession.map(\.rawValue),
        sessions.map {
          [.text($0.startedUtc), .text($0.endedUtc)]
            + cells(InteractionNumber.ofSession, $0.numbers)
        }),
      OwnData.table(
        "donated-days", ["day", "withheld"] + InteractionNumber.ofDay.map(\.rawValue),
        days.map {
          [.text($0.day), .text($0.isWithheld ? "yes" : "no")]
            + cells(InteractionNumber.ofDay, $0.numbers)
        }),
    ]
  }
}
