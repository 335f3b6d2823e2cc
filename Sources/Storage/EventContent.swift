import Foundation
import LocalTime

/// What each kind of event says: the columns of the rows that it writes, by their names, so that
/// the rows can be computed again from the chain alone (``ChainReplay``).
enum EventContent {
  static func publication(
    _ publication: PublicationRecord, definitions: [DefinitionRecord], kind: String
  ) -> CanonicalJSON {
    .object([
      "applies_to": .text(publication.appliesTo.rawValue),
      "content_hash": .text(publication.contentHash),
      "definitions": .list(
        definitions.map { .texts([$0.kind.rawValue, $0.id, $0.version, $0.hash]) }),
      "kind": .text(kind), "number": .integer(Int64(publication.number)),
      "published_at": .integer(publication.published.utcMilliseconds),
      "study_id": .text(publication.studyID), "version": .text(publication.version),
    ])
  }

  static func enrolment(_ participant: ParticipantRecord) -> CanonicalJSON {
    .object([
      "ended_at": .optional(participant.ended?.utcMilliseconds),
      "enrolled_at": .integer(participant.enrolled.utcMilliseconds),
      "is_test": .truth(participant.isTest), "language": .text(participant.language),
      "pseudonym": .text(participant.pseudonym),
      "publication": .integer(Int64(participant.publication)), "site": .text(participant.site),
      "status": .text(participant.status.rawValue),
      "wants_reminders": .truth(participant.wantsReminders), "zone": .text(participant.zone),
    ])
  }

  static func zone(_ zone: ZoneRecord) -> CanonicalJSON {
    .object([
      "data_version": .text(zone.dataVersion), "since": .integer(zone.since.utcMilliseconds),
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
      "decided_at": .integer(pause.decided.utcMilliseconds), "first_day": .text(pause.firstDay),
      "last_day": .text(pause.lastDay),
    ])
  }

  static func link(_ link: LinkRecord) -> CanonicalJSON {
    .object([
      "generation": .integer(Int64(link.generation)),
      "made_at": .integer(link.made.utcMilliseconds), "token_hash": .text(link.tokenHash),
    ])
  }

  static func version(_ publication: Int) -> CanonicalJSON {
    .object(["publication": .integer(Int64(publication))])
  }

  static func consent(_ consent: ConsentRecord) -> CanonicalJSON {
    .object([
      "decided_at": .integer(consent.decided.utcMilliseconds),
      "is_agreed": .truth(consent.isAgreed), "language": .text(consent.language),
      "part": .text(consent.part), "text_hash": .text(consent.textHash),
      "version": .integer(Int64(consent.version)),
    ])
  }

  static func allocation(_ allocation: AllocationRecord) -> CanonicalJSON {
    .object([
      "arm": .text(allocation.arm), "draw": .integer(Int64(allocation.draw)),
      "drawn_at": .integer(allocation.drawn.utcMilliseconds), "method": .text(allocation.method),
      "stratum": .text(allocation.stratum),
    ])
  }

  static func occasions(_ occasions: [OccasionRecord]) -> CanonicalJSON {
    .object(["occasions": .list(occasions.map(occasion))])
  }

  private static func occasion(_ occasion: OccasionRecord) -> CanonicalJSON {
    .object([
      "closes_at": .integer(occasion.closes.utcMilliseconds),
      "grace_ends_at": .integer(occasion.graceEnds.utcMilliseconds),
      "instruments": .text(CanonicalJSON.texts(occasion.instruments).text),
      "is_event": .truth(occasion.isEvent),
      "number": .integer(Int64(occasion.index)),
      "offset_seconds": .integer(Int64(occasion.offsetSeconds)),
      "opens_at": .integer(occasion.opens.utcMilliseconds),
      "opens_local": .text(occasion.opensLocal), "plan": .text(occasion.plan),
      "publication": .integer(Int64(occasion.publication)),
      "state": .text(occasion.state.rawValue),
      "state_since": .integer(occasion.stateSince.utcMilliseconds),
      "uuid": .text(occasion.uuid.text), "zone": .text(occasion.zone),
      "zone_data_version": .text(occasion.zoneDataVersion),
    ])
  }

  /// What a new plan can change: the rest of an occasion stays as it was planned.
  static func moves(of occasions: [OccasionRecord]) -> CanonicalJSON {
    .object(["occasions": .list(occasions.map(move))])
  }

  private static func move(_ occasion: OccasionRecord) -> CanonicalJSON {
    .object([
      "closes_at": .integer(occasion.closes.utcMilliseconds),
      "grace_ends_at": .integer(occasion.graceEnds.utcMilliseconds),
      "instruments": .text(CanonicalJSON.texts(occasion.instruments).text),
      "offset_seconds": .integer(Int64(occasion.offsetSeconds)),
      "opens_at": .integer(occasion.opens.utcMilliseconds),
      "opens_local": .text(occasion.opensLocal),
      "publication": .integer(Int64(occasion.publication)), "uuid": .text(occasion.uuid.text),
      "zone": .text(occasion.zone), "zone_data_version": .text(occasion.zoneDataVersion),
    ])
  }

  /// - Parameter session: what becomes of a session that was begun and not submitted.
  static func closing(
    of occasion: UUID, as state: OccasionState, session: SessionState
  ) -> CanonicalJSON {
    .object([
      "occasion": .text(occasion.text), "session_state": .text(session.rawValue),
      "state": .text(state.rawValue),
    ])
  }

  static func beginning(of session: SessionRecord) -> CanonicalJSON {
    .object([
      "begun_at": .integer(session.begun.utcMilliseconds),
      "imported_at": .optional(session.imported?.utcMilliseconds),
      "instruments": .list(session.instruments.map(instrument)),
      "last_active_at": .integer(session.lastActive.utcMilliseconds),
      "occasion": .text(session.occasion.text),
      "publication": .integer(Int64(session.publication)), "uuid": .text(session.uuid.text),
    ])
  }

  private static func instrument(_ instrument: SessionInstrument) -> CanonicalJSON {
    .object([
      "content_hash": .text(instrument.contentHash), "instrument": .text(instrument.id),
      "item_order": .optional(instrument.orderText), "language": .text(instrument.language),
      "overlay": .optional(instrument.overlay?.id),
      "overlay_hash": .optional(instrument.overlay?.hash),
      "overlay_is_reviewed": instrument.overlay.map { .truth($0.isReviewed) } ?? .null,
      "overlay_version": .optional(instrument.overlay?.version),
      "version": .text(instrument.version),
    ])
  }

  static func response(_ response: ResponseToSave) -> CanonicalJSON {
    .object([
      "client_at": .optional(response.clientTime?.utcMilliseconds),
      "client_key": .optional(response.clientKey), "instrument": .text(response.instrument),
      "item": .text(response.item), "number": .optional(response.answer.number),
      "session": .text(response.session.text), "text": .optional(response.answer.text),
    ])
  }

  /// The answers of a page, in the order sent.
  static func page(_ page: PageToSave) -> CanonicalJSON {
    .object([
      "client_key": .optional(page.clientKey), "instrument": .text(page.instrument),
      "responses": .list(
        page.entries.map { entry in
          .object([
            "client_at": .optional(entry.clientTime?.utcMilliseconds),
            "item": .text(entry.item), "number": .optional(entry.answer.number),
            "text": .optional(entry.answer.text),
          ])
        }), "session": .text(page.session.text),
    ])
  }

  static func reasons(
    _ reasons: [(instrument: String, item: String, reason: MissingReason)], of session: UUID
  ) -> CanonicalJSON {
    .object(["reasons": list(of: reasons), "session": .text(session.text)])
  }

  /// - Parameter scores: in a stated order, so that one submission has one content.
  static func submission(
    of session: UUID, at now: Date, isLate: Bool,
    reasons: [(instrument: String, item: String, reason: MissingReason)], scores: [ScoreRecord]
  ) -> CanonicalJSON {
    .object([
      "is_late": .truth(isLate), "reasons": list(of: reasons), "scores": .list(scores.map(score)),
      "session": .text(session.text), "submitted_at": .integer(now.utcMilliseconds),
    ])
  }

  static func rescoring(
    of session: UUID, instrument: String, scores: [ScoreRecord]
  ) -> CanonicalJSON {
    .object([
      "instrument": .text(instrument), "scores": .list(scores.map(score)),
      "session": .text(session.text),
    ])
  }

  private static func list(
    of reasons: [(instrument: String, item: String, reason: MissingReason)]
  ) -> CanonicalJSON {
    .list(reasons.map { .texts([$0.instrument, $0.item, $0.reason.rawValue]) })
  }

  private static func score(_ score: ScoreRecord) -> CanonicalJSON {
    .object([
      "absence": .optional(score.absence?.rawValue), "answered": .integer(Int64(score.answered)),
      "computed_at": .integer(score.computed.utcMilliseconds),
      "instrument": .text(score.instrument), "is_prorated": .truth(score.isProrated),
      "items": .integer(Int64(score.items)), "name": .text(score.name),
      "scoring_hash": .text(score.scoringHash), "value": .optional(score.value),
      "version": .text(score.version),
    ])
  }
}

extension SessionInstrument {
  /// The order of its items as the database has it.
  var orderText: String? { itemOrder.map { CanonicalJSON.texts($0).text } }
}
