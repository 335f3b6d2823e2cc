package import Foundation
import GRDB
import LocalTime

extension ResearchTransaction {
  /// Begins a session: its occasion is open from here on.
  ///
  /// - Throws: ``StorageError`` `constraint` when the occasion has a session.
  package func insert(_ session: SessionRecord) throws(StorageError) {
    let (occasion, chain) = try key(ofOccasion: session.occasion)
    memory.planned[session.occasion] = nil
    let event = try append(.sessionBegun, to: chain, at: session.imported ?? session.begun) {
      EventContent.beginning(of: session)
    }
    let id = try nextRow(of: "sessions")
    try run(
      """
      INSERT INTO sessions (id, uuid, occasion, state, begun_at, last_active_at, submitted_at,
        is_late, imported_at, publication, event)
      VALUES (?, ?, ?, 'open', ?, ?, NULL, 0, ?, ?, ?)
      """
    ) { values in
      values.add(id)
      values.add(session.uuid.text)
      values.add(occasion)
      values.add(session.begun.utcMilliseconds)
      values.add(session.lastActive.utcMilliseconds)
      values.add(session.imported?.utcMilliseconds)
      values.add(session.publication)
      values.add(event)
    }
    try run(
      """
      INSERT INTO session_instruments (session, position, instrument, version, content_hash,
        language, overlay, overlay_version, overlay_hash, overlay_is_reviewed, item_order)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      for: Array(session.instruments.enumerated())
    ) { values, row in
      let (position, instrument) = row
      values.add(id)
      values.add(position)
      values.add(instrument.id)
      values.add(instrument.version)
      values.add(instrument.contentHash)
      values.add(instrument.language)
      values.add(instrument.overlay?.id)
      values.add(instrument.overlay?.version)
      values.add(instrument.overlay?.hash)
      values.add(instrument.overlay.map { $0.isReviewed ? Int64(1) : 0 })
      values.add(instrument.orderText)
    }
    memory.sessions[session.uuid] = (id, occasion, chain)
    try setState(.open, ofOccasion: occasion, at: session.begun)
  }

  /// Completes a session and its occasion.
  ///
  /// - Parameters:
  ///   - isLate: whether it comes after the window and its grace; its occasion is then partial.
  ///   - recorded: when the record is made, where that is not when it was submitted.
  ///   - unanswered: the items without an answer, and those hidden at the end, with the reason.
  package func submit(
    _ session: UUID, isLate: Bool,
    unanswered: [(instrument: String, item: String, reason: MissingReason)],
    scores: [ScoreRecord], at now: Date, recorded: Date? = nil
  ) throws(StorageError) {
    let (id, occasion, chain) = try key(ofSession: session)
    let moment = now.utcMilliseconds
    let sorted = scores.sorted { ($0.instrument, $0.name) < ($1.instrument, $1.name) }
    let event = try append(.sessionSubmitted, to: chain, at: recorded ?? now) {
      EventContent.submission(
        of: session, at: now, isLate: isLate, reasons: unanswered, scores: sorted)
    }
    try run(
      """
      UPDATE sessions SET state = 'submitted', submitted_at = ?, last_active_at = ?, is_late = ?,
        event = ?
      WHERE id = ?
      """
    ) { values in
      values.add(moment)
      values.add(moment)
      values.add(isLate)
      values.add(event)
      values.add(id)
    }
    try setReasons(unanswered, session: id, at: (recorded ?? now).utcMilliseconds)
    try insert(sorted, session: id, event: event)
    if isLate {
      guard let context = try context(ofSession: session) else {
        throw StorageError(.unknownRecord, "session \(session.text)")
      }
      // What somebody's listing closed as missed meanwhile has an answer after all: whoever looked
      // first must not decide what the occasion counts as.
      guard context.occasionState != .partial else { return }
      try close(context.occasion, as: .partial, session: .partial, at: now)
    } else {
      try setState(.submitted, ofOccasion: occasion, at: now)
    }
  }

  /// Makes other scores of an instrument the current ones of a session; those before them stay.
  ///
  /// - Parameter scores: all under one version; in any order.
  package func rescore(
    _ session: UUID, instrument: String, scores: [ScoreRecord], at now: Date
  ) throws(StorageError) {
    let (id, _, chain) = try key(ofSession: session)
    let sorted = scores.sorted { $0.name < $1.name }
    let event = try append(
      .scoresRecomputed, to: chain,
      content: EventContent.rescoring(of: session, instrument: instrument, scores: sorted),
      at: now)
    try run(
      "UPDATE scores SET is_current = 0 WHERE session = ? AND instrument = ? AND is_current = 1",
      [id, instrument])
    try insert(sorted, session: id, event: event)
  }

  /// Says why items of a session have no answer. An answer that stands is kept only under
  /// `notShown`; under any other reason an answered item is left as it is.
  package func setReason(
    _ reason: MissingReason, ofItems items: [(instrument: String, item: String)],
    session: UUID, at now: Date
  ) throws(StorageError) {
    guard !items.isEmpty else { return }
    let (id, _, chain) = try key(ofSession: session)
    try append(
      .reasonsGiven, to: chain,
      content: EventContent.reasons(
        items.map { ($0.instrument, $0.item, reason) }, of: session), at: now)
    try setReasons(
      items.map { ($0.instrument, $0.item, reason) }, session: id, at: now.utcMilliseconds)
  }

  private func setReasons(
    _ entries: [(instrument: String, item: String, reason: MissingReason)], session: Int64,
    at moment: Int64
  ) throws(StorageError) {
    try run(
      """
      INSERT INTO responses (session, instrument, item, reason, server_at, changes)
      VALUES (?, ?, ?, ?, ?, 0)
      ON CONFLICT (session, instrument, item) DO UPDATE SET reason = excluded.reason
      WHERE excluded.reason = 'not_shown'
        OR (responses.number IS NULL AND responses.text IS NULL)
      """, for: entries
    ) { values, entry in
      values.add(session)
      values.add(entry.instrument)
      values.add(entry.item)
      values.add(entry.reason.rawValue)
      values.add(moment)
    }
  }

  /// Adds scores and makes them the current ones of their names, of which none is current. Those under
  /// other hashes stay; under the same hash the same answers gave the same score.
  private func insert(
    _ scores: [ScoreRecord], session: Int64, event: Int64
  ) throws(StorageError) {
    try run(
      """
      INSERT INTO scores (session, instrument, name, version, scoring_hash, value, absence,
        answered, items, is_prorated, is_current, computed_at, event)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)
      ON CONFLICT (session, instrument, name, scoring_hash) DO UPDATE SET is_current = 1
      """, for: scores
    ) { values, score in
      values.add(session)
      values.add(score.instrument)
      values.add(score.name)
      values.add(score.version)
      values.add(score.scoringHash)
      values.add(score.value)
      values.add(score.absence?.rawValue)
      values.add(score.answered)
      values.add(score.items)
      values.add(score.isProrated)
      values.add(score.computed.utcMilliseconds)
      values.add(event)
    }
  }
}
