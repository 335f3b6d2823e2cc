import Foundation
import Studies

/// Standard normal numbers from a seeded generator, by the polar method.
///
/// Source: Marsaglia and Bray (1964), SIAM Review 6, 260-264.
struct NormalDraws: Sendable {
  var generator: SeededGenerator
  private var spare: Double?

  init(_ generator: SeededGenerator) { self.generator = generator }

  /// The next number: mean 0, standard deviation 1.
  mutating func next() -> Double {
    if let spare {
      self.spare = nil
      return spare
    }
    while true {
      let first = 2 * generator.uniform() - 1
      let second = 2 * generator.uniform() - 1
      let square = first * first + second * second
      guard square > 0, square < 1 else { continue }
      let factor = (-2 * log(square) / square).squareRoot()
      spare = second * factor
      return first * factor
    }
  }
}
