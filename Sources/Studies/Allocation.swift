/// A randomised condition.
package struct Arm: Hashable, Sendable {
  /// The arm's name in files and tables.
  package let id: String
  /// How often it is drawn in relation to the others, 1 to 1000.
  package let weight: Int

  /// An arm with its weight.
  package init(id: String, weight: Int = 1) {
    self.id = id
    self.weight = weight
  }
}

/// How and when participants are assigned to arms.
package struct Allocation: Hashable, Sendable {
  /// How an arm is drawn.
  package enum Method: String, Hashable, Sendable, CaseIterable {
    /// Each draw is independent of those before, with the arms' weights as odds.
    case simple
  }

  /// How an arm is drawn.
  package let method: Method
  /// The occasion whose submission triggers the draw.
  package let after: String

  /// A rule for assigning arms.
  package init(method: Method, after: String) {
    self.method = method
    self.after = after
  }
}

/// Draws an arm with the weights as odds, or nil when there are none.
///
/// One bounded draw below the sum of the weights; the arms take their shares in the order given.
package func allocate(_ arms: [Arm], using generator: inout SeededGenerator) -> Arm? {
  let total = arms.reduce(0) { $0 + max(0, $1.weight) }
  guard total > 0 else { return nil }
  var place = Int(generator.below(UInt64(total)))
  for arm in arms {
    place -= max(0, arm.weight)
    if place < 0 { return arm }
  }
  return nil
}

extension Study {
  /// The arm of the participant who is the `draw`-th to be randomised, counted from 0, or nil in a
  /// study without arms.
  ///
  /// Each draw has its own stream of the secret seed, so that whoever holds the seed can recompute
  /// any one of them, and a draw depends on nothing but its number.
  package func allocatedArm(draw: Int, seed: UInt64) -> Arm? {
    var generator = SeededGenerator(seed: seed, stream: "allocation", String(draw))
    return allocate(arms, using: &generator)
  }
}
