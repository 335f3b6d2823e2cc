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
  package enum Method: Hashable, Sendable {
    /// Each draw is independent of those before, with the arms' weights as odds.
    case simple
    /// Blocks in random order, each balanced, of sizes drawn from these.
    case permutedBlocks(sizes: [Int])
    /// The arm that balances the factors best, with a chance of 0.8 (Pocock and Simon 1975).
    case minimisation

    /// The method's name in files and tables.
    package var name: String {
      switch self {
      case .simple: "simple"
      case .permutedBlocks: "permuted-blocks"
      case .minimisation: "minimisation"
      }
    }

    /// All names, in the order of the documentation.
    package static let names = ["simple", "permuted-blocks", "minimisation"]
  }

  /// How an arm is drawn.
  package let method: Method
  /// What blocks are kept apart by, or what minimisation balances; in the order of the file.
  package let strata: [Factor]
  /// The occasion whose submission triggers the draw.
  package let after: String

  /// A rule for assigning arms.
  package init(method: Method, strata: [Factor] = [], after: String) {
    self.method = method
    self.strata = strata
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
