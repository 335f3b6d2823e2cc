import Definitions
package import Expressions
import Instruments

/// What `only_if` may ask: the participant's arm, site, language, day and phase at the opening, and
/// the last submitted scores, such as `needs-6.satisfaction`.
///
/// A condition is evaluated with what was known at the planned opening, so that it comes out the same
/// whenever it is evaluated. What is missing makes most conditions missing, and only one that is true
/// lets the occasion take place.
package enum OccasionCondition {
  /// What is true of the participant whatever they answered.
  package static let facts: [String: ValueType] = [
    "arm": .text, "site": .text, "language": .text, "phase": .text, "day": .number,
  ]

  /// Reports names that are neither facts nor scores, what is no truth, and, as a warning, a condition
  /// on the arm.
  static func check(
    _ conditions: [LocatedExpression], scores: ScoreNames, problems: inout Problems
  ) {
    var known = facts
    for name in scores.known { known[name] = .number }
    for condition in conditions {
      var names = known
      for name in condition.expression.names where scores.isBeyondReach(name) {
        names[name] = .number
      }
      condition.check(names: names, expecting: .truth, problems: &problems)
      if condition.expression.names.contains("arm") {
        problems.report(
          .warning, at: condition.node.place, found: "a condition on the arm",
          expected:
            "the same occasions in all arms, or else assessment and treatment are confounded"
        )
      }
    }
  }
}
