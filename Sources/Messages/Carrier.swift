/// Something that brings a message to a person: a mail server, a gateway, a folder.
///
/// A carrier sends what it is given, once. Whom to write to, when, and whether to try again is
/// decided elsewhere; a carrier only tells apart what is known to have gone out, what is known not
/// to have, and what nobody knows.
package protocol Carrier: Sendable {
  /// The way that messages go.
  var channel: Channel { get }

  /// Brings one message out; it is with the carrier when this returns.
  ///
  /// - Throws: ``CarrierFailure``.
  func send(_ message: OutgoingMessage) async throws(CarrierFailure)
}

/// A way to reach people. A message goes by each channel once.
package enum Channel: String, Hashable, Sendable, CaseIterable {
  /// By SMTP.
  case email
  /// By HTTP, to a gateway that passes it on.
  case webhook
  /// Into a folder, one file for each message.
  case file
}
