package import Storage

/// Everything that analysis and exports read from a database, as of one moment.
package struct StudyRows: Sendable {
  package var participants: [ParticipantRow]
  package var occasions: [OccasionRow]
  package var responses: [ResponseRow]
  package var scores: [ScoreRow]

  /// Creates rows from records, which must be in the order that `Storage` gives them.
  package init(
    participants: [ParticipantRow], occasions: [OccasionRow], responses: [ResponseRow],
    scores: [ScoreRow]
  ) {
    self.participants = participants
    self.occasions = occasions
    self.responses = responses
    self.scores = scores
  }

  /// Reads one snapshot; test participants are left out.
  package static func read(from database: ResearchDatabase) async throws -> StudyRows {
    try await database.read { snapshot in
      StudyRows(
        participants: try snapshot.participantRows(), occasions: try snapshot.occasionRows(),
        responses: try snapshot.responseRows(), scores: try snapshot.scoreRows())
    }
  }
}

/// Which occasion of whom: what a planned occasion is known by.
struct OccasionKey: Hashable, Sendable {
  var participant: String
  var plan: String
  var index: Int
}
