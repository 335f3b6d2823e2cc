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
      "instruments": Columns(asked, of: session.instruments).json,
      "last_active_at": .integer(session.lastActive.utcMilliseconds),
      "occasion": .text(session.occasion.text),
      "publication": .integer(Int64(session.publication)), "uuid": .text(session.uuid.text),
    ])
  }

  private static let asked: [Columns.Column<SessionInstrument>] = [
    ("content_hash", { .text($0.contentHash) }), ("instrument", { .text($0.id) }),
    ("item_order", { .optional($0.orderText) }), ("language", { .text($0.language) }),
    ("overlay", { .optional($0.overlay?.id) }), ("overlay_hash", { .optional($0.overlay?.hash) }),
    ("overlay_is_reviewed", { $0.overlay.map { .truth($0.isReviewed) } ?? .null }),
    ("overlay_version", { .optional($0.overlay?.version) }), ("version", { .text($0.version) }),
  ]

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
      "responses": Columns(entries, of: page.entries).json, "session": .text(page.session.text),
    ])
  }

  private static let entries: [Columns.Column<PageToSave.Entry>] = [
    ("client_at", { .optional($0.clientTime?.utcMilliseconds) }), ("item", { .text($0.item) }),
    ("number", { .optional($0.answer.number) }), ("text", { .optional($0.answer.text) }),
  ]

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
      "is_late": .truth(isLate), "reasons": list(of: reasons),
      "scores": Columns(computed, of: scores).json,
      "session": .text(session.text), "submitted_at": .integer(now.utcMilliseconds),
    ])
  }

  static func rescoring(
    of session: UUID, instrument: String, scores: [ScoreRecord]
  ) -> CanonicalJSON {
    .object([
      "instrument": .text(instrument), "scores": Columns(computed, of: scores).json,
      "session": .text(session.text),
    ])
  }

  private static func list(
    of reasons: [(instrument: String, item: String, reason: MissingReason)]
  ) -> CanonicalJSON {
    .list(reasons.map { .texts([$0.instrument, $0.item, $0.reason.rawValue]) })
  }

  private static let computed: [Columns.Column<ScoreRecord>] = [
    ("absence", { .optional($0.absence?.rawValue) }),
    ("answered", { .integer(Int64($0.answered)) }),
    ("computed_at", { .integer($0.computed.utcMilliseconds) }),
    ("instrument", { .text($0.instrument) }), ("is_prorated", { .truth($0.isProrated) }),
    ("items", { .integer(Int64($0.items)) }), ("name", { .text($0.name) }),
    ("scoring_hash", { .text($0.scoringHash) }), ("value", { .optional($0.value) }),
    ("version", { .text($0.version) }),
  ]
}

extension SessionInstrument {
  /// The order of its items as the database has it.
  var orderText: String? { itemOrder.map { CanonicalJSON.texts($0).text } }
}
