/// What a message to a participant is for.
package enum MessageKind: String, Hashable, Sendable, CaseIterable {
  /// To somebody who may join.
  case invitation
  /// An occasion has opened.
  case opening
  /// An open occasion has not been submitted; when, the occasion's `remind` says.
  case reminder
  /// An occasion was submitted.
  case thanks

  /// The placeholders that its text may use.
  package var placeholders: [MessageTemplate.Placeholder] {
    switch self {
    case .invitation: [.title, .link, .contact, .unsubscribe]
    case .opening, .reminder: [.title, .link, .until, .contact, .unsubscribe]
    case .thanks: [.title, .link, .contact, .unsubscribe]
    }
  }

  /// The placeholders that its text must use: where to answer, and how to have no more messages.
  var required: [MessageTemplate.Placeholder] {
    switch self {
    case .invitation, .opening, .reminder: [.link, .unsubscribe]
    case .thanks: [.unsubscribe]
    }
  }
}

/// Where the text of a kind of message comes from.
package enum MessageSource: Hashable, Sendable {
  /// Longwell's own text, in the languages that it has.
  case standard
  /// A file of the study for each language.
  case file(TextTemplate)
}
