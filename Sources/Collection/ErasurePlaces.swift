package import Foundation
package import Storage

/// What an erasure has to reach besides the research database.
package struct ErasurePlaces: Sendable {
  /// The database of contacts; `nil` where the study has none. Its key is not needed.
  package var contacts: URL?
  /// The ledger beside the keys, which survives the loss of the folder. A study of real people has
  /// one.
  package var ledger: ErasureLedger?

  package init(contacts: URL? = nil, ledger: ErasureLedger? = nil) {
    self.contacts = contacts
    self.ledger = ledger
  }
}

/// Why an erasure is not complete.
package enum ErasureObstacle: String, Hashable, Sendable, CaseIterable {
  /// Another connection reads a state of the research database from before.
  case reader
  /// Another process uses the contacts.
  case contactsBusy = "contacts_busy"
  /// The ledger beside the keys is not at hand.
  case ledgerMissing = "ledger_missing"
  /// A file could not be read or written; the next attempt says more.
  case failure
}

/// An erasure that some file of the study may still contradict.
package struct PendingErasure: Hashable, Sendable {
  package let erasure: ErasureRecord
  /// What it waits for.
  package let obstacle: ErasureObstacle
}
