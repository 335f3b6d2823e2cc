package import Foundation

/// A number computed from the answers of one session.
package struct ScoreRecord: Hashable, Sendable {
  /// The session's UUID.
  package var session: UUID
  /// The instrument's id.
  package var instrument: String
  /// The score's name in the instrument.
  package var name: String
  /// The version of the instrument under which it was computed.
  package var version: String
  /// The hash of the scoring under which it was computed; two versions that score alike share it.
  package var scoringHash: String
  /// `nil` when there is none, for the reason in ``absence``.
  package var value: Double?
  /// Why there is no value; `nil` if there is one.
  package var absence: ScoreAbsence?
  /// How many items were answered, and how many there are.
  package var answered: Int
  /// How many items it could rest on.
  package var items: Int
  /// Whether a sum was completed from the mean of the answered items.
  package var isProrated: Bool
  /// When it was computed.
  package var computed: Date

  /// A score; one without a value and without a reason has too few answers.
  package init(
    session: UUID, instrument: String, name: String, version: String, scoringHash: String,
    value: Double?, absence: ScoreAbsence? = nil, answered: Int, items: Int, isProrated: Bool,
    computed: Date
  ) {
    self.session = session
    self.instrument = instrument
    self.name = name
    self.version = version
    self.scoringHash = scoringHash
    self.value = value
    self.absence = value == nil ? absence ?? .tooFewAnswers : nil
    self.answered = answered
    self.items = items
    self.isProrated = isProrated
    self.computed = computed
  }
}
