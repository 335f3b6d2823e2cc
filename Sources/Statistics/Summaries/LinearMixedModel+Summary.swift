extension LinearMixedModel {
  /// A model from a summary of its rows: every estimate, test and interval is that of a fit of the
  /// rows themselves, but for rounding.
  ///
  /// There are no rows to such a model: its fit has no residuals or fitted values.
  ///
  /// - Throws: A ``ModelError`` that says what the summary lacks; ``ModelError/summary(_:)`` when its
  ///   sums have too few digits for this response.
  public init(_ statistics: SufficientStatistics) throws(ModelError) {
    let summary = SummaryReading(statistics)
    let frame = summary.frame()
    guard statistics.total.products[packed(summary.response, summary.response)] > 0 else {
      throw .constantResponse(name: frame.responseName)
    }
    let layout = Self.layout(frame)
    try Self.check(frame)
    let standardisation = summary.standardisation()
    self.init(
      formula: statistics.formula, frame: frame, standardisation: standardisation, layout: layout,
      builder: try ProductBuilder(
        summary.products(layout: layout, standardisation: standardisation)))
  }
}

/// A summary as a model reads it: the terms in the order in which they are fitted, and products of
/// columns at some centre and scale.
struct SummaryReading {
  private let statistics: SufficientStatistics
  /// The terms in the order in which they are fitted, as positions in the formula.
  private let order: [Int]
  /// The levels of each grouping factor.
  private let levels: [[String]]
  /// The level of each cell, by grouping factor.
  private let codes: [[Int32]]

  init(_ statistics: SufficientStatistics) {
    self.statistics = statistics
    let keys = statistics.cells.keys
    let design = statistics.design
    var levels: [[String]] = []
    var codes: [[Int32]] = []
    for factor in design.groupNames.indices {
      let found = ModelData.Column.levelOrder(Set(keys.map { $0[factor] }))
      var places: [String: Int32] = [:]
      for (place, level) in found.enumerated() { places[level] = Int32(place) }
      levels.append(found)
      codes.append(keys.map { places[$0[factor]] ?? 0 })
    }
    self.levels = levels
    self.codes = codes
    order = ModelFrame.order(design.factors.map { levels[$0].count })
  }

  private var design: SummaryDesign { statistics.design }
  private var total: Moments { statistics.total }
  /// Where the response is kept.
  var response: Int { design.responsePlace }

  /// The model without its rows.
  func frame() -> ModelFrame {
    let rows = Double(total.rows)
    let unbiased = rows / (rows - 1)
    let fixed = design.fixedPlaces
    return ModelFrame(
      design: design,
      random: order.map { term in
        ModelFrame.Random(
          groupName: design.groupNames[design.factors[term]],
          levels: levels[design.factors[term]], codes: [], design: design.random[term])
      },
      moments: FrameMoments(
        fixedCovariance: Matrix(rows: fixed.count, columns: fixed.count) {
          unbiased * covariance(fixed[$0], fixed[$1])
        },
        randomSquares: order.map { term in
          let places = design.randomPlaces[term]
          return Matrix(rows: places.count, columns: places.count) {
            covariance(places[$0], places[$1]) + mean(places[$0]) * mean(places[$1])
          }
        },
        sharing: order.map { sharing(of: design.factors[$0]) },
        covariates: statistics.covariates, offset: statistics.meanOffset),
      observations: total.rows, missing: statistics.missing,
      excludedRows: statistics.excludedRows, logWeights: statistics.logWeights)
  }

  /// The mean over rows of the number of rows that share their level of a factor.
  private func sharing(of factor: Int) -> Double {
    var sizes = [Double](repeating: 0, count: levels[factor].count)
    for (code, rows) in zip(codes[factor], statistics.cells.rows) {
      sizes[Int(code)] += Double(rows)
    }
    return dot(sizes, sizes) / Double(total.rows)
  }

  /// The mean of a column; `nil` is the intercept.
  private func mean(_ place: Int?) -> Double { place.map { total.means[$0] } ?? 1 }

  private func covariance(_ first: Int?, _ second: Int?) -> Double {
    guard let first, let second else { return 0 }
    return total.products[packed(first, second)] / total.weight
  }

  /// How the columns are moved and scaled for the fit.
  func standardisation() -> Standardisation {
    func columns(_ places: [Int?], isCentred: Bool) -> [Standardisation.Column] {
      places.map { place in
        guard place != nil else { return .unchanged }
        return Standardisation.Column(
          mean: mean(place), variance: covariance(place, place), isCentred: isCentred)
      }
    }
    let intercept = design.fixed.columns.firstIndex { $0.term == -1 }
    return Standardisation(
      fixed: columns(design.fixedPlaces, isCentred: intercept != nil),
      response: columns([response], isCentred: intercept != nil)[0],
      random: order.map {
        columns(design.randomPlaces[$0], isCentred: design.random[$0].hasIntercept)
      },
      intercept: intercept)
  }
}

extension SummaryReading {
  /// A column as its products are asked for.
  private struct Column {
    /// Where it is kept, `nil` for the intercept.
    var place: Int?
    /// Its place among the columns of random effects.
    var row: Int?
    var scaling: Standardisation.Column

    /// The standardised mean.
    func mean(_ means: ArraySlice<Double>) -> Double {
      guard let place else { return 1 }
      return (means[means.startIndex + place] - scaling.centre) / scaling.scale
    }
  }

  private func columns(_ places: [Int?], _ scalings: [Standardisation.Column]) -> [Column] {
    zip(places, scalings).map { place, scaling in
      Column(
        place: place, row: place.flatMap { design.spread.firstIndex(of: $0) }, scaling: scaling)
    }
  }

  /// The sum over the rows of a cell of the product of two standardised columns, the first of them
  /// one of random effects.
  private func product(_ cell: Int, _ first: Column, _ second: Column) -> Double {
    let cells = statistics.cells
    let means = cells.means[(cell * cells.width)..<((cell + 1) * cells.width)]
    let moved = cells.weights[cell] * first.mean(means) * second.mean(means)
    guard let row = first.row, let place = second.place else { return moved }
    return moved + cells.products[cell * cells.productSize + row * cells.width + place]
      / (first.scaling.scale * second.scaling.scale)
  }

  /// The cross-products of standardised columns.
  func products(layout: RandomLayout, standardisation: Standardisation) -> ModelProducts {
    var random = [[Column]](repeating: [], count: layout.factorCount)
    var factors = [Int](repeating: 0, count: layout.factorCount)
    for (position, term) in order.enumerated() {
      random[layout.factors[position]] += columns(
        design.randomPlaces[term], standardisation.random[position])
      factors[layout.factors[position]] = design.factors[term]
    }
    let fixed = columns(
      design.fixedPlaces + [response], standardisation.fixed + [standardisation.response])
    let main = main(random[0], fixed, codes: codes[factors[0]], groups: levels[factors[0]].count)
    guard factors.count > 1 else { return ModelProducts(main: main, crossings: nil) }
    return ModelProducts(main: main, crossings: crossings(random, fixed, factors: factors))
  }

  private func main(
    _ random: [Column], _ fixed: [Column], codes: [Int32], groups: Int
  ) -> GroupProducts {
    var products = GroupProducts(effects: random.count, width: fixed.count, groups: groups)
    for (cell, code) in codes.enumerated() {
      let group = Int(code)
      products.counts[group] += statistics.cells.rows[cell]
      for row in random.indices {
        for column in 0...row {
          products.gram[group * products.gramSize + packed(row, column)] += product(
            cell, random[row], random[column])
        }
        for column in fixed.indices {
          products.cross[group * products.crossSize + row * fixed.count + column] += product(
            cell, random[row], fixed[column])
        }
      }
    }
    products.total = Matrix(rows: fixed.count, columns: fixed.count) { row, column in
      let (first, second) = (fixed[row], fixed[column])
      let means = total.means[...]
      let moved = total.weight * first.mean(means) * second.mean(means)
      guard let place = first.place, let other = second.place else { return moved }
      return moved + total.products[packed(place, other)]
        / (first.scaling.scale * second.scaling.scale)
    }
    return products
  }

  private func crossings(
    _ random: [[Column]], _ fixed: [Column], factors: [Int]
  ) -> Crossings {
    let codes = factors.map { self.codes[$0] }
    let counts = factors.map { levels[$0].count }
    let order = RowOrder(codes: codes[0], groups: counts[0])
    let places = CrossingPlaces(
      codes: codes, levels: counts, effects: random.map(\.count), order: order)
    var components = places.empty(width: fixed.count)
    for group in 0..<counts[0] {
      var columns: [Int] = []
      var products: [[Double]] = []
      var component = 0
      for position in order.starts[group]..<order.starts[group + 1] {
        let cell = order.row(position)
        var met: [(place: Int, column: Column)] = []
        for number in random.indices.dropFirst() {
          let place = places.place(factor: number, level: Int(codes[number][cell]))
          component = place.component
          for (offset, column) in random[number].enumerated() {
            met.append((place.start + offset, column))
          }
        }
        for (place, column) in met {
          for (other, second) in met where other <= place {
            components[component].gram[place, other] += product(cell, column, second)
          }
          for (position, second) in fixed.enumerated() {
            components[component].cross[place, position] += product(cell, column, second)
          }
          let known = columns.firstIndex(of: place)
          if known == nil {
            columns.append(place)
            products.append([Double](repeating: 0, count: random[0].count))
          }
          for (effect, own) in random[0].enumerated() {
            products[known ?? columns.count - 1][effect] += product(cell, own, column)
          }
        }
      }
      components[component].links.append(
        Crossings.Link(group: group, effects: random[0].count, columns: columns) {
          products[$1][$0]
        })
    }
    return Crossings(components: components.map(\.completed))
  }
}
