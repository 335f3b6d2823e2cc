import Collection
import Foundation
import Instruments
import LocalTime
import Storage
import Studies

// What the JSON API takes and gives. Names become snake_case; moments are UTC, as in every export.

struct AnswersRequest: Decodable {
  var instrument: String
  /// By item; null takes an earlier answer back.
  var answers: [String: Answer?]
}

struct ConsentRequest: Decodable {
  var parts: [String]
}

struct WithdrawalRequest: Decodable {
  var way: String
}

struct SavedDocument: Encodable {
  var repeated: Bool
}

struct SubmissionDocument: Encodable {
  var submitted: String
  var late, repeated: Bool
}

struct OccasionDocument: Encodable {
  var uuid, occasion: String
  /// Which repetition, from 1.
  var index: Int
  var opens, opensLocal, zone, closes, state: String

  init(_ record: OccasionRecord) {
    uuid = record.uuid.uuidString.lowercased()
    occasion = record.plan
    index = record.index + 1
    opens = record.opens.utcText
    opensLocal = record.opensLocal
    zone = record.zone
    closes = record.closes.utcText
    state = record.state.rawValue
  }
}

struct HomeDocument: Encodable {
  struct Due: Encodable {
    var occasion: OccasionDocument
    var until: String
    var session: String?
  }

  var study, participant, language, zone: String
  var missingConsent: [String]
  var needsRenewal: Bool
  var due: [Due]
  var events: [String]
  var next: String?
  var planned, ended, submitted: Int

  init(_ home: ParticipantHome, version: StudyVersion) {
    study = version.study.id
    participant = home.participant.pseudonym
    language = home.participant.language
    zone = home.participant.zone
    missingConsent = home.consent.missing
    needsRenewal = home.consent.needsRenewal
    due = home.due.map {
      Due(
        occasion: OccasionDocument($0.occasion), until: $0.until.utcText,
        session: $0.session?.uuidString.lowercased())
    }
    events = home.events.map(\.id)
    next = home.next?.utcText
    planned = home.planned
    ended = home.ended
    submitted = home.submitted
  }
}

struct ConsentDocument: Encodable {
  struct Part: Encodable {
    var id: String
    var required, agreed: Bool
    var question: String?
  }

  var version: Int
  var decided: Int?
  var needsRenewal: Bool
  var text: String
  var parts: [Part]

  init(_ standing: ConsentStanding, version: StudyVersion, language: String) {
    self.version = standing.version
    decided = standing.decided
    needsRenewal = standing.needsRenewal
    text = version.definitions.consentTexts[language]?.text ?? ""
    parts = version.study.consent.parts.map {
      Part(
        id: $0.id, required: $0.isRequired, agreed: standing.agreed.contains($0.id),
        question: $0.question[language])
    }
  }
}

struct SessionDocument: Encodable {
  struct Option: Encodable {
    var value: Int
    var label: String?
  }

  struct Item: Encodable {
    var id, text, takes, requirement: String
    var stem: String?
    var options: [Option]?
    var answer: Answer?
  }

  struct Page: Encodable {
    var number: Int
    var instrument, title: String
    var instructions: String?
    var items: [Item]
  }

  var uuid, occasion, state: String
  var pages: [Page]

  init(_ session: SessionInProgress) {
    uuid = session.session.uuid.uuidString.lowercased()
    occasion = session.occasion.uuid.uuidString.lowercased()
    state = session.session.state.rawValue
    pages = session.pages.map { page in
      let instrument = page.instrument
      let answers = session.answers[instrument.id] ?? [:]
      let carried = session.carried[instrument.id] ?? [:]
      return Page(
        number: page.number + 1, instrument: instrument.id, title: instrument.title,
        instructions: page.isFirstOfInstrument ? instrument.instructions : nil,
        items: page.items.map { item in
          Item(
            id: item.id, text: instrument.text(of: item, answers: answers, carried: carried),
            takes: item.expectedAnswer, requirement: item.requirement.rawValue,
            stem: instrument.stem(of: item, answers: answers, carried: carried),
            options: item.options?.map { Option(value: $0.value, label: $0.label) },
            answer: answers[item.id])
        })
    }
  }
}

struct ReceiptDocument: Encodable {
  var participant, withdrawal, at: String
  var repeated: Bool
  var cancelled: Int
  var erased: String?
  var exports, backups: Int

  init(_ receipt: WithdrawalReceipt) {
    participant = receipt.pseudonym
    withdrawal = receipt.withdrawal.rawValue
    at = receipt.at.utcText
    repeated = receipt.isRepeated
    cancelled = receipt.cancelled
    erased = receipt.erasure?.completed?.utcText
    exports = receipt.exports
    backups = receipt.backups
  }
}

/// A mistake, as RFC 9457 has it.
struct ProblemDocument: Encodable {
  /// What kind of mistake, for programs: `urn:longwell:problem:window-closed`.
  var type: String
  /// The same in words.
  var title: String
  var status: Int
  /// What it is about, in a sentence. It holds no answer and no token.
  var detail: String?
}
