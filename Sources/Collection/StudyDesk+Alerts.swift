import Foundation
import Instruments
import Storage
import Studies

extension StudyDesk {
  /// For how long an alert is tried, in seconds: far beyond any promise to act, and not so long that a
  /// study that begins to send messages late is flooded; ``concerns(since:)`` lists the older ones.
  static let alertTime: TimeInterval = 30 * 86_400

  /// Puts an alert into the outbox when one of these answers is of concern, in the transaction that keeps
  /// the answers: no crash can keep the one and lose the other. There is one for each occasion.
  ///
  /// Simulated people alarm nobody.
  func alert(
    ifConcerning answers: [(item: String, answer: Answer?)], to instrument: Instrument,
    in context: SessionContext, now: Date, in transaction: ResearchTransaction
  ) throws {
    guard database.kind == .real,
      try version(context.publication).study.safety != nil,
      answers.contains(where: { entry in
        entry.answer.map { instrument.item(entry.item)?.isConcerning($0) == true } ?? false
      }),
      try transaction.message(.alert, about: context.occasion) == nil,
      let participant = try transaction.participant(context.pseudonym)
    else { return }
    try transaction.queue(
      MessageRecord(
        uuid: transaction.secrets.uuid(for: "alert about \(context.occasion)"),
        person: participant.uuid, occasion: context.occasion, kind: .alert,
        channel: MessageRecord.anyChannel, due: now,
        expires: now.addingTimeInterval(Self.alertTime)), at: now)
  }

  /// Whether an answer of concern stands in an occasion.
  func isConcerning(_ occasion: UUID?, in snapshot: ResearchSnapshot) throws -> Bool {
    guard let occasion, let session = try snapshot.session(ofOccasion: occasion) else {
      return false
    }
    let definitions = try version(session.publication).definitions
    return try snapshot.responses(ofSession: session.uuid).contains { response in
      guard response.reason == nil, let answer = Answer(response.answer) else { return false }
      return definitions.instruments[response.instrument]?.item(response.item)?
        .isConcerning(answer) == true
    }
  }

  /// Who looks at an answer of concern, and how soon: as the study says now, else as it said when the
  /// session began.
  func safety(for alert: MessageRecord, in snapshot: ResearchSnapshot) throws -> Safety? {
    if let safety = current.study.safety { return safety }
    guard let occasion = alert.occasion, let session = try snapshot.session(ofOccasion: occasion)
    else { return nil }
    return try version(session.publication).study.safety
  }
}
