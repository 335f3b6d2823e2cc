import Definitions
package import Foundation
package import Instruments
package import Storage
import Studies

/// The answers of one page as a door hands them in: several items of one instrument.
package struct PageOfAnswers: Hashable, Sendable {
  /// One item of the page.
  package struct Entry: Hashable, Sendable {
    /// The item's id.
    package var item: String
    /// `nil` takes an earlier answer back.
    package var answer: Answer?
    /// When the participant's device says that it was answered.
    package var clientTime: Date?

    package init(item: String, answer: Answer?, clientTime: Date? = nil) {
      self.item = item
      self.answer = answer
      self.clientTime = clientTime
    }
  }

  /// The session's UUID.
  package var session: UUID
  /// The instrument's id.
  package var instrument: String
  /// The items, each at most once.
  package var entries: [Entry]
  /// The sender's own name for this save: sent again with the same answers, nothing happens again.
  package var clientKey: String?

  package init(session: UUID, instrument: String, entries: [Entry], clientKey: String? = nil) {
    self.session = session
    self.instrument = instrument
    self.entries = entries
    self.clientKey = clientKey
  }
}

extension StudyDesk {
  /// Saves the answers of a page, all or none; they are on disk when this returns.
  ///
  /// The rules are those of ``save(_:now:)-(AnswerToSave,_)``, asked once for the page: what an
  /// item is shown by are the answers before it and those of the page.
  ///
  /// - Returns: `saved`, or `repeated` when the same save was done before.
  /// - Throws: ``CollectionError`` as for a single answer, and when an item comes twice.
  @discardableResult
  package func save(_ page: PageOfAnswers, now: Date) async throws -> SaveOutcome {
    try await database.write { try save(page, now: now, in: $0) }
  }

  /// The same within a transaction; see ``save(_:now:)-(PageOfAnswers,_)``.
  ///
  /// - Throws: ``CollectionError``.
  @discardableResult
  package func save(
    _ page: PageOfAnswers, now: Date, in transaction: ResearchTransaction
  ) throws -> SaveOutcome {
    guard let context = try transaction.context(ofSession: page.session) else {
      throw CollectionError(.unknownSession, page.session.uuidString.lowercased())
    }
    let stored = page.stored
    // A save that was acknowledged is acknowledged again, whatever has happened since.
    if let earlier = try transaction.outcomeOfRepeating(stored) {
      return try checked(earlier, of: page)
    }
    try checkTakingPart(context.status, context.pseudonym)
    guard context.state != .submitted else {
      throw CollectionError(.alreadySubmitted, context.name)
    }
    try checkConsent(for: context, in: transaction)
    return try keep(page, in: context, now: now, in: transaction) {
      try session(context.session, in: transaction)
    }
  }

  /// Keeps a page of somebody who may answer; what it asks of the session is asked of `current`.
  func keep(
    _ page: PageOfAnswers, in context: SessionContext, now: Date,
    in transaction: ResearchTransaction, current: () throws -> SessionInProgress
  ) throws -> SaveOutcome {
    let stored = page.stored
    let instrument = try checkItems(page, context: context, current: current)
    let now = now.wholeMilliseconds
    let outcome = try checked(try transaction.save(stored, at: now), of: page)
    try alert(
      ifConcerning: page.entries.map { ($0.item, $0.answer) }, to: instrument, in: context,
      now: now, in: transaction)
    if context.occasionState == .missed, page.entries.contains(where: { $0.answer != nil }) {
      try reopenAsPartial(
        context.occasion, session: context.session, now: now, in: transaction)
    }
    return outcome
  }

  private func checked(_ outcome: SaveOutcome, of page: PageOfAnswers) throws -> SaveOutcome {
    guard outcome != .keyReused else {
      throw CollectionError(.keyReused, "a page of \(page.instrument)")
    }
    return outcome
  }

  /// - Returns: the instrument, which takes the answers.
  private func checkItems(
    _ page: PageOfAnswers, context: SessionContext, current: () throws -> SessionInProgress
  ) throws -> Instrument {
    let instrument = try asked(page.instrument, in: context)
    var isConditional = false
    var seen: Set<String> = []
    for entry in page.entries {
      let item = try checkedItem(entry.item, answer: entry.answer, of: instrument)
      if item.showIf != nil || item.isOnce, entry.answer != nil { isConditional = true }
      guard seen.insert(item.id).inserted else {
        throw CollectionError(
          .answerRefused, "\(instrument.id) \(item.id)", detail: "it comes twice on one page")
      }
    }
    // Only conditional items and those asked once can be hidden, and only then are the other answers
    // needed.
    guard isConditional else { return instrument }
    let current = try current()
    var answers = current.answers[instrument.id] ?? [:]
    for entry in page.entries { answers[entry.item] = entry.answer }
    let carried = current.carried[instrument.id] ?? [:]
    let shown = Set(instrument.shownItems(answers: answers, carried: carried).map(\.id))
    for entry in page.entries where entry.answer != nil && !shown.contains(entry.item) {
      throw CollectionError(.itemNotShown, "\(instrument.id) \(entry.item)")
    }
    return instrument
  }
}

extension PageOfAnswers {
  /// The page as it is stored.
  fileprivate var stored: PageToSave {
    PageToSave(
      session: session, instrument: instrument,
      entries: entries.map {
        PageToSave.Entry(
          item: $0.item, answer: StoredAnswer($0.answer), clientTime: $0.clientTime)
      }, clientKey: clientKey)
  }
}
