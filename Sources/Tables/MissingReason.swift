/// Why a value is not there; it travels with every missing value.
///
/// The first five are the response states of a participant's answer; the others say why a computed
/// or scheduled value is absent. Raw values are what files show.
package enum MissingReason: String, Hashable, Sendable, CaseIterable, Codable {
  /// Shown, and left without an answer.
  case leftBlank = "left_blank"
  /// Hidden by branching, or not part of this occasion.
  case notShown = "not_shown"
  /// The session ended before it was reached.
  case partialSession = "partial_session"
  /// The occasion closed without a session: a missed occasion.
  case expired
  /// The participant had withdrawn.
  case withdrawn
  /// The occasion was cancelled or skipped.
  case cancelled
  /// Too few items were answered for the score.
  case tooFewAnswers = "too_few_answers"
  /// The expression of the column has no value for this row's numbers: a division by zero, say.
  case notDefined = "not_defined"
  /// The occasion had not closed when the data were read.
  case notYet = "not_yet"
  /// The value has no meaning in this row: an arm before allocation, say.
  case notApplicable = "not_applicable"
  /// The score came to a number outside the range that its instrument states.
  case outOfRange = "out_of_range"
  /// The score is a category or cut-off, which were not published for the wording that was read.
  case notForWording = "not_for_wording"
  /// The participant donated no log.
  case notDonated = "not_donated"
  /// No donated log says anything about the time.
  case notCovered = "not_covered"
  /// The participant keeps it back.
  case withheld

  /// What a codebook says about it.
  package var label: String {
    switch self {
    case .leftBlank: "shown and left blank"
    case .notShown: "not shown"
    case .partialSession: "session ended before it"
    case .expired: "occasion missed"
    case .withdrawn: "participant had withdrawn"
    case .cancelled: "occasion cancelled or skipped"
    case .tooFewAnswers: "too few items answered"
    case .notDefined: "no value by its expression"
    case .notYet: "occasion not closed yet"
    case .notApplicable: "does not apply"
    case .outOfRange: "outside the score's stated range"
    case .notForWording: "not computed for this wording"
    case .notDonated: "no log donated"
    case .notCovered: "not covered by a log"
    case .withheld: "kept back by the participant"
    }
  }
}
