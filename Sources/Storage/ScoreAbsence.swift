/// Why a score has no value.
package enum ScoreAbsence: String, Hashable, Sendable, CaseIterable {
  /// Fewer of its items were answered than it needs.
  case tooFewAnswers = "too_few_answers"
  /// Its formula has no value for what was answered.
  case notDefined = "not_defined"
  /// It came to a number outside the range that its instrument states.
  case outOfRange = "out_of_range"
  /// It is a category or cut-off, which were not published for the wording that was read.
  case notForWording = "not_for_wording"
}
