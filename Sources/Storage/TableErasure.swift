/// What erasing a participant does to a table: every table is listed, and a test sees to that.
struct TableErasure {
  enum Deed {
    /// The rows that meet the condition are deleted; `?1` is the participant's row.
    case removed(where: String)
    /// Rows about the participant stay, because of what they are for.
    case kept(because: String)
    /// The table says nothing about participants.
    case impersonal
  }

  let table: String
  let deed: Deed

  /// All tables, those that are deleted from in an order that foreign keys allow.
  static let all = [
    TableErasure(table: "interaction_conversations", deed: .removed(where: ofParticipant)),
    TableErasure(table: "interaction_sessions", deed: .removed(where: ofParticipant)),
    TableErasure(table: "interaction_days", deed: .removed(where: ofParticipant)),
    TableErasure(table: "log_donations", deed: .removed(where: ofParticipant)),
    TableErasure(table: "scores", deed: .removed(where: inSessions)),
    TableErasure(table: "saved_keys", deed: .removed(where: inSessions)),
    TableErasure(table: "responses", deed: .removed(where: inSessions)),
    TableErasure(table: "session_instruments", deed: .removed(where: inSessions)),
    TableErasure(
      table: "sessions",
      deed: .removed(where: "occasion IN (SELECT id FROM occasions WHERE participant = ?1)")),
    TableErasure(
      table: "messages",
      deed: .removed(where: "person IN (SELECT uuid FROM participants WHERE id = ?1)")),
    TableErasure(table: "occasions", deed: .removed(where: ofParticipant)),
    TableErasure(table: "pauses", deed: .removed(where: ofParticipant)),
    TableErasure(table: "waking_history", deed: .removed(where: ofParticipant)),
    TableErasure(table: "zone_history", deed: .removed(where: ofParticipant)),
    TableErasure(
      table: "links",
      deed: .removed(where: "person IN (SELECT uuid FROM participants WHERE id = ?1)")),
    TableErasure(
      table: "invitations",
      deed: .removed(where: "uuid IN (SELECT uuid FROM participants WHERE id = ?1)")),
    TableErasure(
      table: "event_contents",
      deed: .kept(because: "those that account for kept rows; the others go with their events")),
    TableErasure(table: "events", deed: .kept(because: "links of the chain, without content")),
    TableErasure(
      table: "participants",
      deed: .kept(because: "the pseudonym, so that people can be counted; blanked")),
    TableErasure(
      table: "consents", deed: .kept(because: "that what was done had been agreed to")),
    TableErasure(
      table: "allocations", deed: .kept(because: "draws are re-created in their order")),
    TableErasure(table: "erasures", deed: .kept(because: "that it was erased")),
    TableErasure(table: "screening_counts", deed: .impersonal),
    TableErasure(table: "research_database", deed: .impersonal),
    TableErasure(table: "publications", deed: .impersonal),
    TableErasure(table: "definitions", deed: .impersonal),
    TableErasure(table: "publication_definitions", deed: .impersonal),
    TableErasure(table: "researchers", deed: .impersonal),
    TableErasure(table: "recovery_codes", deed: .impersonal),
    TableErasure(table: "web_sessions", deed: .impersonal),
    TableErasure(table: "api_tokens", deed: .impersonal),
    TableErasure(table: "grdb_migrations", deed: .impersonal),
  ]

  private static let ofParticipant = "participant = ?1"
  private static let inSessions = """
    session IN (SELECT s.id FROM sessions s JOIN occasions o ON o.id = s.occasion
      WHERE o.participant = ?1)
    """
}

extension EventKind {
  /// What erasure does to the content of an event.
  enum Erasing {
    /// It is the study's, and says nothing of a person.
    case impersonal
    /// It stays: it accounts for a row that stays, or for a look at who the pseudonym was.
    case kept
    /// It goes when everything goes.
    case content
    /// It goes with everything, and with the answers to its `instrument` in its `session`.
    case answer
    /// It goes with everything, and with any answers in its `session`, whose remaining rows are
    /// then restated.
    case session
    /// It goes with everything, and with the donations that rest on its part of the consent.
    case donation
  }

  var erasing: Erasing {
    switch self {
    case .studyPublished, .headsRecorded, .dataExported, .backupMade, .planLocked,
      .screeningCounted, .clockJumped, .researcherAdded, .researcherChanged, .researcherRenewed,
      .researcherRevoked, .researcherSignedIn, .researcherSignedOut, .apiTokenMade,
      .apiTokenRevoked:
      .impersonal
    case .consentRecorded, .allocationDrawn, .erasureRequested, .erasurePerformed,
      .erasureCompleted, .identitiesSeen:
      .kept
    case .participantEnrolled, .participantConfirmed, .participantWithdrawn, .remindersStopped,
      .zoneChanged, .languageChanged, .wakingChosen, .participantPaused, .participantInvited,
      .invitationEnded,
      .versionChanged, .linkMade, .occasionsPlanned,
      .occasionsMoved, .occasionClosed, .sessionBegun, .messageQueued, .messageClaimed,
      .messageSettled, .ownDataGiven:
      .content
    case .logsDonated: .donation
    case .responseSaved, .pageSaved, .scoresRecomputed: .answer
    case .reasonsGiven, .sessionSubmitted, .sessionRestated: .session
    }
  }
}
