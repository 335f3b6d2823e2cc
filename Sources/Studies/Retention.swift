package import Expressions
package import LocalTime

/// How long what is known of people is kept: `retention: { identities: 90d after end, data: 10y }`.
package struct Retention: Hashable, Sendable {
  /// How long a contact is kept after its participant's end: withdrawal, or the end of the last
  /// occasion.
  package let identities: Span?
  /// How long answers are kept after the end of the study's last participant.
  package let data: Span?
}

/// What somebody is given for taking part: `{ when: "compliance(prompt) >= 0.8", text: … }`.
package struct Incentive: Hashable, Sendable {
  /// What must hold, in terms of `compliance(OCCASION)`.
  package let condition: Expression
  /// The text that says so, one file for each language.
  package let text: TextTemplate

  /// Whether it is earned.
  ///
  /// - Parameter compliance: submitted out of due for an occasion's name, from 0 to 1; nil as long as
  ///   none of it is due.
  package func isEarned(compliance: (String) -> Double?) -> Bool {
    condition.isTrue { name in
      Expression.occasion(ofCompliance: name).flatMap(compliance).map(Value.number) ?? .missing
    }
  }
}

/// Which logs of AI use participants may donate, and the window before an occasion that counts.
package struct LogPlan: Hashable, Sendable {
  /// The makers whose exports are taken, in the order of the file.
  package let sources: [String]
  /// The window before an occasion over which features are summed; nil where columns say it.
  package let exposure: Span?

  /// The makers whose exports can be told apart.
  package static let knownSources = [
    "chatgpt", "claude", "gemini", "copilot", "open-webui", "librechat", "sharegpt", "wildchat",
    "chat-completions", "opentelemetry", "csv-days",
  ]
  /// The part of the consent that donating rests on.
  package static let consentPart = "logs"
}
