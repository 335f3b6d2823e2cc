/// The groups of a model with those that share an A collapsed.
///
/// Planned occasions make many groups share Z′Z. The criterion, its gradient and all moments read
/// their B only through Σ vec(B)vec(B)′, so N groups of one pattern can stand as d = q(p + 1)
/// groups whose B have the same sum, from its square root. What depends on A alone counts N times
/// for the first of them and not at all for the rest.
struct GroupPatterns {
  private(set) var gram: [Double]
  private(set) var cross: [Double]
  /// The number of groups that each stands for where only A matters.
  private(set) var multiplicities: [Double]
  let isCollapsed: Bool

  init(_ products: GroupProducts, collapsing: Bool) {
    let (size, width) = (products.gramSize, products.crossSize)
    let patterns = collapsing ? Self.patterns(products, most: products.groups / 4) : nil
    guard let patterns, patterns.contains(where: { $0.count > 2 * width }) else {
      isCollapsed = false
      gram = products.gram
      cross = products.cross
      multiplicities = [Double](repeating: 1, count: products.groups)
      return
    }
    isCollapsed = true
    gram = []
    cross = []
    multiplicities = []
    for groups in patterns {
      let pattern = products.gram[(groups[0] * size)..<((groups[0] + 1) * size)]
      let roots = groups.count > 2 * width ? Self.roots(of: groups, products) : nil
      for (position, root) in (roots ?? groups.map { Self.cross($0, products) }).enumerated() {
        gram += pattern
        cross += root
        multiplicities.append(
          roots == nil ? 1 : (position == 0 ? Double(groups.count) : 0))
      }
    }
  }

  /// The groups by their A, in the order of each pattern's first group.
  ///
  /// - Returns: `nil` as soon as there are more patterns than can be worthwhile.
  private static func patterns(_ products: GroupProducts, most: Int) -> [[Int]]? {
    let size = products.gramSize
    // Open addressing by a mixture of the bits (Fibonacci hashing; Knuth, volume 3, 6.4).
    let capacity = max(16, (4 * products.groups).nextPowerOfTwo)
    var table = [Int32](repeating: -1, count: capacity)
    var patterns: [[Int]] = []
    for group in 0..<products.groups {
      var mixed: UInt64 = 0
      for entry in (group * size)..<((group + 1) * size) {
        mixed = (mixed ^ products.gram[entry].bitPattern) &* 0x9E37_79B9_7F4A_7C15
        mixed ^= mixed >> 29
      }
      var place = Int(truncatingIfNeeded: mixed & UInt64(capacity - 1))
      while true {
        let known = Int(table[place])
        if known < 0 {
          guard patterns.count < most else { return nil }
          table[place] = Int32(patterns.count)
          patterns.append([group])
          break
        }
        let first = patterns[known][0] * size
        if (0..<size).allSatisfy({ products.gram[first + $0] == products.gram[group * size + $0] })
        {
          patterns[known].append(group)
          break
        }
        place = (place + 1) & (capacity - 1)
      }
    }
    return patterns
  }

  private static func cross(_ group: Int, _ products: GroupProducts) -> [Double] {
    Array(products.cross[(group * products.crossSize)..<((group + 1) * products.crossSize)])
  }

  /// Vectors with the same sum of outer products as the groups' B.
  private static func roots(of groups: [Int], _ products: GroupProducts) -> [[Double]]? {
    let size = products.crossSize
    var sums = [Double](repeating: 0, count: size * size)
    precondition(products.cross.count == products.groups * size)
    unsafe products.cross.withUnsafeBufferPointer { cross in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        for group in groups {
          let start = group * size
          for row in 0..<size {
            let left = unsafe cross[start &+ row]
            for column in 0...row {
              unsafe sums[row &* size &+ column] += left * cross[start &+ column]
            }
          }
        }
      }
    }
    let whole = Matrix(rows: size, columns: size) { sums[max($0, $1) * size + min($0, $1)] }
    guard let eigen = SymmetricEigen(whole) else { return nil }
    return (0..<size).map { vector in
      let length = max(0, eigen.values[vector]).squareRoot()
      return (0..<size).map { length * eigen.vectors[$0, vector] }
    }
  }
}

extension Int {
  /// The least power of two that is not smaller.
  fileprivate var nextPowerOfTwo: Int {
    self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount)
  }
}
