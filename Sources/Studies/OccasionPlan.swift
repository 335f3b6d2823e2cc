package import LocalTime

/// What a study says about an occasion: when it opens, how often, how long, with which instruments.
package struct OccasionPlan: Hashable, Sendable {
  /// The occasion's name; with an index it names one measurement of one participant.
  package let id: String
  /// When it opens.
  package let timing: Timing
  /// How long it stays open.
  package let openFor: Span
  /// What is answered, in order; at least one.
  package let instruments: [String]

  /// When an occasion opens for the first time, and how it repeats.
  package struct Timing: Hashable, Sendable {
    /// What the first opening counts from.
    package let anchor: Anchor
    /// How long after the anchor the first opening is.
    package let offset: Span
    /// The wall-clock time of every opening, or nil to keep the anchor's.
    package let time: ClockTime?
    /// From one opening to the next; nil for an occasion that happens once.
    package let interval: Span?
    /// How many openings there are, 1 or more.
    package let times: Int
  }

  /// A moment that a schedule counts from. It never depends on what a participant did.
  package enum Anchor: Hashable, Sendable {
    /// The moment of enrolment.
    case enrolment
    /// The planned opening of another occasion, which happens once.
    case occasion(String)
  }
}
