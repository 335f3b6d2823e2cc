/// How many occasions of a plan are in a state.
package struct OccasionCount: Hashable, Sendable {
  /// The occasion's id in the study file.
  package var plan: String
  package var state: OccasionState
  package var occasions: Int
}
