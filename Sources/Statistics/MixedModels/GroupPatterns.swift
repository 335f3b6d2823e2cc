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
    var patterns: [ArraySlice<Double>: [Int]] = [:]
    for group in 0..<(collapsing ? products.groups : 0) {
      patterns[products.gram[(group * size)..<((group + 1) * size)], default: []].append(group)
    }
    let isWorthwhile = patterns.values.contains { $0.count > 2 * width }
    isCollapsed = isWorthwhile
    guard isWorthwhile else {
      gram = products.gram
      cross = products.cross
      multiplicities = [Double](repeating: 1, count: products.groups)
      return
    }
    gram = []
    cross = []
    multiplicities = []
    // In the order of each pattern's first group, so that results do not depend on hashing.
    for (pattern, groups) in patterns.sorted(by: { $0.value[0] < $1.value[0] }) {
      let roots = groups.count > 2 * width ? Self.roots(of: groups, products) : nil
      for (position, root) in (roots ?? groups.map { Self.cross($0, products) }).enumerated() {
        gram += pattern
        cross += root
        multiplicities.append(
          roots == nil ? 1 : (position == 0 ? Double(groups.count) : 0))
      }
    }
  }

  private static func cross(_ group: Int, _ products: GroupProducts) -> [Double] {
    Array(products.cross[(group * products.crossSize)..<((group + 1) * products.crossSize)])
  }

  /// Vectors with the same sum of outer products as the groups' B.
  private static func roots(of groups: [Int], _ products: GroupProducts) -> [[Double]]? {
    let size = products.crossSize
    var sums = [Double](repeating: 0, count: size * size)
    for group in groups {
      let start = group * size
      for row in 0..<size {
        let left = products.cross[start + row]
        for column in 0...row {
          sums[row * size + column] += left * products.cross[start + column]
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
