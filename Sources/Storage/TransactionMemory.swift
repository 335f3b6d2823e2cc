import Foundation

/// What is remembered of rows while a snapshot lasts, so that a page of answers does not look up the same
/// session five times.
///
/// What is remembered of a participant also says of whom nothing was written yet: who does not stand in
/// ``participants`` was neither added nor changed, and what is read of them waits for no write.
///
/// Nothing changes beneath a snapshot, and what its own transaction changes it hears of: which row has
/// which name never changes, every event passes by the ends of the chains, and a statement that writes
/// about participants or their consent makes it forget these. Whatever undoes writes forgets all.
struct TransactionMemory {
  /// The number of the last event of each chain that was appended to, by the chain's name.
  var ends: [String: Int64] = [:]
  /// The last row of tables whose rows this transaction counts itself.
  var lastRows: [String: Int64] = [:]
  /// By pseudonym.
  var participants: [String: (id: Int64, chain: EventChain)] = [:]
  var occasions: [UUID: (id: Int64, chain: EventChain)] = [:]
  var sessions: [UUID: (id: Int64, occasion: Int64, chain: EventChain)] = [:]
  /// Occasions that nobody has begun and that have not ended; what begins, ends or moves one forgets it.
  var planned: [UUID: OccasionRecord] = [:]
  /// When the occasions of a plan opened that participants open themselves, by their numbers: of those
  /// that were counted.
  var openings: [PlanOfPerson: [Int: Int64]] = [:]
  /// By pseudonym.
  var people: [String: ParticipantRecord] = [:]
  var consents: [String: [ConsentRecord]] = [:]
  /// By pseudonym.
  var zones: [String: [ZoneRecord]] = [:]
  /// Everybody whom the transaction has added and of whom it has written no more than consent: there are
  /// no hours, pauses, donations or occasions to look for. By pseudonym.
  var newcomers: Set<String> = []

  /// An occasion of the study file, as one participant has it.
  struct PlanOfPerson: Hashable {
    var pseudonym: String
    var plan: String
  }

  /// Forgets what a statement may have changed or removed. What adds rows says so itself.
  ///
  /// - Parameter person: the pseudonym of the only participant whom it is about; nil for anybody.
  mutating func forget(whatChangesBy statement: PreparedStatement, of person: String?) {
    if statement.isRemoving {
      planned.removeAll()
      openings.removeAll()
      people.removeAll()
      consents.removeAll()
      zones.removeAll()
    } else if statement.table == "participants" {
      if let person { people[person] = nil } else { people.removeAll() }
    } else if statement.table == "consents" {
      consents.removeAll()
    }
  }
}
