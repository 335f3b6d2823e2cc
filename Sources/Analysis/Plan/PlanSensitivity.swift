import Definitions
import Expressions
import Statistics

/// The rows that a plan doubts: models are fitted without them too, to see what comes of it.
struct PlanExclusion: Sendable {
  /// The rows to leave out, as written.
  let source: String
  let node: DefinitionNode
  /// True for rows to leave out.
  let expression: Expression
}

/// What if missing answers were worse than they would be at random?
struct PlanDelta: Sendable {
  enum Unit: String, CaseIterable, Sendable {
    /// The standard deviation of the outcome at the first measurement of the table.
    case baseline = "baseline-sd"
    /// The units of the outcome.
    case raw
  }

  /// What is added to every value drawn, in order; 0 is missing at random.
  let deltas: [Double]
  let unit: Unit
  /// How many data sets are drawn.
  let imputations: Int
  let place: Place
}
