/// Pseudorandom numbers that anyone can recompute from a seed: xoshiro256** seeded by SplitMix64.
///
/// D. Blackman and S. Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM Transactions on
/// Mathematical Software 47 (2021), and G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom
/// Number Generators", OOPSLA 2014; the test vectors are theirs. Allocations, schedules and
/// simulations draw from it and never from the standard library, whose algorithms may change between
/// releases. It is no source of secrets: tokens, keys and allocation seeds come from the system.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// The generator of a seed.
  package init(seed: UInt64) {
    var mixer = SplitMix64(state: seed)
    state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
  }

  /// A generator of its own for each use of one seed, such as one participant's third day.
  ///
  /// The labels are hashed by FNV-1a over their UTF-8, each closed by a byte that no text contains,
  /// and the hash is mixed into the seed, so that streams with different labels are unrelated.
  package init(seed: UInt64, stream labels: String...) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for label in labels {
      for byte in Array(label.utf8) + [0xFF] {
        hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
      }
    }
    var mixer = SplitMix64(state: hash)
    self.init(seed: seed ^ mixer.next())
  }

  /// The generator in a given state, of which at least one word must not be zero; for test vectors.
  init(state: (UInt64, UInt64, UInt64, UInt64)) { self.state = state }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    let result = rotated(state.1 &* 5, by: 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotated(state.3, by: 45)
    return result
  }

  private func rotated(_ word: UInt64, by bits: UInt64) -> UInt64 {
    (word << bits) | (word >> (64 - bits))
  }

  /// A whole number from 0 up to, not including, the bound; every one equally likely.
  ///
  /// D. Lemire, "Fast Random Integer Generation in an Interval", ACM Transactions on Modeling and
  /// Computer Simulation 29 (2019), algorithm 5. A bound of 0 gives 0.
  package mutating func below(_ bound: UInt64) -> UInt64 {
    guard bound > 0 else { return 0 }
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return product.high
  }

  /// A number from 0 up to, not including, 1: one of 2⁵³ equally spaced ones.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// The elements in random order (Fisher and Yates).
  package mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var shuffled = elements
    for last in shuffled.indices.dropFirst().reversed() {
      shuffled.swapAt(last, Int(below(UInt64(last) + 1)))
    }
    return shuffled
  }
}

/// Turns one seed into many words without relation to each other.
struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
