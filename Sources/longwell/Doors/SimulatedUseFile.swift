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

  /// The records of a file that was written before.
  ///
  /// - Throws: ``CommandFailure`` that names the line.
  static func read(_ file: URL) throws -> [UseRecord] {
    guard let bytes = try? Data(contentsOf: file) else {
      throw CommandFailure(.unreadable, "\(file.path): the file cannot be read")
    }
    return try bytes.split(separator: UInt8(ascii: "\n")).enumerated().map { index, line in
      guard let line = try? JSONDecoder().decode(Line.self, from: Data(line)),
        let record = line.record
      else {
        throw CommandFailure(
          .problems, "\(file.path): line \(index + 1) is no record of simulated use")
      }
      return record
    }
  }

  /// One person.
  private struct Line: Codable {
    struct Conversation: Codable {
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

    /// The record; nil where a time is none.
    var record: UseRecord? {
      guard let first = LocalDate(firstDay), let last = LocalDate(lastDay),
        let utc = try? timeZone(named: "UTC"), participant.allSatisfy(Self.isPlain)
      else { return nil }
      var record = UseRecord(
        pseudonym: participant, firstDay: first, lastDay: last, conversations: [])
      for conversation in conversations {
        guard let start = try? instant(iso8601: conversation.starts),
          (1...1440).contains(conversation.minutes), (1...10_000).contains(conversation.turns)
        else { return nil }
        record.conversations.append(
          UseRecord.Conversation(
            starts: LocalMoment(start, in: utc), minutes: conversation.minutes,
            turns: conversation.turns))
      }
      return record
    }

    /// What a pseudonym, which becomes a file's name, is made of.
    private static func isPlain(_ character: Character) -> Bool {
      character.isASCII && (character.isLetter || character.isNumber || character == "-")
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
