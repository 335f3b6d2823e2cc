package import Foundation
package import Storage
import Studies

/// A message that should go out now.
package struct DueMessage: Hashable, Sendable {
  /// The message as the outbox will have it.
  package var record: MessageRecord
  /// Whom it is to, as research data know them.
  package let pseudonym: String
}

/// What is to be sent now, and when there is something to send next.
package struct MessageAgenda: Hashable, Sendable {
  package var due: [DueMessage] = []
  /// The next moment known so far at which a message will be due.
  package var next: Date?

  /// Remembers a moment to come.
  mutating func expect(_ moment: Date) { next = min(next ?? moment, moment) }
}

extension MessageKind {
  /// The same kind as the database calls it.
  var stored: MessageRecord.Kind {
    switch self {
    case .invitation: .invitation
    case .opening: .opening
    case .reminder: .reminder
    case .thanks: .thanks
    }
  }
}
