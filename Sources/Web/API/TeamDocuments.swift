import Collection
import Foundation
import LocalTime
import Storage

// What the JSON API gives to researchers' programs; see Documents.swift.

/// A list that has one part.
struct ListDocument<Element: Encodable>: Encodable {
  var items: [Element]
}

struct WatchedDocument: Encodable {
  var participant, site, status, language, enrolled: String
  var ended: String?
  var test: Bool
  var due, submitted: Int
  var occasions: [OccasionDocument]?

  init(_ person: WatchedParticipant, occasions: [OccasionDocument]? = nil) {
    participant = person.record.pseudonym
    site = person.record.site
    status = person.record.status.rawValue
    language = person.record.language
    enrolled = person.record.enrolled.utcText
    ended = person.record.ended?.utcText
    test = person.record.isTest
    due = person.due
    submitted = person.submitted
    self.occasions = occasions
  }
}

struct MessageDocument: Encodable {
  var uuid, participant, kind, channel, due, state: String
  var attempts: Int
  var settled, failure: String?

  init(_ pseudonym: String, _ record: MessageRecord) {
    uuid = record.uuid.uuidString.lowercased()
    participant = pseudonym
    kind = record.kind.rawValue
    channel = record.channel
    due = record.due.utcText
    state = record.state.rawValue
    attempts = record.attempts
    settled = record.settled?.utcText
    failure = record.failure
  }
}

struct FlagDocument: Encodable {
  var flag, participant, occasion, submitted: String
  var index: Int
  var instrument: String?

  init(_ flag: QualityFlag) {
    self.flag = flag.kind.rawValue
    participant = flag.session.pseudonym
    occasion = flag.session.plan
    index = flag.session.index + 1
    submitted = flag.session.submitted.utcText
    instrument = flag.instrument
  }
}

struct DonationDocument: Encodable {
  var participant, source, donated, coveredUntil: String
  var coveredFrom: String?
  var days, conversations: Int

  init(_ row: DonationRow) {
    participant = row.pseudonym
    source = row.source
    donated = row.donated.utcText
    coveredFrom = row.coveredFrom?.utcText
    coveredUntil = row.coveredUntil.utcText
    days = row.days
    conversations = row.conversations
  }
}

struct MeanDocument: Encodable {
  var score, occasion: String
  var index, people: Int
  var mean: Double

  init(_ mean: ScoreMean) {
    score = "\(mean.instrument).\(mean.name)"
    occasion = mean.plan
    index = mean.index + 1
    people = mean.people
    self.mean = mean.mean
  }
}

struct AuditDocument: Encodable {
  var number: Int
  var event, happened: String
  var researcher: String?
  var subjects: [String]

  init(_ entry: AuditEntry, names: [UUID: String]) {
    number = entry.number
    event = entry.kind.rawValue
    happened = entry.happened.utcText
    researcher = entry.researcher.flatMap { names[$0] }
    subjects = entry.subjects
  }
}
