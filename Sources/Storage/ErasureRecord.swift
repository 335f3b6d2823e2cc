package import Foundation

/// What of a participant is erased.
package enum ErasureScope: Hashable, Sendable {
  /// All that was collected, and the contact.
  case everything
  /// The contact alone, and of somebody who never joined also the personal link and what is known of
  /// messages. Answers stay.
  case contact
  /// What belongs to one part of the consent: the answers of whole occasions, and those to
  /// instruments wherever they were asked. Both are named by their ids in the study's files.
  case part(String, occasions: Set<String>, instruments: Set<String>)
}

extension ErasureScope {
  /// Whether the contact goes with it.
  package var coversContact: Bool { self == .everything || self == .contact }
}

/// One line of the ledger of erasures: a wish, and how far it has come.
///
/// The wish is recorded before anything is removed, so that a crash cannot lose it.
package struct ErasureRecord: Hashable, Sendable {
  /// Its name, the same in the database, in the ledger beside the keys, and after a restore.
  package var uuid: UUID
  /// Whose data.
  package var pseudonym: String
  /// The participant's UUID, which is that of the invitation of somebody who never joined.
  package var participant: UUID
  /// What is erased.
  package var scope: ErasureScope
  /// When it was asked for.
  package var requested: Date
  /// When the content was removed from the tables; `nil` before.
  package var removed: Date?
  /// How many rows of each table were removed, by its name; empty before.
  package var counts: [String: Int]
  /// When no file of the study held it any more; `nil` while that is pending.
  package var completed: Date?

  package init(
    uuid: UUID, pseudonym: String, participant: UUID, scope: ErasureScope, requested: Date,
    removed: Date? = nil, counts: [String: Int] = [:], completed: Date? = nil
  ) {
    self.uuid = uuid
    self.pseudonym = pseudonym
    self.participant = participant
    self.scope = scope
    self.requested = requested
    self.removed = removed
    self.counts = counts
    self.completed = completed
  }
}

// MARK: - As it is written

extension ErasureScope {
  var json: CanonicalJSON {
    switch self {
    case .everything: .text("everything")
    case .contact: .text("contact")
    case .part(let part, let occasions, let instruments):
      .object([
        "instruments": .texts(instruments.sorted()), "occasions": .texts(occasions.sorted()),
        "part": .text(part),
      ])
    }
  }

  init?(_ json: CanonicalJSON?) {
    switch json {
    case .text("everything"): self = .everything
    case .text("contact"): self = .contact
    case .object(let fields):
      guard let part = fields["part"]?.string, case .list(let occasions)? = fields["occasions"],
        case .list(let instruments)? = fields["instruments"]
      else { return nil }
      self = .part(
        part, occasions: Set(occasions.compactMap(\.string)),
        instruments: Set(instruments.compactMap(\.string)))
    default: return nil
    }
  }
}
