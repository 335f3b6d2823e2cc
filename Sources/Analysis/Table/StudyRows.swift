package import Storage

/// Everything that analysis and exports read from a database, as of one moment.
package struct StudyRows: Sendable {
  package var participants: [ParticipantRow]
  package var occasions: [OccasionRow]
  package var responses: [ResponseRow]
  /// The current scores.
  package var scores: [ScoreRow]
  /// All scores, those that others have taken the place of too.
  package var scorings: [ScoreRow]
  /// What each session asked, in which words and order.
  package var asked: [SessionInstrumentRow]
  /// Every decision about consent, by pseudonym, oldest first.
  package var consents: [ConsentRow]
  /// What participants donated of their interaction logs, by pseudonym.
  package var logs: [ParticipantLogs]
  /// The plans that were locked, oldest first.
  package var locks: [PlanLock]

  /// Creates rows from records, which must be in the order that `Storage` gives them.
  package init(
    participants: [ParticipantRow], occasions: [OccasionRow], responses: [ResponseRow],
    scores: [ScoreRow], asked: [SessionInstrumentRow] = [], consents: [ConsentRow] = [],
    logs: [ParticipantLogs] = [], locks: [PlanLock] = []
  ) {
    self.participants = participants
    self.occasions = occasions
    self.responses = responses
    self.scores = scores.filter(\.isCurrent)
    scorings = scores
    self.asked = asked
    self.consents = consents
    self.logs = logs
    self.locks = locks
  }

  /// Reads one snapshot; test participants are left out.
  package static func read(from database: ResearchDatabase) async throws -> StudyRows {
    try await database.read { snapshot in
      let participants = try snapshot.participantRows()
      let consents = try participants.flatMap { row in
        let pseudonym = row.participant.pseudonym
        return try snapshot.consents(of: pseudonym).map {
          ConsentRow(pseudonym: pseudonym, consent: $0)
        }
      }
      let pseudonyms = Set(participants.map(\.participant.pseudonym))
      let logs = try snapshot.donors().filter(pseudonyms.contains).map { pseudonym in
        ParticipantLogs(
          pseudonym: pseudonym, donations: try snapshot.donations(of: pseudonym),
          rows: try snapshot.interactionRows(of: pseudonym))
      }
      return StudyRows(
        participants: participants, occasions: try snapshot.occasionRows(),
        responses: try snapshot.responseRows(), scores: try snapshot.scoreRows(),
        asked: try snapshot.sessionInstrumentRows(), consents: consents,
        logs: logs, locks: try snapshot.planLocks())
    }
  }
}

/// A decision about consent with whose it is.
package struct ConsentRow: Hashable, Sendable {
  /// The participant's name in research data.
  package var pseudonym: String
  /// The decision.
  package var consent: ConsentRecord

  /// Creates a row.
  package init(pseudonym: String, consent: ConsentRecord) {
    self.pseudonym = pseudonym
    self.consent = consent
  }
}

/// Which occasion of whom: what a planned occasion is known by.
struct OccasionKey: Hashable, Sendable {
  var participant: String
  var plan: String
  var index: Int
}
