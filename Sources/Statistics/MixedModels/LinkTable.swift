/// The links of a component one after another, to be read by group or by column.
///
/// What groups leave to a component is summed row by row of its matrix, which then stays in the
/// cache; group by group every entry would be fetched from far away.
struct LinkTable: Sendable {
  /// A column of a link.
  struct Place: Sendable {
    var link: Int32
    var position: Int32
  }

  /// The group of each link.
  let groups: [Int]
  /// Where the columns of each link begin, and where the last ends.
  let starts: [Int]
  /// The columns of all links.
  let columns: [Int]
  /// Z′U, each link by rows: those of link l begin at `starts[l]` times the effects of a group.
  let products: [Double]
  /// Where the places of each column of the component begin, and where the last ends.
  let placeStarts: [Int]
  /// Where the columns are met, by column and then by link.
  let places: [Place]

  init(_ component: Crossings.Component) {
    var starts = [0]
    var columns: [Int] = []
    var products: [Double] = []
    var counts = [Int](repeating: 0, count: component.gram.rows)
    for link in component.links {
      columns += link.columns
      products += link.products.elements
      starts.append(columns.count)
      for column in link.columns { counts[column] += 1 }
    }
    var next = [0]
    for count in counts { next.append((next.last ?? 0) + count) }
    placeStarts = next
    var places = [Place](repeating: Place(link: 0, position: 0), count: columns.count)
    for (number, link) in component.links.enumerated() {
      for (position, column) in link.columns.enumerated() {
        places[next[column]] = Place(link: Int32(number), position: Int32(position))
        next[column] += 1
      }
    }
    groups = component.links.map(\.group)
    self.starts = starts
    self.columns = columns
    self.products = products
    self.places = places
  }

  /// Matrices of one a group times the products of its link: small ones, laid out by group.
  ///
  /// - Parameter effects: Their rows and columns.
  func multiplied(by matrices: [Double], effects: Int) -> [Double] {
    var product = [Double](repeating: 0, count: products.count)
    for (link, group) in groups.enumerated() {
      let (start, end) = (starts[link], starts[link + 1])
      for row in 0..<effects {
        let target = start * effects + row * (end - start)
        for inner in 0..<effects {
          let share = matrices[(group * effects + row) * effects + inner]
          let source = start * effects + inner * (end - start)
          for position in 0..<(end - start) {
            product[target + position] += share * products[source + position]
          }
        }
      }
    }
    return product
  }

  /// Takes G′WG off the lower triangle of a matrix by rows, and G′WB off another.
  ///
  /// - Parameters:
  ///   - weighted: WG of each link.
  ///   - cross: B of each group.
  func subtract(
    weighted: [Double], cross own: [Double], effects: Int, width: Int, from gram: inout [Double],
    _ cross: inout [Double]
  ) {
    let size = placeStarts.count - 1
    let (columns, products, starts) = (columns.span, products.span, starts.span)
    let (weights, blocks) = (weighted.span, own.span)
    var target = gram.mutableSpan
    for row in 0..<size {
      for place in places[placeStarts[row]..<placeStarts[row + 1]] {
        let (link, position) = (Int(place.link), Int(place.position))
        let start = starts[link]
        let count = starts[link + 1] - start
        for effect in 0..<effects {
          let line = start * effects + effect * count
          let share = weights[line + position]
          for other in 0...position {
            target[row * size + columns[start + other]] -= share * products[line + other]
          }
          let strip = (groups[link] * effects + effect) * width
          for column in 0..<width {
            cross[row * width + column] -= share * blocks[strip + column]
          }
        }
      }
    }
  }

  /// KAK′ of each link by rows, where K stands as the products do, A is symmetric and given by the
  /// lower part of its rows.
  ///
  /// - Parameter row: The entries of A's row up to the diagonal.
  func quadratic(
    _ factors: [Double], effects: Int, row entries: (Int) -> ArraySlice<Double>
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: groups.count * effects * effects)
    let (columns, factor, starts) = (columns.span, factors.span, starts.span)
    for row in 0..<(placeStarts.count - 1) {
      let entries = entries(row)
      let first = entries.startIndex
      for place in places[placeStarts[row]..<placeStarts[row + 1]] {
        let (link, position) = (Int(place.link), Int(place.position))
        let start = starts[link]
        let count = starts[link + 1] - start
        for effect in 0..<effects {
          let line = start * effects + effect * count
          var turned = 0.0
          for other in 0..<position {
            turned += entries[first + columns[start + other]] * factor[line + other]
          }
          let own = entries[first + row] * factor[line + position]
          for other in 0..<effects {
            let share = factor[start * effects + other * count + position]
            sums[(link * effects + other) * effects + effect] += share * (turned + own)
            sums[(link * effects + effect) * effects + other] += share * turned
          }
        }
      }
    }
    return sums
  }
}
