/// How the groups of one factor, the one with most groups, meet the levels of the others.
///
/// The groups of the first factor are eliminated one by one, as in a model with one factor; what
/// they leave to the levels of the others is a dense matrix. Levels that no chain of groups
/// connects stay apart, so that each is a component with a small matrix of its own: where one
/// factor is nested in another, each outer level is one, and the cost is linear in their number.
struct Crossings: Hashable, Sendable {
  /// The random effects of one level of another factor.
  struct Block: Hashable, Sendable {
    /// The factor, 1 for the first after the eliminated one.
    var factor: Int
    var level: Int
    /// The first of its effects within the component.
    var start: Int
  }

  /// Products of a group's Z with the random-effect columns of the levels it meets.
  struct Link: Hashable, Sendable {
    let group: Int
    /// The effects within the component, ascending.
    let columns: [Int]
    /// Z′U for those columns.
    let products: Matrix

    /// - Parameters:
    ///   - columns: Different ones, in any order.
    ///   - product: Z′U by the number of an effect of the group and the position of a column.
    init(group: Int, effects: Int, columns: [Int], product: (Int, Int) -> Double) {
      let order = columns.indices.sorted { columns[$0] < columns[$1] }
      self.group = group
      self.columns = order.map { columns[$0] }
      products = Matrix(rows: effects, columns: columns.count) { product($0, order[$1]) }
    }
  }

  /// Levels that are connected, and the groups that meet them.
  struct Component: Hashable, Sendable {
    var blocks: [Block]
    var links: [Link]
    /// U′U.
    var gram: Matrix
    /// U′[X y].
    var cross: Matrix
  }

  /// Where the effects of one level stand.
  struct Place: Hashable, Sendable {
    var component: Int
    /// The first of them within the component.
    var start: Int
  }

  var components: [Component]

  /// The place of each level, by factor; the eliminated one has none.
  ///
  /// - Parameter factors: How many there are.
  func places(factors: Int) -> [[Place]] {
    var places = [[Place]](repeating: [], count: factors)
    for (number, component) in components.enumerated() {
      for block in component.blocks {
        let missing = block.level + 1 - places[block.factor].count
        places[block.factor] += [Place](
          repeating: Place(component: 0, start: 0), count: max(0, missing))
        places[block.factor][block.level] = Place(component: number, start: block.start)
      }
    }
    return places
  }
}

/// All cross-products of a model.
struct ModelProducts: Hashable, Sendable {
  /// Those of the grouping factor with most groups.
  var main: GroupProducts
  /// Those of the others with it and among each other; `nil` when there is one factor.
  var crossings: Crossings?

  var width: Int { main.width }
  var total: Matrix { main.total }

  /// The products when [X y] is multiplied by a matrix from the right.
  func turned(by turn: Matrix) -> ModelProducts {
    var copy = self
    copy.main = main.turned(by: turn)
    if var components = crossings?.components {
      for position in components.indices {
        components[position].cross = components[position].cross * turn
      }
      copy.crossings = Crossings(components: components)
    }
    return copy
  }

  /// The products with some columns of [X y] only.
  func keeping(columns: [Int]) -> ModelProducts {
    guard columns.count < width else { return self }
    var turn = Matrix(rows: width, columns: columns.count)
    for (position, column) in columns.enumerated() { turn[column, position] = 1 }
    return turned(by: turn)
  }

  /// The criterion that these products make.
  func criterion(_ layout: RandomLayout, _ method: EstimationMethod) -> any ProfiledCriterion {
    guard let crossings else { return OneFactorCriterion(main, layout: layout, method: method) }
    return CrossedCriterion(main, crossings, layout: layout, method: method)
  }
}
