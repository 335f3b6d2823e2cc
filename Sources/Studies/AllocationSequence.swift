package import Expressions

/// The draws of a study's arms, each of which whoever holds the secret seed can make again.
///
/// A draw depends on the seed, its number, the participant's stratum, and the draws before it; on
/// nothing else. Each kind of draw has its own stream of ``SeededGenerator``:
///
/// - simple: the stream `allocation`, number of the draw.
/// - permuted blocks: the stream `allocation-block`, stratum, number of the block. Its first draw
///   chooses the block's size, the others shuffle its arms. The draw takes the next free place of
///   its stratum.
/// - minimisation: the stream `allocation`, number of the draw; one draw below 5 decides whether
///   the arm that balances best is taken, others break ties by the arms' weights.
package struct AllocationSequence: Sendable {
  private let arms: [Arm]
  private let allocation: Allocation
  private let seed: UInt64

  /// The sequence of a study, or nil for one that does not randomise.
  package init?(of study: Study, seed: UInt64) {
    guard let allocation = study.allocation, !study.arms.isEmpty else { return nil }
    self.init(arms: study.arms, allocation: allocation, seed: seed)
  }

  init(arms: [Arm], allocation: Allocation, seed: UInt64) {
    self.arms = arms
    self.allocation = allocation
    self.seed = seed
  }

  /// Whether a draw needs to know what was answered.
  package var measures: Bool {
    allocation.strata.contains { if case .measure = $0 { true } else { false } }
  }

  /// The stratum of somebody, as it is stored: `site=accra;severity=3 to below 5`, in the order of the
  /// file; empty in a study without strata.
  ///
  /// - Parameters:
  ///   - isTest: test participants have strata of their own, so that they unbalance nobody.
  ///   - facts: what was answered in the occasion that the draw follows, by the names of the study file.
  package func stratum(
    site: String, language: String, isTest: Bool, facts: (String) -> Value = { _ in .missing }
  ) -> String {
    let levels = allocation.strata.map { factor in
      switch factor {
      case .site: "site=\(site)"
      case .language: "language=\(language)"
      case .measure(let measure): "\(measure.id)=\(measure.level(facts))"
      }
    }
    return ((isTest ? ["test"] : []) + levels).joined(separator: ";")
  }

  /// Whether a stratum on record can have been that of somebody. Where answers are erased their level is
  /// taken from the record, and so is the language, which people may change after the draw.
  ///
  /// - Parameters:
  ///   - languages: those of the study.
  ///   - facts: as in ``stratum(site:language:isTest:facts:)``; what is missing may have been anything.
  package func admits(
    _ stratum: String, site: String, languages: [String], isTest: Bool, facts: (String) -> Value
  ) -> Bool {
    let possible = allocation.strata.map { factor -> [String] in
      switch factor {
      case .site: return ["site=\(site)"]
      case .language: return languages.map { "language=\($0)" }
      case .measure(let measure):
        let level = measure.level(facts)
        let levels = level == Allocation.Measure.unknown ? measure.levels : [level]
        return levels.map { "\(measure.id)=\($0)" }
      }
    }
    let found = stratum.split(separator: ";").map(String.init)
    let expected = (isTest ? [["test"]] : []) + possible
    return found.count == expected.count && zip(found, expected).allSatisfy { $1.contains($0) }
  }

  /// The arm of the next participant.
  package func next(stratum: String, after earlier: AllocationTally) -> Arm? {
    switch allocation.method {
    case .simple:
      var generator = generator(of: earlier.draws)
      return allocate(arms, using: &generator)
    case .permutedBlocks(let sizes):
      return blockArm(place: earlier.draws(in: stratum), stratum, sizes: sizes)
    case .minimisation: return minimising(stratum, after: earlier)
    }
  }

  private func generator(of draw: Int) -> SeededGenerator {
    SeededGenerator(seed: seed, stream: "allocation", String(draw))
  }

  // MARK: Blocks

  private func blockArm(place: Int, _ stratum: String, sizes: [Int]) -> Arm? {
    guard sizes.allSatisfy({ $0 > 0 }), !sizes.isEmpty else { return nil }
    var start = 0
    var number = 0
    while true {
      let block = block(number, of: stratum, sizes: sizes)
      if place < start + block.count { return block[place - start] }
      start += block.count
      number += 1
    }
  }

  /// A block's arms in their order: each as often as its weight says, shuffled.
  func block(_ number: Int, of stratum: String, sizes: [Int]) -> [Arm] {
    var generator = SeededGenerator(
      seed: seed, stream: "allocation-block", stratum, String(number))
    let size = sizes[Int(generator.below(UInt64(sizes.count)))]
    let share = size / arms.reduce(0) { $0 + $1.weight }
    let members = arms.flatMap { [Arm](repeating: $0, count: $0.weight * max(share, 1)) }
    return generator.shuffled(members)
  }

  // MARK: Minimisation

  /// The levels of a stratum, without the factors' order mattering: `site=accra`, `language=en`.
  private func levels(of stratum: String) -> Set<Substring> { Set(stratum.split(separator: ";")) }

  /// Pocock and Simon (1975), Biometrics 31, 103-115, with the range as the measure of imbalance of
  /// a factor, the sum over factors, and p = 4/5 for the arms that balance best.
  private func minimising(_ stratum: String, after earlier: AllocationTally) -> Arm? {
    var generator = generator(of: earlier.draws)
    let imbalances = arms.map { imbalance(giving: $0, to: stratum, after: earlier) }
    guard let least = imbalances.min() else { return nil }
    let best = zip(arms, imbalances).filter { $0.1 == least }.map(\.0)
    let others = zip(arms, imbalances).filter { $0.1 > least }.map(\.0)
    let takesBest = generator.below(5) < 4
    return allocate(takesBest || others.isEmpty ? best : others, using: &generator)
  }

  /// The sum over the participant's levels of the range of the arms' counts in proportion to their
  /// weights, if the arm were given. Whole numbers, so that ties are ties.
  private func imbalance(giving arm: Arm, to stratum: String, after earlier: AllocationTally) -> Int
  {
    let own = levels(of: stratum)
    let common = arms.reduce(1) { $0 * $1.weight / greatestCommonDivisor($0, $1.weight) }
    let strata = earlier.counts.keys.map { ($0, levels(of: $0)) }
      .filter { $0.1.contains("test") == own.contains("test") }
    return own.filter { $0 != "test" }.reduce(0) { sum, level in
      let alike = strata.filter { $0.1.contains(level) }.map(\.0)
      let counts = arms.map { candidate in
        let count = alike.reduce(0) { $0 + (earlier.counts[$1]?[candidate.id] ?? 0) }
        return (count + (candidate == arm ? 1 : 0)) * (common / candidate.weight)
      }
      return sum + (counts.max() ?? 0) - (counts.min() ?? 0)
    }
  }
}

/// How often each arm was given in each stratum: all that a draw knows of those before it.
package struct AllocationTally: Hashable, Sendable {
  /// By stratum, then by arm.
  package private(set) var counts: [String: [String: Int]]

  package init(_ counts: [String: [String: Int]] = [:]) { self.counts = counts }

  /// Counts one more.
  package mutating func add(_ arm: String, in stratum: String) {
    counts[stratum, default: [:]][arm, default: 0] += 1
  }

  /// How many draws there were.
  package var draws: Int { counts.values.reduce(0) { $0 + $1.values.reduce(0, +) } }

  /// How many there were in a stratum.
  package func draws(in stratum: String) -> Int {
    counts[stratum]?.values.reduce(0, +) ?? 0
  }
}

/// Euclid's algorithm; 1 when either is zero.
func greatestCommonDivisor(_ left: Int, _ right: Int) -> Int {
  var (left, right) = (left, right)
  while right != 0 { (left, right) = (right, left % right) }
  return max(left, 1)
}

extension Study {
  /// Letters for the arms, in an order that the seed alone knows, for analysts who must not know
  /// which arm is which: `["usual": "B", "supportive": "A"]`.
  package func blindedLabels(seed: UInt64) -> [String: String] {
    var generator = SeededGenerator(seed: seed, stream: "blinded-labels")
    let letters = (0..<arms.count).map { place in
      place < 26 ? String(UnicodeScalar(UInt8(65 + place))) : "A\(place)"
    }
    return Dictionary(
      zip(generator.shuffled(arms.map(\.id)), letters).map { ($0, $1) }, uniquingKeysWith: { $1 })
  }
}
