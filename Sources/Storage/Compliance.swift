/// How much of what was due a participant submitted.
package struct Compliance: Hashable, Sendable {
  /// Occasions that have ended by a submission, unfinished, or without an answer.
  package var due = 0
  /// Those that were submitted in time.
  package var submitted = 0

  /// Submitted out of due, from 0 to 1; nil as long as nothing is due.
  package var share: Double? { due == 0 ? nil : Double(submitted) / Double(due) }

  /// The compliance with one occasion of the study.
  ///
  /// - Parameter occasions: of one participant; those of other plans, those that participants open
  ///   themselves, and those that have not ended do not count.
  package init(with plan: String, in occasions: some Sequence<OccasionRecord>) {
    for occasion in occasions where occasion.plan == plan && occasion.isDue {
      due += 1
      if occasion.state == .submitted { submitted += 1 }
    }
  }
}
