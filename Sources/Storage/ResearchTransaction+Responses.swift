package import Foundation
import GRDB
import LocalTime

extension ResearchTransaction {
  /// Stores an answer, once per client key.
  ///
  /// The row holds the last answer; the chain holds every one. A change is counted when an answer
  /// replaces a different one, not when an item is answered for the first time.
  ///
  /// - Returns: whether it was saved, was saved before, or reuses a key for something else.
  package func save(
    _ response: ResponseToSave, at now: Date
  ) throws(StorageError) -> SaveOutcome {
    let (session, _, chain) = try key(ofSession: response.session)
    let content = EventContent.response(response)
    if let earlier = try outcomeOfRepeating(response, session: session, content: content) {
      return earlier
    }
    let event = try append(.responseSaved, to: chain, content: content, at: now)
    if let clientKey = response.clientKey {
      try run(
        "INSERT INTO saved_keys (session, client_key, event) VALUES (?, ?, ?)",
        [session, clientKey, event])
    }
    try storeResponses(
      [
        PageToSave.Entry(
          item: response.item, answer: response.answer, clientTime: response.clientTime)
      ], to: response.instrument, session: session, clientKey: response.clientKey, event: event,
      at: now)
    try touch(session: session, at: now)
    return .saved
  }

  /// Writes the rows of answers to an instrument, or changes them.
  func storeResponses(
    _ entries: [PageToSave.Entry], to instrument: String, session: Int64, clientKey: String?,
    event: Int64, at now: Date
  ) throws(StorageError) {
    let moment = now.utcMilliseconds
    try run(
      """
      INSERT INTO responses (session, instrument, item, number, text, reason, client_at,
        server_at, changes, client_key, event)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)
      ON CONFLICT (session, instrument, item) DO UPDATE SET
        number = excluded.number, text = excluded.text, reason = excluded.reason,
        client_at = excluded.client_at, server_at = excluded.server_at,
        client_key = excluded.client_key, event = excluded.event,
        changes = responses.changes + CASE
          WHEN responses.number IS NULL AND responses.text IS NULL THEN 0
          WHEN responses.number = excluded.number OR responses.text = excluded.text THEN 0
          ELSE 1 END
      """, for: entries
    ) { values, entry in
      values.add(session)
      values.add(instrument)
      values.add(entry.item)
      values.add(entry.answer.number)
      values.add(entry.answer.text)
      values.add(entry.answer == .none ? MissingReason.leftBlank.rawValue : nil)
      values.add(entry.clientTime?.utcMilliseconds)
      values.add(moment)
      values.add(clientKey)
      values.add(event)
    }
  }

  /// Records that something was done in a session.
  func touch(session: Int64, at now: Date) throws(StorageError) {
    try run(
      "UPDATE sessions SET last_active_at = ?1 WHERE id = ?2 AND last_active_at < ?1"
    ) { values in
      values.add(now.utcMilliseconds)
      values.add(session)
    }
  }

  /// What was saved under a client key, or `nil` when the key is new; the content may be erased.
  func savedContent(
    underKey clientKey: String, session: Int64
  ) throws(StorageError) -> Data?? {
    try first(
      """
      SELECT c.content FROM saved_keys k LEFT JOIN event_contents c ON c.event = k.event
      WHERE k.session = ? AND k.client_key = ?
      """, [session, clientKey]
    ) { $0[0] as Data? }
  }

  /// What saving again under a client key comes to, or `nil` when the key is new or absent.
  package func outcomeOfRepeating(
    _ response: ResponseToSave
  ) throws(StorageError) -> SaveOutcome? {
    guard response.clientKey != nil else { return nil }
    let (session, _, _) = try key(ofSession: response.session)
    return try outcomeOfRepeating(
      response, session: session, content: EventContent.response(response))
  }

  private func outcomeOfRepeating(
    _ response: ResponseToSave, session: Int64, content: CanonicalJSON
  ) throws(StorageError) -> SaveOutcome? {
    guard let clientKey = response.clientKey,
      let earlier = try savedContent(underKey: clientKey, session: session)
    else { return nil }
    // What the device's clock says of a second try is no other answer.
    let stored = earlier.flatMap { CanonicalJSON.parse(Array($0)) }?.fields
    let sent = content.fields
    return Self.answerFields.allSatisfy { stored?[$0]?.text == sent[$0]?.text }
      ? .repeated : .keyReused
  }

  private static let answerFields = [
    "client_key", "instrument", "item", "number", "session", "text",
  ]
}
