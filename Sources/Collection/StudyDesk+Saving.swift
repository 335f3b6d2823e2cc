import Definitions
import Expressions
package import Foundation
package import Instruments
package import Storage
import Studies

/// One answer as a door hands it in.
package struct AnswerToSave: Hashable, Sendable {
  /// The session's UUID.
  package var session: UUID
  /// The instrument's id.
  package var instrument: String
  /// The item's id.
  package var item: String
  /// `nil` takes an earlier answer back.
  package var answer: Answer?
  /// The sender's own name for this save: sent again with the same answer, nothing happens again.
  package var clientKey: String?
  /// When the participant's device says that it was answered.
  package var clientTime: Date?

  package init(
    session: UUID, instrument: String, item: String, answer: Answer?, clientKey: String? = nil,
    clientTime: Date? = nil
  ) {
    self.session = session
    self.instrument = instrument
    self.item = item
    self.answer = answer
    self.clientKey = clientKey
    self.clientTime = clientTime
  }
}

extension StudyDesk {
  /// Saves an answer; it is on disk when this returns.
  ///
  /// What arrives after the window and its grace, from a phone that was offline, is kept: the
  /// submission is flagged as late.
  ///
  /// - Returns: `saved`, or `repeated` when the same save was done before.
  /// - Throws: ``CollectionError`` when the session is unknown, submitted or withdrawn, consent
  ///   is missing, the item is unknown or hidden, the answer is not on its response scale, or the client key was used
  ///   for something else.
  @discardableResult
  package func save(_ answer: AnswerToSave, now: Date) async throws -> SaveOutcome {
    try await database.write { try save(answer, now: now, in: $0) }
  }

  /// The same within a transaction; see ``save(_:now:)``.
  ///
  /// - Throws: ``CollectionError``.
  @discardableResult
  package func save(
    _ answer: AnswerToSave, now: Date, in transaction: ResearchTransaction
  ) throws -> SaveOutcome {
    guard let context = try transaction.context(ofSession: answer.session) else {
      throw CollectionError(.unknownSession, answer.session.uuidString.lowercased())
    }
    let response = ResponseToSave(
      session: answer.session, instrument: answer.instrument, item: answer.item,
      answer: StoredAnswer(answer.answer), clientKey: answer.clientKey,
      clientTime: answer.clientTime)
    // A save that was acknowledged is acknowledged again, whatever has happened since.
    if let earlier = try transaction.outcomeOfRepeating(response) {
      return try checked(earlier, of: answer)
    }
    try checkTakingPart(context.status, context.pseudonym)
    guard context.state != .submitted else {
      throw CollectionError(.alreadySubmitted, context.name)
    }
    try checkConsent(for: context, in: transaction)
    let instrument = try checkItem(answer, context: context, in: transaction)
    let now = now.wholeMilliseconds
    let outcome = try checked(try transaction.save(response, at: now), of: answer)
    try alert(
      ifConcerning: [(answer.item, answer.answer)], to: instrument, in: context, now: now,
      in: transaction)
    if context.occasionState == .missed, answer.answer != nil {
      try reopenAsPartial(
        context.occasion, session: context.session, now: now, in: transaction)
    }
    return outcome
  }

  private func checked(_ outcome: SaveOutcome, of answer: AnswerToSave) throws -> SaveOutcome {
    guard outcome != .keyReused else {
      throw CollectionError(.keyReused, "\(answer.instrument) \(quoted(answer.item))")
    }
    return outcome
  }

  /// - Returns: the instrument, which takes the answer.
  private func checkItem(
    _ answer: AnswerToSave, context: SessionContext, in transaction: ResearchTransaction
  ) throws -> Instrument {
    let instrument = try asked(answer.instrument, in: context)
    let item = try checkedItem(answer.item, answer: answer.answer, of: instrument)
    // Only conditional items and those asked once can be hidden, and only then are the other answers
    // needed.
    guard item.showIf != nil || item.isOnce, answer.answer != nil else { return instrument }
    let current = try session(context.session, in: transaction)
    let shown = current.shownItems(of: instrument)
    guard shown.contains(where: { $0.id == item.id }) else {
      throw CollectionError(.itemNotShown, "\(instrument.id) \(item.id)")
    }
    return instrument
  }

  /// An instrument that the session's occasion asks.
  func asked(_ id: String, in context: SessionContext) throws -> Instrument {
    let version = try version(context.publication)
    let asked = version.study.occasion(context.plan)?.instruments ?? []
    guard asked.contains(id) else {
      throw CollectionError(.unknownInstrument, quoted(id), detail: didYouMean(id, among: asked))
    }
    return try version.instrument(id)
  }

  /// An item that takes the answer, or that an answer can be taken back from.
  func checkedItem(
    _ id: String, answer: Answer?, of instrument: Instrument
  ) throws -> Item {
    guard let item = instrument.item(id) else {
      throw CollectionError(
        .unknownItem, "\(quoted(id)) in \(instrument.id)",
        detail: didYouMean(id, among: instrument.items.map(\.id)))
    }
    if let answer {
      do throws(AnswerRefusal) {
        try instrument.check(answer, for: item.id)
      } catch {
        throw CollectionError(
          .answerRefused, "\(instrument.id) \(item.id)", detail: error.description)
      }
    } else if item.valueType == nil {
      throw CollectionError(
        .answerRefused, "\(instrument.id) \(item.id)",
        detail: "\(item.id) takes \(item.expectedAnswer)")
    }
    return item
  }
}

extension SessionContext {
  /// How messages call it.
  var name: String { "\(plan) \(index + 1) of \(pseudonym)" }
}
