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
    let columns = Columns(self)
    for group in 0..<factors[0].levels {
      let rows = order.starts[group]..<order.starts[group + 1]
      add(rows.map(order.row), of: group, columns, places: places, to: &components)
    }
    return Crossings(components: components.map(\.completed))
  }

  /// The standardised columns, weights and pilot fit accounted for.
  private struct Columns {
    /// By factor, then column.
    var random: [[[Double]]]
    var fixed: [[Double]]

    init(_ pass: CrossingPass) {
      let roots = pass.weights.map { $0.map { $0.squareRoot() } }
      func standardised(_ source: RowPass.Source) -> [Double] {
        var values = source.values.array
        let (centre, inverse) = (source.scaling.centre, 1 / source.scaling.scale)
        for row in values.indices {
          values[row] = (values[row] - centre) * inverse * (roots?[row] ?? 1)
        }
        return values
      }
      random = pass.factors.map { $0.columns.map(standardised) }
      fixed = pass.fixed.map(standardised)
      guard let pilot = pass.pilot else { return }
      for (column, coefficient) in pilot.enumerated() {
        for row in fixed[column].indices {
          fixed[fixed.count - 1][row] -= coefficient * fixed[column][row]
        }
      }
    }
  }

  private func add(
    _ rows: [Int], of group: Int, _ values: Columns, places: CrossingPlaces,
    to components: inout [Crossings.Component]
  ) {
    let own = factors[0].columns.count
    var columns: [Int] = []
    var products: [[Double]] = []
    var positions: [Int: Int] = [:]
    var component = 0
    var met: [(column: Int, value: Double)] = []
    for row in rows {
      met.removeAll(keepingCapacity: true)
      for number in factors.indices.dropFirst() {
        let place = places.place(factor: number, level: Int(factors[number].codes[row]))
        component = place.component
        for offset in values.random[number].indices {
          met.append((place.start + offset, values.random[number][offset][row]))
        }
      }
      for (column, value) in met {
        for (other, second) in met where other <= column {
          components[component].gram[column, other] += value * second
        }
        for position in values.fixed.indices {
          components[component].cross[column, position] += value * values.fixed[position][row]
        }
        let position = positions[column] ?? columns.count
        if position == columns.count {
          positions[column] = position
          columns.append(column)
          products.append([Double](repeating: 0, count: own))
        }
        for effect in 0..<own {
          products[position][effect] += value * values.random[0][effect][row]
        }
      }
    }
    components[component].links.append(
      Crossings.Link(group: group, effects: own, columns: columns) { products[$1][$0] })
  }
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
