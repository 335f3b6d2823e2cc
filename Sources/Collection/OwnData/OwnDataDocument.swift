import Delimited
import Foundation
import Instruments
import LocalTime
import Storage

/// Everything that a participant may take along, in words that need no codebook.
struct OwnDataDocument: Encodable {
  struct Zone: Encodable {
    var sinceUtc, zone: String
  }

  struct Hours: Encodable {
    var sinceUtc, wakes, sleeps: String
  }

  struct Pause: Encodable {
    var firstDay, lastDay, decidedUtc: String
  }

  struct ConsentDecision: Encodable {
    var version: Int
    var part: String
    var agreed: Bool
    var decidedUtc: String
  }

  struct Answered: Encodable {
    var instrument, item: String
    var question: String?
    var number: Double?
    var text: String?
    var missingBecause: String?
    var answeredUtc: String

    var cell: DelimitedWriter.Cell {
      if let number { return .number(number) }
      return text.map { .text($0) } ?? .missing
    }
  }

  struct Scored: Encodable {
    var instrument, score: String
    var value: Double?
    var answered, items: Int
  }

  struct Occasion: Encodable {
    var occasion: String
    /// Which repetition, from 1.
    var index: Int
    var opensUtc, opensLocal, zone, closesUtc, state: String
    var begunUtc, submittedUtc: String?
    var answers: [Answered] = []
    var scores: [Scored] = []
  }

  var study, participant, madeUtc, language, zone, site, status, enrolledUtc: String
  var endedUtc: String?
  var wantsReminders: Bool
  var zones: [Zone]
  var wakingHours: [Hours]
  var pauses: [Pause]
  var consents: [ConsentDecision]
  var occasions: [Occasion]
  var logs: OwnLogs

  /// - Throws: `StorageError`, or ``CollectionError`` where a definition is missing.
  init(
    of participant: ParticipantRecord, at desk: StudyDesk, now: Date, in snapshot: ResearchSnapshot
  ) throws {
    let name = participant.pseudonym
    study = desk.current.publication.studyID
    self.participant = name
    madeUtc = now.utcText
    language = participant.language
    zone = participant.zone
    site = participant.site
    status = participant.status.rawValue
    enrolledUtc = participant.enrolled.utcText
    endedUtc = participant.ended?.utcText
    wantsReminders = participant.wantsReminders
    zones = try snapshot.zoneHistory(of: name).map {
      Zone(sinceUtc: $0.since.utcText, zone: $0.zone)
    }
    wakingHours = try snapshot.wakingHistory(of: name).map {
      Hours(sinceUtc: $0.since.utcText, wakes: $0.wakes, sleeps: $0.sleeps)
    }
    pauses = try snapshot.pauses(of: name).map {
      Pause(firstDay: $0.firstDay, lastDay: $0.lastDay, decidedUtc: $0.decided.utcText)
    }
    consents = try snapshot.consents(of: name).map {
      ConsentDecision(
        version: $0.version, part: $0.part, agreed: $0.isAgreed, decidedUtc: $0.decided.utcText)
    }
    occasions = try snapshot.occasions(of: name).map {
      try Occasion($0, at: desk, in: snapshot)
    }
    logs = try OwnLogs(of: name, in: snapshot)
  }
}

extension OwnDataDocument.Occasion {
  init(_ record: OccasionRecord, at desk: StudyDesk, in snapshot: ResearchSnapshot) throws {
    occasion = record.plan
    index = record.index + 1
    opensUtc = record.opens.utcText
    opensLocal = record.opensLocal
    zone = record.zone
    closesUtc = record.closes.utcText
    state = record.state.rawValue
    guard let session = try snapshot.session(ofOccasion: record.uuid) else { return }
    begunUtc = session.begun.utcText
    submittedUtc = session.submitted?.utcText
    let version = try desk.version(session.publication)
    let questions = Dictionary(
      uniqueKeysWithValues: try session.instruments.map { asked in
        let items = try version.instrument(asked.id).items
        return (asked.id, Dictionary(items.map { ($0.id, $0.text) }, uniquingKeysWith: { $1 }))
      })
    answers = try snapshot.responses(ofSession: session.uuid).map { response in
      OwnDataDocument.Answered(
        instrument: response.instrument, item: response.item,
        question: questions[response.instrument]?[response.item],
        number: response.answer.number, text: response.answer.text,
        missingBecause: response.reason?.rawValue, answeredUtc: response.serverTime.utcText)
    }
    scores = try snapshot.scores(ofSession: session.uuid).map {
      OwnDataDocument.Scored(
        instrument: $0.instrument, score: $0.name, value: $0.value, answered: $0.answered,
        items: $0.items)
    }
  }
}
