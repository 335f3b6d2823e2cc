/// Random moments with a least distance, uniform over all that there are.
///
/// For `count` ordered moments x₁ ≤ … ≤ xₖ in [0, L] with xᵢ₊₁ − xᵢ ≥ a, the shift yᵢ = xᵢ − (i−1)a maps
/// the feasible set onto the ordered points of [0, L − (k−1)a]ᵏ, and keeps volumes. Sorted uniform
/// numbers are uniform on those, so shifting them back is uniform on the feasible set. Nothing is
/// drawn and thrown away, so that how long it takes does not depend on how tight the design is.
enum PromptDraw {
  /// How many moments fit into a length at a distance, at most those asked for.
  static func fitting(_ count: Int, into length: Int, apart: Int) -> Int {
    guard length >= 0, count > 0 else { return 0 }
    return apart > 0 ? min(count, length / apart + 1) : count
  }

  /// Seconds from the beginning of a stretch, in order. Where a stretch is too short for all of
  /// them, such as a day that lost an hour, as many as fit.
  ///
  /// - Parameters:
  ///   - length: of the stretch, in seconds.
  ///   - apart: the least distance, in seconds.
  static func moments(
    _ count: Int, in length: Int, apart: Int, using generator: inout SeededGenerator
  ) -> [Int] {
    let count = fitting(count, into: length, apart: apart)
    guard count > 0 else { return [] }
    let free = UInt64(length - (count - 1) * apart)
    let places = (0..<count).map { _ in Int(generator.below(free + 1)) }.sorted()
    return places.enumerated().map { $0.element + $0.offset * apart }
  }
}
