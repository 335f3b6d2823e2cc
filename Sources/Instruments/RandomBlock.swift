/// Items that each session asks in an order of its own.
///
/// What is shuffled are its units: single items, whole grids, or blocks within the block.
package struct RandomBlock: Hashable, Sendable {
  /// The units as positions among the instrument's items, one after the other; at least two.
  package let units: [Range<Int>]

  /// All its positions.
  package var extent: Range<Int> {
    (units.first?.lowerBound ?? 0)..<(units.last?.upperBound ?? 0)
  }
}

extension Instrument {
  /// The items' ids in an order drawn for one session; nil if all are asked in the order of the file.
  ///
  /// - Parameter shuffled: gives its elements in random order, from a seeded generator.
  package func itemOrder(shuffling shuffled: ([[Int]]) -> [[Int]]) -> [String]? {
    guard !randomBlocks.isEmpty else { return nil }
    var order = Array(items.indices)
    // Inner blocks come first and stay within one unit of the outer one, which then moves as a whole.
    for block in randomBlocks {
      order.replaceSubrange(
        block.extent, with: shuffled(block.units.map { Array(order[$0]) }).joined())
    }
    return order.map { items[$0].id }
  }

  /// Items in the order drawn for a session; those that it does not name come last.
  package func sorted(_ shown: [Item], by order: [String]?) -> [Item] {
    guard let order else { return shown }
    let places = Dictionary(
      order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    return shown.enumerated().sorted {
      (places[$0.element.id] ?? .max, $0.offset) < (places[$1.element.id] ?? .max, $1.offset)
    }.map(\.element)
  }
}
