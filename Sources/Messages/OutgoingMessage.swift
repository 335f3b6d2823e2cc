package import Foundation

/// A message, ready to go: to whom, from whom, what it says. It exists in memory only.
package struct OutgoingMessage: Sendable {
  /// A name and an address.
  package struct Mailbox: Hashable, Sendable {
    package var name: String?
    package var address: String

    package init(name: String? = nil, address: String) {
      self.name = name
      self.address = address
    }
  }

  /// What tells it from all others. A carrier that gets one twice can know.
  package var id: UUID
  /// What it is for, in one word: `opening`.
  package var kind: String
  /// The language tag of its text.
  package var language: String
  package var sender: Mailbox
  package var recipient: Mailbox
  /// One line without personal data.
  package var subject: String
  /// Plain text.
  package var body: String
  /// Where a person unsubscribes with one POST, if there is such a place (RFC 8058).
  package var unsubscribe: URL?
  /// When it was made.
  package var date: Date

  package init(
    id: UUID, kind: String, language: String, sender: Mailbox, recipient: Mailbox,
    subject: String, body: String, unsubscribe: URL?, date: Date
  ) {
    self.id = id
    self.kind = kind
    self.language = language
    self.sender = sender
    self.recipient = recipient
    self.subject = subject
    self.body = body
    self.unsubscribe = unsubscribe
    self.date = date
  }
}

extension OutgoingMessage: CustomStringConvertible, CustomReflectable {
  /// A message never prints itself: it holds a name, an address and a personal link.
  package var description: String { "a message" }
  /// A message has nothing to show to a debugger's dump.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
