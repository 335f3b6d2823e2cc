import Foundation

/// What is remembered of rows while a snapshot lasts, so that a page of answers does not look up the same
/// session five times.
///
/// Nothing changes beneath a snapshot, and what its own transaction changes it hears of: which row has
/// which name never changes, every event passes by the ends of the chains, and a statement that writes
/// about participants or their consent makes it forget these. Whatever undoes writes forgets all.
struct TransactionMemory {
  /// The last event of each chain that was appended to, by the chain's name.
  var ends: [String: (number: Int64, hash: String)] = [:]
  /// By pseudonym.
  var participants: [String: (id: Int64, chain: EventChain)] = [:]
  var occasions: [UUID: (id: Int64, chain: EventChain)] = [:]
  var sessions: [UUID: (id: Int64, occasion: Int64, chain: EventChain)] = [:]
  /// By pseudonym.
  var people: [String: ParticipantRecord] = [:]
  var consents: [String: [ConsentRecord]] = [:]

  /// Forgets people or their decisions after a statement that changed some.
  mutating func forget(whatIsChangedBy sql: String) {
    if Self.participants.contains(where: sql.hasPrefix) { people.removeAll() }
    if Self.decisions.contains(where: sql.hasPrefix) { consents.removeAll() }
  }

  private static let participants = verbs.map { "\($0) participants" }
  private static let decisions = verbs.map { "\($0) consents" }
  private static let verbs = ["INSERT INTO", "UPDATE", "DELETE FROM"]
}
