/// Random moments with a least distance, uniform over all that there are, to the second.
///
/// For `count` ordered moments x₁ ≤ … ≤ xₖ in [0, L] with xᵢ₊₁ − xᵢ ≥ a, the shift zᵢ = xᵢ − (i−1)(a−1)
/// maps the feasible sets one to one onto the sets of k different whole numbers in
/// [0, L − (k−1)(a−1)]. A uniform set of those, shifted back, is uniform over the feasible ones. Drawing
/// each number by itself would give less than their share to sets in which two shifted places meet.
/// Nothing is drawn and thrown away, so that how long it takes does not depend on how tight the design
/// is.
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
    // Floyd's draw of a set: Bentley and Floyd (1987), Communications of the ACM 30, 754-757.
    let places = length - (count - 1) * (apart - 1) + 1
    var chosen: Set<Int> = []
    for last in (places - count)..<places {
      let place = Int(generator.below(UInt64(last + 1)))
      chosen.insert(chosen.contains(place) ? last : place)
    }
    return chosen.sorted().enumerated().map { $0.element + $0.offset * (apart - 1) }
  }
}
