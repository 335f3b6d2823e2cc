import Foundation
import LocalTime
import Rehearsal

/// What simulated people used AI systems for, in `data/simulated-use.jsonl`: a line of JSON for each
/// person who agreed to give their logs. Exports of AI services can be made from it.
enum SimulatedUseFile {
  static func url(_ places: StudyPlaces) -> URL {
    places.data.appending(path: "simulated-use.jsonl")
  }

  /// Writes the records; none where there is nobody.
  static func write(_ records: [UseRecord], to file: URL) throws {
    guard !records.isEmpty else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var bytes = Data()
    for record in records {
      bytes.append(try encoder.encode(Line(record)))
      bytes.append(UInt8(ascii: "\n"))
    }
    try bytes.write(to: file, options: .atomic)
  }

  /// One person.
  private struct Line: Encodable {
    struct Conversation: Encodable {
      var starts: String
      var minutes: Int
      var turns: Int
    }

    var participant: String
    var firstDay, lastDay: String
    var conversations: [Conversation]

    enum CodingKeys: String, CodingKey {
      case participant
      case firstDay = "first_day"
      case lastDay = "last_day"
      case conversations
    }

    init(_ record: UseRecord) {
      participant = record.pseudonym
      firstDay = record.firstDay.description
      lastDay = record.lastDay.description
      conversations = record.conversations.map {
        // The local time with its offset: the instant and what the person's clock showed.
        Conversation(starts: $0.starts.description, minutes: $0.minutes, turns: $0.turns)
      }
    }
  }
}
