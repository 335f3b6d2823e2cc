/// How messages leave this machine: the file `messages.yaml` of a study's folder.
///
/// It belongs to the machine, not to the study: it is read anew at every start, and is no part of
/// what is published. It holds no secrets.
package struct CarrierSettings: Sendable {
  /// Whom messages come from; the study's contact where the file names nobody.
  package let sender: OutgoingMessage.Mailbox?
  package let mail: MailSettings?
  package let webhook: WebhookSettings?
  package let file: FileSettings?

  /// The channels that messages go by, in a fixed order.
  package var channels: [Channel] {
    [
      mail.map { _ in Channel.email }, webhook.map { _ in Channel.webhook },
      file.map { _ in Channel.file },
    ].compactMap(\.self)
  }
}

/// A mail server to hand messages to.
package struct MailSettings: Hashable, Sendable {
  /// How the connection is encrypted.
  package enum Security: String, Hashable, Sendable, CaseIterable {
    /// By a command of the protocol, before anything else is said; a server without it is refused.
    case starttls
    /// From the first byte.
    case tls
    /// Not at all: only for a server on this machine.
    case none
  }

  package let host: String
  package let port: Int
  package let security: Security
  /// Whom to log in as; nobody logs in without one.
  package let user: String?
  /// The certificates to trust instead of the system's: a file in PEM.
  package let certificates: String?
}

/// A gateway that takes messages by HTTP.
package struct WebhookSettings: Hashable, Sendable {
  package let url: String
  /// The certificates to trust instead of the system's: a file in PEM.
  package let certificates: String?
}

/// A folder that messages are written to.
package struct FileSettings: Hashable, Sendable {
  /// As the file states it; one that does not begin with `/` is beside it.
  package let folder: String
}
