package import Foundation
import Instruments
package import Storage
import Studies

/// A session that is answered from its beginning to its end inside one transaction: what a rehearsal does,
/// and whoever keys in what others wrote.
///
/// The rules are those of ``StudyDesk/begin(_:of:now:)``, ``StudyDesk/save(_:now:)-(PageOfAnswers,_)`` and
/// ``StudyDesk/submit(_:now:)``. What they would read again for each page is at hand: nothing else may be
/// done about the participant meanwhile, and the sitting ends with its transaction.
package struct Sitting {
  /// The session as it is now.
  package private(set) var current: SessionInProgress
  private let participant: ParticipantRecord
  private let desk: StudyDesk
  private let transaction: ResearchTransaction

  /// Begins the session of an occasion, or goes on with it; see ``StudyDesk/begin(_:of:now:)``.
  ///
  /// - Throws: ``CollectionError``.
  package init(
    at occasion: UUID, of pseudonym: String, now: Date, desk: StudyDesk,
    in transaction: ResearchTransaction
  ) throws {
    participant = try desk.takingPart(pseudonym, in: transaction)
    current = try desk.begin(occasion, of: participant, now: now, in: transaction)
    self.desk = desk
    self.transaction = transaction
  }

  /// Saves the answers of a page, all or none.
  ///
  /// - Parameter page: without a client key; its session is this one, whatever it says.
  /// - Throws: ``CollectionError``.
  package mutating func save(_ page: PageOfAnswers, now: Date) throws {
    var page = page
    (page.session, page.clientKey) = (current.session.uuid, nil)
    let standing = current
    _ = try desk.keep(page, in: context, now: now, in: transaction) { standing }
    for entry in page.entries {
      current.answers[page.instrument, default: [:]][entry.item] = entry.answer
    }
  }

  /// Completes the session.
  ///
  /// - Throws: ``CollectionError`` when an item that must be answered is not.
  package consuming func submit(now: Date) throws -> Submission {
    try desk.submit(current, of: participant, now: now, in: transaction)
  }

  private var context: SessionContext {
    SessionContext(
      session: current.session.uuid, state: current.session.state,
      isLate: current.session.isLate, publication: current.session.publication,
      occasion: current.occasion.uuid, plan: current.occasion.plan,
      index: current.occasion.index, occasionState: current.occasion.state,
      graceEnds: current.occasion.graceEnds, pseudonym: current.session.pseudonym,
      status: participant.status)
  }
}
