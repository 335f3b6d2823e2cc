/// Where each level of each factor but the first stands: its component and its place there.
struct CrossingPlaces {
  struct Place {
    var component: Int
    var start: Int
  }

  private let offsets: [Int]
  private var places: [Place]
  private var blocks: [[Crossings.Block]] = []
  private var sizes: [Int] = []

  /// Connects the levels that meet in a group (union-find).
  ///
  /// - Parameters:
  ///   - codes: The level of each row, by factor, the eliminated one first.
  ///   - levels: The number of levels of each factor.
  ///   - effects: The number of random effects of a level of each factor.
  ///   - order: The rows in the order of the eliminated factor's groups.
  init(codes: [[Int32]], levels: [Int], effects: [Int], order: RowOrder) {
    var offsets = [0]
    for count in levels.dropFirst() { offsets.append((offsets.last ?? 0) + count) }
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
    for group in 0..<levels[0] {
      var first: Int?
      for position in order.starts[group]..<order.starts[group + 1] {
        for number in codes.indices.dropFirst() {
          let node = offsets[number - 1] + Int(codes[number][order.row(position)])
          let found = root(node)
          if let known = first { parents[found] = root(known) } else { first = found }
        }
      }
    }
    self.offsets = offsets
    places = [Place](repeating: Place(component: 0, start: 0), count: count)
    var components: [Int: Int] = [:]
    for number in codes.indices.dropFirst() {
      for level in 0..<levels[number] {
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
        sizes[component] += effects[number]
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
