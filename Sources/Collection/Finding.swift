/// Something in a study that a person should look at.
package struct Finding: Hashable, Sendable {
  /// What is wrong. Names of people are pseudonyms; no answer and no address is in a finding.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A message that should have gone out has not.
    case unsent
    /// A message went out more than once.
    case sentTwice = "sent_twice"
    /// Nobody knows whether a message went out.
    case uncertain
    /// A message was given up.
    case failed
    /// An occasion was answered outside its window.
    case outsideWindow = "outside_window"
    /// An occasion of the plan is not there.
    case occasionMissing = "occasion_missing"
    /// An occasion is there that the plan does not have.
    case occasionExtra = "occasion_extra"
    /// An occasion to come is at another time than the plan says.
    case occasionMisplaced = "occasion_misplaced"
    /// A score is not what its instrument computes from the answers.
    case staleScore = "stale_score"
    /// The clock was moved.
    case clockJump = "clock_jump"
    /// A chain of events, or a row, is not as it was written.
    case chain
    /// An enrolment was begun and not finished.
    case enrolmentPending = "enrolment_pending"
    /// A contact that was stored is not there.
    case contactMissing = "contact_missing"
    /// Something that is to be erased is still there.
    case erasurePending = "erasure_pending"
    /// The ledger beside the keys lacks an erasure.
    case ledgerShort = "ledger_short"
    /// Something is kept longer than the study says.
    case pastRetention = "past_retention"
  }

  package let kind: Kind
  /// What it is about: a pseudonym, an occasion, a message.
  package let subject: String
  /// What was found.
  package let detail: String

  package init(_ kind: Kind, _ subject: String, _ detail: String) {
    self.kind = kind
    self.subject = subject
    self.detail = detail
  }
}

extension Finding: CustomStringConvertible {
  /// One line.
  package var description: String {
    let what =
      switch kind {
      case .unsent: "not sent"
      case .sentTwice: "sent twice"
      case .uncertain: "uncertain message"
      case .failed: "message given up"
      case .outsideWindow: "answered outside its window"
      case .occasionMissing: "occasion missing"
      case .occasionExtra: "occasion that the plan does not have"
      case .occasionMisplaced: "occasion at another time than planned"
      case .staleScore: "score out of date"
      case .clockJump: "clock moved"
      case .chain: "record broken"
      case .enrolmentPending: "enrolment not finished"
      case .contactMissing: "contact missing"
      case .erasurePending: "erasure pending"
      case .ledgerShort: "not in the ledger of erasures"
      case .pastRetention: "kept too long"
      }
    return "\(what): \(subject)\(detail.isEmpty ? "" : ", \(detail)")"
  }
}
