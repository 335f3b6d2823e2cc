import GRDB

/// How many occasions of a plan are in a state.
package struct OccasionCount: Hashable, Sendable {
  /// The occasion's id in the study file.
  package var plan: String
  package var state: OccasionState
  package var occasions: Int
}

extension ResearchSnapshot {
  /// How many occasions there are, by plan in the order of first opening, then by state; those of test
  /// participants apart.
  package func occasionCounts() throws(StorageError) -> [OccasionCount] {
    try list(
      """
      SELECT o.plan, o.state, count(*) AS occasions, min(min(o.opens_at)) OVER (PARTITION BY o.plan)
        AS first
      FROM occasions o JOIN participants p ON p.id = o.participant
      WHERE p.is_test = 0 AND p.status NOT IN ('pending', 'undone')
      GROUP BY o.plan, o.state ORDER BY first, o.plan, o.state
      """
    ) {
      OccasionCount(
        plan: $0["plan"], state: try $0.word("state"), occasions: $0["occasions"])
    }
  }

  /// How many messages are in each state.
  package func messageCounts() throws(StorageError) -> [MessageState: Int] {
    Dictionary(
      try list("SELECT state, count(*) AS messages FROM messages GROUP BY state") {
        (try $0.word("state") as MessageState, $0["messages"] as Int)
      }, uniquingKeysWith: +)
  }
}
