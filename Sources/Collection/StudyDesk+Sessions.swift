import Definitions
package import Foundation
import Instruments
import LocalTime
package import Storage
import Studies

extension StudyDesk {
  /// What can be answered now, by everybody or by one participant, in the order of closing.
  ///
  /// Nobody is listed who has not agreed to what the study requires, and nothing that has expired
  /// as of `now`, closed or not. It writes nothing: any moment can be asked about.
  ///
  /// - Throws: ``CollectionError`` when the participant is unknown.
  package func due(
    of pseudonym: String? = nil, now: Date
  ) async throws -> [DueOccasion] {
    try await database.read { try due(of: pseudonym, now: now, in: $0) }
  }

  /// The same within a transaction or snapshot; see ``due(of:now:)``.
  ///
  /// - Throws: ``CollectionError`` when the participant is unknown.
  package func due(
    of pseudonym: String? = nil, now: Date, in snapshot: ResearchSnapshot
  ) throws -> [DueOccasion] {
    if let pseudonym, try snapshot.participant(pseudonym) == nil {
      throw CollectionError(.unknownParticipant, quoted(pseudonym))
    }
    return try snapshot.answerableOccasions(at: now, of: pseudonym)
      .filter { try missingConsent(for: $0, in: snapshot).isEmpty }
      .filter { try $0.state == .open || takesPlace($0, in: snapshot) }
      .map { occasion in
        let session = try snapshot.session(ofOccasion: occasion.uuid)
        return DueOccasion(occasion: occasion, session: session?.uuid)
      }
  }

  /// Begins the session of an occasion, or goes on with it where it was left.
  ///
  /// - Throws: ``CollectionError`` when the occasion is not this participant's, its window is not
  ///   open, it was submitted, or consent is missing.
  package func begin(
    _ occasion: UUID, of pseudonym: String, now: Date
  ) async throws -> SessionInProgress {
    try await database.write { try begin(occasion, of: pseudonym, now: now, in: $0) }
  }

  /// The same within a transaction; see ``begin(_:of:now:)``.
  ///
  /// - Throws: ``CollectionError``.
  package func begin(
    _ uuid: UUID, of pseudonym: String, now: Date, in transaction: ResearchTransaction
  ) throws -> SessionInProgress {
    try begin(
      uuid, of: try takingPart(pseudonym, in: transaction), now: now, in: transaction)
  }

  /// The same for a participant who is at hand.
  func begin(
    _ uuid: UUID, of participant: ParticipantRecord, now: Date,
    in transaction: ResearchTransaction
  ) throws -> SessionInProgress {
    // Somebody else's occasion is as unknown as one that does not exist: UUIDs tell nothing.
    guard var occasion = try transaction.occasion(uuid),
      occasion.pseudonym == participant.pseudonym
    else {
      throw CollectionError(.unknownOccasion, uuid.uuidString.lowercased())
    }
    try checkConsent(of: participant, for: occasion, in: transaction)
    let now = now.wholeMilliseconds
    try checkWindow(of: occasion, now: now)
    // A planned occasion has no session: beginning one opens it.
    if occasion.state == .open, let session = try transaction.session(ofOccasion: uuid) {
      return try inProgress(session, at: occasion, in: transaction)
    }
    guard try takesPlace(occasion, in: transaction) else {
      throw CollectionError(.cancelled, occasion.name)
    }
    let version = try version(occasion.publication)
    let name = transaction.secrets.uuid(for: "session of \(uuid)")
    let session = SessionRecord(
      uuid: name, occasion: uuid, pseudonym: participant.pseudonym, begun: now, lastActive: now,
      publication: occasion.publication,
      instruments: try occasion.instruments.map {
        try version.asking($0, of: participant, session: name)
      })
    try transaction.insert(session)
    (occasion.state, occasion.stateSince) = (.open, now)
    return try inProgress(session, at: occasion, answers: [:], in: transaction)
  }

  /// A session with its answers so far, whatever its state.
  ///
  /// - Throws: ``CollectionError`` when there is no such session.
  package func session(_ uuid: UUID) async throws -> SessionInProgress {
    try await database.read { try session(uuid, in: $0) }
  }

  /// The same within a transaction or snapshot; see ``session(_:)``.
  ///
  /// - Throws: ``CollectionError`` when there is no such session.
  package func session(_ uuid: UUID, in snapshot: ResearchSnapshot) throws -> SessionInProgress {
    guard let session = try snapshot.session(uuid) else {
      throw CollectionError(.unknownSession, uuid.uuidString.lowercased())
    }
    return try inProgress(session, in: snapshot)
  }

  private func inProgress(
    _ session: SessionRecord, at occasion: OccasionRecord? = nil,
    answers known: [String: [String: Answer]]? = nil, in snapshot: ResearchSnapshot
  ) throws -> SessionInProgress {
    guard let occasion = try occasion ?? snapshot.occasion(session.occasion) else {
      throw CollectionError(.unknownOccasion, session.occasion.uuidString.lowercased())
    }
    let version = try version(session.publication)
    let instruments = try session.instruments.map { try version.instrument($0) }
    let answers =
      try known ?? self.answers(in: try snapshot.responses(ofSession: session.uuid))
    return SessionInProgress(
      session: session, occasion: occasion, instruments: instruments, answers: answers,
      carried: try carried(in: session, asking: instruments, answers: answers, in: snapshot))
  }

  /// What was answered, by instrument and item.
  func answers(in responses: [ResponseRecord]) -> [String: [String: Answer]] {
    var answers: [String: [String: Answer]] = [:]
    for response in responses {
      guard let answer = Answer(response.answer) else { continue }
      answers[response.instrument, default: [:]][response.item] = answer
    }
    return answers
  }

  private func checkWindow(of occasion: OccasionRecord, now: Date) throws {
    switch occasion.state {
    case .planned:
      guard now >= occasion.opens else {
        throw CollectionError(
          .notYetOpen, occasion.name,
          detail: "it opens at \(occasion.opensLocal) (\(occasion.zone))")
      }
      guard now < occasion.closes else { throw closed(occasion) }
    case .open:
      guard now < occasion.graceEnds else { throw closed(occasion) }
    case .submitted: throw CollectionError(.alreadySubmitted, occasion.name)
    case .partial, .missed: throw closed(occasion)
    case .cancelled, .skipped: throw CollectionError(.cancelled, occasion.name)
    }
  }

  private func closed(_ occasion: OccasionRecord) -> CollectionError {
    CollectionError(.windowClosed, occasion.name, detail: "at \(occasion.graceEnds.utcText)")
  }
}

extension OccasionRecord {
  /// How messages call it: `week 3 of P-7K3M9Q`, counted from 1 as people do.
  var name: String { "\(plan) \(index + 1) of \(pseudonym)" }
}

extension Answer {
  init?(_ stored: StoredAnswer) {
    switch stored {
    case .number(let number): self = .number(number)
    case .text(let text): self = .text(text)
    case .none: return nil
    }
  }
}

extension StoredAnswer {
  init(_ answer: Answer?) {
    switch answer {
    case .number(let number): self = .number(number)
    case .text(let text): self = .text(text)
    case nil: self = .none
    }
  }
}
