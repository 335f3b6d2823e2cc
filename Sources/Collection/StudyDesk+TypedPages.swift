import Definitions
package import Foundation
package import Instruments
package import Storage

/// A page as a participant sends it from a browser: what was typed or chosen, as text.
package struct TypedPage: Hashable, Sendable {
  /// The session's UUID.
  package var session: UUID
  /// The page's number.
  package var number: Int
  /// By item; an item that is not in it was left blank. Options are their numbers.
  package var typed: [String: String]
  /// When the participant's device says that an item was answered.
  package var times: [String: Date]
  /// The sender's own name for this sending: sent again, nothing happens again.
  package var clientKey: String?

  package init(
    session: UUID, number: Int, typed: [String: String], times: [String: Date] = [:],
    clientKey: String? = nil
  ) {
    self.session = session
    self.number = number
    self.typed = typed
    self.times = times
    self.clientKey = clientKey
  }
}

/// What sending a page came to.
package struct PageOutcome: Sendable {
  /// The session with what was saved.
  package let session: SessionInProgress
  /// The page that was sent.
  package let page: SessionPage
  /// The items whose answer is none that they take; nothing was saved of these.
  package let refused: Set<String>
  /// The items without an answer that are asked once more.
  package let blank: Set<String>
  /// Among them, those that must be answered.
  package let needed: Set<String>
  /// Whether an answer gives concern, so that the participant is shown whom to turn to at once.
  package let isConcerning: Bool

  /// Whether there is nothing to ask again.
  package var isComplete: Bool { refused.isEmpty && blank.isEmpty }
}

extension StudyDesk {
  /// Saves what was typed on a page; it is on disk when this returns.
  ///
  /// What can be read is saved even where something else on the page cannot. What is as before is not
  /// written again.
  ///
  /// - Throws: ``CollectionError`` `unknownSession` also for somebody else's, `unknownPage`, and as
  ///   saving does.
  package func save(
    _ page: TypedPage, of pseudonym: String, now: Date
  ) async throws -> PageOutcome {
    try await database.write { try save(page, of: pseudonym, now: now, in: $0) }
  }

  /// The same within a transaction; see ``save(_:of:now:)``.
  ///
  /// - Throws: ``CollectionError``.
  package func save(
    _ typed: TypedPage, of pseudonym: String, now: Date, in transaction: ResearchTransaction
  ) throws -> PageOutcome {
    let before = try session(typed.session, of: pseudonym, in: transaction)
    guard let page = before.pages.first(where: { $0.number == typed.number }) else {
      throw CollectionError(.unknownPage, "\(typed.number + 1)")
    }
    guard before.session.state != .submitted else {
      throw CollectionError(.alreadySubmitted, before.occasion.name)
    }
    let (read, refused) = answers(reading: typed.typed, for: page.items)
    let entries = page.items.filter { item in
      item.valueType != nil && !refused.contains(item.id)
        && read[item.id] != before.answer(to: item, of: page.instrument)
    }.map {
      PageOfAnswers.Entry(item: $0.id, answer: read[$0.id], clientTime: typed.times[$0.id])
    }
    if !entries.isEmpty {
      try save(
        PageOfAnswers(
          session: typed.session, instrument: page.instrument.id, entries: entries,
          clientKey: typed.clientKey), now: now, in: transaction)
    }
    let after = try session(typed.session, in: transaction)
    let answers = after.answers[page.instrument.id] ?? [:]
    let blank = page.items.filter {
      $0.isAskedAgain && answers[$0.id] == nil && !refused.contains($0.id)
    }
    return PageOutcome(
      session: after, page: page, refused: refused, blank: Set(blank.map(\.id)),
      needed: Set(blank.filter(\.isNeeded).map(\.id)),
      isConcerning: page.items.contains { item in
        answers[item.id].map(item.isConcerning) ?? false
      })
  }

  /// Saves answers of a participant, all or none; see ``save(_:now:)-(PageOfAnswers,_)``.
  ///
  /// - Throws: ``CollectionError``; `unknownSession` also for somebody else's.
  package func save(
    _ page: PageOfAnswers, of pseudonym: String, now: Date
  ) async throws -> SaveOutcome {
    try await database.write { transaction in
      _ = try session(page.session, of: pseudonym, in: transaction)
      return try save(page, now: now, in: transaction)
    }
  }

  /// What was typed or chosen for items of an instrument, as answers; what cannot be read is left out.
  package func answers(
    reading typed: [String: String], for items: [Item]
  ) -> (answers: [String: Answer], refused: Set<String>) {
    var answers: [String: Answer] = [:]
    var refused: Set<String> = []
    for item in items where item.valueType != nil {
      guard let text = typed[item.id], !text.allSatisfy(\.isWhitespace) else { continue }
      do throws(AnswerRefusal) {
        answers[item.id] = try item.answer(reading: item.plain(text))
      } catch { refused.insert(item.id) }
    }
    return (answers, refused)
  }

  /// A session of a participant with its answers so far, whatever its state.
  ///
  /// - Throws: ``CollectionError`` `unknownSession` where there is none, or it is somebody else's.
  package func session(
    _ uuid: UUID, of pseudonym: String, in snapshot: ResearchSnapshot
  ) throws -> SessionInProgress {
    let found = try session(uuid, in: snapshot)
    guard found.session.pseudonym == pseudonym else {
      throw CollectionError(.unknownSession, uuid.uuidString.lowercased())
    }
    return found
  }

  /// Completes a session of a participant; see ``submit(_:now:)``.
  ///
  /// - Throws: ``CollectionError``.
  @discardableResult
  package func submit(
    _ uuid: UUID, of pseudonym: String, now: Date
  ) async throws -> Submission {
    try await database.write { transaction in
      _ = try session(uuid, of: pseudonym, in: transaction)
      return try submit(uuid, now: now, in: transaction)
    }
  }

  /// The same study, whose writes share transactions with those that come at about the same time.
  package func sharingCommits() -> StudyDesk {
    var desk = StudyDesk(
      database: database.sharingCommits(), identities: identities, versions: versions,
      current: current, allocationSeed: allocationSeed, linkKey: linkKey)
    desk.interruption = interruption
    return desk
  }
}

extension Item {
  /// What was typed for a number, in the digits and with the point that answers have: half the world
  /// types a comma, and many scripts have digits of their own.
  fileprivate func plain(_ typed: String) -> String {
    switch kind {
    case .number, .slider:
      String(
        typed.map { character in
          if let digit = character.wholeNumberValue, (0...9).contains(digit) {
            return Character("\(digit)")
          }
          return character == "," || character == "٫" ? "." : character
        })
    default: typed
    }
  }
}
