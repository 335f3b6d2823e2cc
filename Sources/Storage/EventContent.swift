import Foundation
import LocalTime

/// What each kind of event says. Verification builds the same from the stored rows and compares.
enum EventContent {
  static func publication(_ publication: PublicationRecord, hashes: [String]) -> CanonicalJSON {
    .object([
      "definitions": .texts(hashes.sorted()), "hash": .text(publication.contentHash),
      "number": .integer(Int64(publication.number)), "study": .text(publication.studyID),
      "version": .text(publication.version),
    ])
  }

  static func enrolment(_ participant: ParticipantRecord) -> CanonicalJSON {
    .object([
      "at": .integer(participant.enrolled.utcMilliseconds),
      "language": .text(participant.language), "pseudonym": .text(participant.pseudonym),
      "publication": .integer(Int64(participant.publication)), "site": .text(participant.site),
      "test": .integer(participant.isTest ? 1 : 0),
    ])
  }

  static func zone(_ zone: ZoneRecord) -> CanonicalJSON {
    .object([
      "data": .text(zone.dataVersion), "since": .integer(zone.since.utcMilliseconds),
      "zone": .text(zone.zone),
    ])
  }

  static func waking(_ waking: WakingRecord) -> CanonicalJSON {
    .object([
      "since": .integer(waking.since.utcMilliseconds), "sleeps": .text(waking.sleeps),
      "wakes": .text(waking.wakes),
    ])
  }

  static func pause(_ pause: PauseRecord) -> CanonicalJSON {
    .object([
      "at": .integer(pause.decided.utcMilliseconds), "first": .text(pause.firstDay),
      "last": .text(pause.lastDay),
    ])
  }

  static func consent(_ consent: ConsentRecord) -> CanonicalJSON {
    .object([
      "agreed": .integer(consent.isAgreed ? 1 : 0),
      "at": .integer(consent.decided.utcMilliseconds), "language": .text(consent.language),
      "part": .text(consent.part), "text": .text(consent.textHash),
      "version": .integer(Int64(consent.version)),
    ])
  }

  static func allocation(_ allocation: AllocationRecord) -> CanonicalJSON {
    .object([
      "arm": .text(allocation.arm), "at": .integer(allocation.drawn.utcMilliseconds),
      "draw": .integer(Int64(allocation.draw)), "method": .text(allocation.method),
      "stratum": .text(allocation.stratum),
    ])
  }

  static func occasions(_ uuids: [UUID]) -> CanonicalJSON {
    .object(["occasions": .texts(uuids.map(\.text))])
  }

  static func closing(of occasion: UUID, as state: OccasionState) -> CanonicalJSON {
    .object(["occasion": .text(occasion.text), "state": .text(state.rawValue)])
  }

  static func beginning(of session: UUID, occasion: UUID) -> CanonicalJSON {
    .object(["occasion": .text(occasion.text), "session": .text(session.text)])
  }

  static func response(
    session: String, instrument: String, item: String, answer: StoredAnswer, clientKey: String?
  ) -> CanonicalJSON {
    .object([
      "instrument": .text(instrument), "item": .text(item), "key": .optional(clientKey),
      "number": .optional(answer.number), "session": .text(session),
      "text": .optional(answer.text),
    ])
  }

  /// - Parameter scores: as ``score(_:name:hash:value:answered:items:isProrated:)`` makes them,
  ///   by instrument and name.
  static func submission(
    of session: String, at milliseconds: Int64, isLate: Bool, scores: [CanonicalJSON]
  ) -> CanonicalJSON {
    .object([
      "at": .integer(milliseconds), "late": .integer(isLate ? 1 : 0), "scores": .list(scores),
      "session": .text(session),
    ])
  }

  static func score(
    _ instrument: String, name: String, hash: String, value: Double?, answered: Int, items: Int,
    isProrated: Bool
  ) -> CanonicalJSON {
    .list([
      .text(instrument), .text(name), .text(hash), .optional(value), .integer(Int64(answered)),
      .integer(Int64(items)), .integer(isProrated ? 1 : 0),
    ])
  }
}
