/// What bringing in answers came to, or would come to.
package struct AnswerImport: Hashable, Sendable {
  /// Somebody who was not in the study.
  package struct Newcomer: Hashable, Sendable {
    /// The source's name for them, which is kept nowhere.
    package let source: String
    /// Their name in the study.
    package let pseudonym: String
  }

  /// People who were enrolled, in the order of their first date.
  package var enrolled: [Newcomer] = []
  /// Sessions that were stored as submitted.
  package var sessions = 0
  /// Answers in them.
  package var answers = 0
  /// Answers to items that our branching hides: kept, and not scored.
  package var hidden = 0
  /// Sessions that had been brought in before with the same answers.
  package var repeated = 0
  /// Rows without any answer, or of occasions that the map leaves out.
  package var emptyRows = 0
  /// Rows without a date, which the map leaves out as unfinished.
  package var unfinishedRows = 0
}
