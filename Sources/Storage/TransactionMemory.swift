import Foundation

/// What is remembered of rows while a snapshot lasts, so that a page of answers does not look up the same
/// session five times.
///
/// Only what cannot change beneath a snapshot is in it: which row has which name, and, inside the one
/// transaction that may write, the ends of the chains. Whatever undoes writes forgets all of it.
struct TransactionMemory {
  /// The last event of each chain that was appended to, by the chain's name.
  var ends: [String: (number: Int64, hash: String)] = [:]
  /// By pseudonym.
  var participants: [String: (id: Int64, chain: EventChain)] = [:]
  var occasions: [UUID: (id: Int64, chain: EventChain)] = [:]
  var sessions: [UUID: (id: Int64, occasion: Int64, chain: EventChain)] = [:]
}
