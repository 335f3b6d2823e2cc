/// Draws a new response row by row and forms its cross-products: for several grouping factors, where
/// the joint distribution of the cross-products is no simpler than the rows.
struct RowSimulator: ProductSimulator {
  private let rows: ModelRows
  private let products: ModelProducts
  private let estimable: [Int]
  /// T of each factor.
  private let factors: [Matrix]
  private let places: [[Crossings.Place]]

  init(_ model: LinearMixedModel, factor: Matrix) {
    rows = ModelRows(
      model.frame, response: model.frame.response, standardisation: model.standardisation,
      layout: model.layout, threads: 1)
    products = model.products
    estimable = model.estimable
    factors = (0..<model.layout.factorCount).map { number in
      let own = model.layout.effects(ofFactor: number)
      return factor.part(rows: own, columns: own)
    }
    places = model.products.crossings?.places(factors: model.layout.factorCount) ?? []
  }

  func draw(_ generator: inout GSLGenerator) -> ModelProducts {
    var effects: [[[Double]]] = []
    for (factor, source) in zip(factors, rows.factors) {
      var levels: [[Double]] = []
      for _ in 0..<source.levels {
        levels.append(factor * (0..<factor.rows).map { _ in generator.normal() })
      }
      effects.append(levels)
    }
    var drawn = products
    let last = products.width - 1
    drawn.clearResponse()
    for row in 0..<(rows.factors.first?.codes.count ?? 0) {
      let root = rows.weights?[row].squareRoot() ?? 1
      let random = rows.factors.map { factor in
        factor.columns.map { root * $0.standardised(row) }
      }
      var response = generator.normal()
      for (factor, values) in random.enumerated() {
        response += dot(values, effects[factor][Int(rows.factors[factor].codes[row])])
      }
      let first = Int(rows.factors[0].codes[row]) * drawn.main.crossSize + last
      for (effect, value) in random[0].enumerated() {
        drawn.main.cross[first + effect * products.width] += value * response
      }
      for (factor, values) in random.enumerated().dropFirst() {
        let place = places[factor][Int(rows.factors[factor].codes[row])]
        for (effect, value) in values.enumerated() {
          drawn.crossings?.components[place.component].cross[place.start + effect, last] +=
            value * response
        }
      }
      for (position, column) in estimable.enumerated() {
        drawn.main.total[position, last] += root * rows.fixed[column].standardised(row) * response
      }
      drawn.main.total[last, last] += response * response
    }
    for column in 0..<last { drawn.main.total[last, column] = drawn.main.total[column, last] }
    return drawn
  }
}

extension ModelProducts {
  /// Sets all products with the response to 0.
  fileprivate mutating func clearResponse() {
    let last = width - 1
    for row in 0..<(main.cross.count / width) { main.cross[row * width + last] = 0 }
    for row in 0...last { main.total[row, last] = 0 }
    for component in crossings?.components.indices ?? 0..<0 {
      for row in 0..<(crossings?.components[component].cross.rows ?? 0) {
        crossings?.components[component].cross[row, last] = 0
      }
    }
  }
}

extension RowPass.Source {
  /// The standardised value in a row.
  func standardised(_ row: Int) -> Double { scaling.standardised(values[row]) }
}
