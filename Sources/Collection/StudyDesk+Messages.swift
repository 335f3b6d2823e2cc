package import Foundation
package import Storage

/// A message as people look after it.
package struct MessageListing: Hashable, Sendable {
  package let record: MessageRecord
  /// Whom it is to, or about where it is an alert, as research data know them.
  package let pseudonym: String
  /// What it is about: the occasion's id and which repetition, from 0.
  package let occasion: (plan: String, index: Int)?

  package static func == (left: MessageListing, right: MessageListing) -> Bool {
    left.record == right.record
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(record) }
}

extension StudyDesk {
  /// The messages in some states, oldest first.
  ///
  /// - Throws: `StorageError`.
  package func messages(in states: Set<MessageState>) async throws -> [MessageListing] {
    try await database.read { snapshot in
      try snapshot.messages(in: states).map { record in
        let occasion = try record.occasion.flatMap { try snapshot.occasion($0) }
        return MessageListing(
          record: record, pseudonym: try pseudonym(of: record.person, in: snapshot),
          occasion: occasion.map { ($0.plan, $0.index) })
      }
    }
  }

  /// What a person decides about a message that is uncertain or was given up.
  package enum MessageDecision: Hashable, Sendable {
    /// It had gone out.
    case wasSent
    /// It goes out again, at the next opportunity.
    case resend
  }

  /// Settles a message that is uncertain, or lets one that was given up go again.
  ///
  /// - Throws: ``CollectionError`` `unknownMessage`, or `notOpenToDecision` for a message that is
  ///   neither; nothing that was sent goes out a second time.
  @discardableResult
  package func decide(
    _ decision: MessageDecision, about message: UUID, now: Date
  ) async throws -> MessageRecord {
    try await database.write { transaction in
      guard let record = try transaction.message(message) else {
        throw CollectionError(.unknownMessage, message.uuidString.lowercased())
      }
      guard record.state == .uncertain || record.state == .failed && decision == .resend else {
        throw CollectionError(
          .notOpenToDecision, message.uuidString.lowercased(),
          detail: "it is \(record.state.rawValue)"
        )
      }
      let now = now.wholeMilliseconds
      switch decision {
      case .wasSent: try transaction.settle(record, as: .sent, at: now)
      case .resend: try transaction.settle(record, as: .waiting, next: now, at: now)
      }
      return try transaction.message(message) ?? record
    }
  }

  /// Marks as uncertain what was claimed and never settled: whoever claimed it was interrupted.
  ///
  /// Only for who holds the ``InstanceLock`` of the study: another sender's claims look the same.
  ///
  /// - Returns: how many there were.
  @discardableResult
  package func settleInterruptedMessages(now: Date) async throws -> Int {
    try await database.write { transaction in
      let left = try transaction.unsettledMessages().filter { $0.state == .claimed }
      for record in left {
        try transaction.settle(record, as: .uncertain, failure: "interrupted", at: now)
      }
      return left.count
    }
  }
}
