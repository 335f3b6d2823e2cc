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
    let places = CrossingPlaces(
      codes: factors.map(\.codes), levels: factors.map(\.levels),
      effects: factors.map(\.columns.count), order: order)
    var components = places.empty(width: fixed.count)
    for group in 0..<factors[0].levels {
      let rows = order.starts[group]..<order.starts[group + 1]
      add(rows.map(order.row), of: group, places: places, to: &components)
    }
    return Crossings(components: components.map(\.completed))
  }

  private func add(
    _ rows: [Int], of group: Int, places: CrossingPlaces, to components: inout [Crossings.Component]
  ) {
    let own = factors[0].columns.count
    var columns: [Int] = []
    var products: [[Double]] = []
    var positions: [Int: Int] = [:]
    var component = 0
    for row in rows {
      let root = weights?[row].squareRoot() ?? 1
      let z = factors[0].columns.map { root * $0.value(row) }
      var w = fixed.map { root * $0.value(row) }
      if let pilot { w[fixed.count - 1] -= dot(pilot, Array(w.dropLast())) }
      var u: [(column: Int, value: Double)] = []
      for (number, factor) in factors.enumerated().dropFirst() {
        let place = places.place(factor: number, level: Int(factor.codes[row]))
        component = place.component
        for (offset, source) in factor.columns.enumerated() {
          u.append((place.start + offset, root * source.value(row)))
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

extension RowPass.Source {
  /// The standardised value in a row.
  fileprivate func value(_ row: Int) -> Double { (values[row] - scaling.centre) / scaling.scale }
}

extension Crossings.Component {
  /// The component with the upper triangle of its products like the lower.
  var completed: Crossings.Component {
    var completed = self
    completed.gram = Matrix(rows: gram.rows, columns: gram.rows) {
      gram[max($0, $1), min($0, $1)]
    }
    return completed
  }
}
