package import Foundation
import GRDB
import LocalTime

extension ResearchTransaction {
  /// Stores the answers of a page with one event, once per client key.
  ///
  /// What becomes of each row is what ``save(_:at:)-(ResponseToSave,_)`` would make of it.
  ///
  /// - Returns: whether it was saved, was saved before, or reuses a key for something else.
  package func save(_ page: PageToSave, at now: Date) throws(StorageError) -> SaveOutcome {
    let (session, _, chain) = try key(ofSession: page.session)
    if page.clientKey != nil,
      let earlier = try outcomeOfRepeating(
        page, session: session, content: EventContent.page(page))
    {
      return earlier
    }
    let event = try append(.pageSaved, to: chain, at: now) { EventContent.page(page) }
    if let clientKey = page.clientKey {
      try run(
        "INSERT INTO saved_keys (session, client_key, event) VALUES (?, ?, ?)",
        [session, clientKey, event])
    }
    try storeResponses(
      page.entries, to: page.instrument, session: session, clientKey: page.clientKey,
      event: event, at: now)
    try touch(session: session, at: now)
    return .saved
  }

  /// What saving a page again under its client key comes to, or `nil` when the key is new or absent.
  package func outcomeOfRepeating(_ page: PageToSave) throws(StorageError) -> SaveOutcome? {
    guard page.clientKey != nil else { return nil }
    let (session, _, _) = try key(ofSession: page.session)
    return try outcomeOfRepeating(page, session: session, content: EventContent.page(page))
  }

  private func outcomeOfRepeating(
    _ page: PageToSave, session: Int64, content: CanonicalJSON
  ) throws(StorageError) -> SaveOutcome? {
    guard let clientKey = page.clientKey,
      let earlier = try savedContent(underKey: clientKey, session: session)
    else { return nil }
    let stored = earlier.flatMap { CanonicalJSON.parse(Array($0)) }
    return stored?.withoutDeviceTimes.text == content.withoutDeviceTimes.text
      ? .repeated : .keyReused
  }
}

extension CanonicalJSON {
  /// The content of a page without what the device's clock says: of a second try it is no other
  /// answer.
  fileprivate var withoutDeviceTimes: CanonicalJSON {
    switch self {
    case .list(let values): .list(values.map(\.withoutDeviceTimes))
    case .object(let members):
      .object(
        .init(
          members.sorted.filter { $0.name != "client_at" }
            .map { ($0.name, $0.value.withoutDeviceTimes) }))
    case .null, .integer, .number, .text: self
    }
  }
}
