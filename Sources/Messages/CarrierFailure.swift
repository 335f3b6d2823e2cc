/// Why a message may not have gone out. It carries no address and no word of the message, and
/// nothing that a server said: servers repeat addresses.
package struct CarrierFailure: Error, Hashable, Sendable {
  /// What is known about the message.
  package enum Outcome: Hashable, Sendable {
    /// It did not go out, and may later.
    case temporary
    /// It did not go out, and never will like this.
    case permanent
    /// It was handed over and no answer came: it may or may not have gone out.
    case unanswered
  }

  package let outcome: Outcome
  /// A few words that name the failure: `SMTP 451`, `no connection`.
  package let reason: String

  package init(_ outcome: Outcome, _ reason: String) {
    self.outcome = outcome
    self.reason = reason
  }
}

extension CarrierFailure: CustomStringConvertible {
  /// One line.
  package var description: String {
    switch outcome {
    case .temporary: "not sent: \(reason)"
    case .permanent: "cannot be sent: \(reason)"
    case .unanswered: "sent without an answer: \(reason)"
    }
  }
}
