/// The pass over the rows that makes ``Crossings``.
struct CrossingPass {
  /// A grouping factor and its random-effect columns.
  struct Factor {
    var codes: [Int32]
    var levels: Int
    var columns: [RowPass.Source]
  }

  /// The factor whose groups are eliminated, then the others.
  let factors: [Factor]
  /// The fixed-effect columns, then the response.
  let fixed: [RowPass.Source]
  let weights: [Double]?
  let pilot: [Double]?

  func crossings() -> Crossings {
    let order = RowOrder(codes: factors[0].codes, groups: factors[0].levels)
    let places = Places(factors, order: order)
    var components = places.empty(width: fixed.count)
    for group in 0..<factors[0].levels {
      let rows = order.starts[group]..<order.starts[group + 1]
      add(rows.map(order.row), of: group, places: places, to: &components)
    }
    for position in components.indices {
      let gram = components[position].gram
      components[position].gram = Matrix(rows: gram.rows, columns: gram.rows) {
        gram[max($0, $1), min($0, $1)]
      }
    }
    return Crossings(components: components)
  }

  private func add(
    _ rows: [Int], of group: Int, places: Places, to components: inout [Crossings.Component]
  ) {
    let own = factors[0].columns.count
    var columns: [Int] = []
    var products: [[Double]] = []
    var positions: [Int: Int] = [:]
    var component = 0
    for row in rows {
      let root = weights?[row].squareRoot() ?? 1
      let z = factors[0].columns.map { root * $0.standardised(row) }
      var w = fixed.map { root * $0.standardised(row) }
      if let pilot { w[fixed.count - 1] -= dot(pilot, Array(w.dropLast())) }
      var u: [(column: Int, value: Double)] = []
      for (number, factor) in factors.enumerated().dropFirst() {
        let place = places.place(factor: number, level: Int(factor.codes[row]))
        component = place.component
        for (offset, source) in factor.columns.enumerated() {
          u.append((place.start + offset, root * source.standardised(row)))
        }
      }
      for (column, value) in u {
        for (other, second) in u where other <= column {
          components[component].gram[column, other] += value * second
        }
        for (position, fixed) in w.enumerated() {
          components[component].cross[column, position] += value * fixed
        }
        let position = positions[column] ?? columns.count
        if position == columns.count {
          positions[column] = position
          columns.append(column)
          products.append([Double](repeating: 0, count: own))
        }
        for effect in 0..<own { products[position][effect] += value * z[effect] }
      }
    }
    components[component].links.append(
      Crossings.Link(
        group: group, columns: columns,
        products: Matrix(rows: own, columns: columns.count) { products[$1][$0] }))
  }
}

/// Where each level of each factor but the first stands: its component and its place there.
private struct Places {
  struct Place {
    var component: Int
    var start: Int
  }

  private let offsets: [Int]
  private var places: [Place]
  private var blocks: [[Crossings.Block]] = []
  private var sizes: [Int] = []

  /// Connects the levels that meet in a group (union-find).
  init(_ factors: [CrossingPass.Factor], order: RowOrder) {
    var offsets = [0]
    for factor in factors.dropFirst() { offsets.append((offsets.last ?? 0) + factor.levels) }
    let count = offsets.last ?? 0
    var parents = Array(0..<count)
    func root(_ node: Int) -> Int {
      var node = node
      while parents[node] != node {
        parents[node] = parents[parents[node]]
        node = parents[node]
      }
      return node
    }
    for group in 0..<factors[0].levels {
      var first: Int?
      for position in order.starts[group]..<order.starts[group + 1] {
        for (number, factor) in factors.enumerated().dropFirst() {
          let node = offsets[number - 1] + Int(factor.codes[order.row(position)])
          let found = root(node)
          if let known = first { parents[found] = root(known) } else { first = found }
        }
      }
    }
    self.offsets = offsets
    places = [Place](repeating: Place(component: 0, start: 0), count: count)
    var components: [Int: Int] = [:]
    for (number, factor) in factors.enumerated().dropFirst() {
      for level in 0..<factor.levels {
        let node = offsets[number - 1] + level
        let component = components[root(node)] ?? components.count
        if component == components.count {
          components[root(node)] = component
          blocks.append([])
          sizes.append(0)
        }
        places[node] = Place(component: component, start: sizes[component])
        blocks[component].append(
          Crossings.Block(factor: number, level: level, start: sizes[component]))
        sizes[component] += factor.columns.count
      }
    }
  }

  func place(factor: Int, level: Int) -> Place { places[offsets[factor - 1] + level] }

  func empty(width: Int) -> [Crossings.Component] {
    zip(blocks, sizes).map { blocks, size in
      Crossings.Component(
        blocks: blocks, links: [], gram: Matrix(rows: size, columns: size),
        cross: Matrix(rows: size, columns: width))
    }
  }
}
