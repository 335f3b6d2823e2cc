package import Expressions

/// Who may join a study, how many, and what is asked before.
package struct EnrolmentPlan: Hashable, Sendable {
  /// How people come to a study. The study team itself enrols whom it likes, in every mode.
  package enum Mode: String, Hashable, Sendable, CaseIterable {
    /// By a personal link that the team gave them.
    case invitation
    /// By the study's address; whoever comes may join.
    case open
    /// By a code that the team handed out, on a card or in a class; each is used once.
    case code
  }

  /// How people come to it; by invitation where the file says nothing.
  package let mode: Mode
  /// How many may ever enrol, test participants aside, or nil for as many as come.
  package let capacity: Int?
  /// What is asked before anybody joins, where something is.
  package let screening: Screening?
}

/// Questions that decide who may join.
package struct Screening: Hashable, Sendable {
  /// The instrument that asks them.
  package let instrument: String
  /// What must hold of its items and scores; who is missing an answer to what it needs may not join.
  package let eligible: Expression

  /// The occasion under which the answers of those who joined are kept.
  package static let occasion = "screening"
}
