package import Foundation

/// The arm that a participant was randomised to, and how the draw was made.
package struct AllocationRecord: Hashable, Sendable {
  /// The participant's name in research data.
  package var pseudonym: String
  /// The arm's id in the study file.
  package var arm: String
  /// How arms are drawn, as the study file names it: `simple`, …
  package var method: String
  /// The group within which arms are balanced; empty without strata.
  package var stratum: String
  /// The draw's place in the study's sequence, from 1.
  package var draw: Int
  /// When the arm was drawn.
  package var drawn: Date

  package init(
    pseudonym: String, arm: String, method: String, stratum: String = "", draw: Int, drawn: Date
  ) {
    self.pseudonym = pseudonym
    self.arm = arm
    self.method = method
    self.stratum = stratum
    self.draw = draw
    self.drawn = drawn
  }
}
