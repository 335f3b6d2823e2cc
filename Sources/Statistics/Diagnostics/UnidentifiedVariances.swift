/// Variances and covariances that the design of a model does not tell apart.
///
/// The information about the parameters of Var(y) = Σ γ_r G_r is a Gram matrix of the G_r as the
/// criterion sees them, so that a combination of parameters without information is one that changes
/// the likelihood nowhere: two terms on the same groups, or groups whose means the fixed effects take
/// up whole (Searle, Casella & McCulloch 1992, *Variance Components*, section 11.1).
struct UnidentifiedVariances {
  /// Each set of parameters, in words, of which only a combination can be estimated; a set of one
  /// has no estimate at all.
  let sets: [[String]]

  /// The share of its own size below which information is rounding.
  private static let tolerance = 1e-8

  /// - Parameters:
  ///   - information: About the parameters in the order of
  ///     ``RandomLayout/covariancePatterns``, and perhaps the residual variance last, for
  ///     standardised columns.
  ///   - sizes: The information that each parameter would have if nothing else were estimated.
  ///   - terms: The random terms in the order of the parameters.
  ///   - scalings: How their columns were standardised.
  init(
    information: Matrix, sizes: [Double], terms: [ModelFrame.Random],
    scalings: [[Standardisation.Column]]
  ) {
    let names = Self.names(terms) + ["the residual variance"]
    let count = information.rows
    let roots = sizes.map { $0 > 0 ? $0.squareRoot() : 1 }
    let scaled = Matrix(rows: count, columns: count) {
      information[$0, $1] / (roots[$0] * roots[$1])
    }
    guard count <= names.count, let eigen = SymmetricEigen(scaled.symmetrised) else {
      sets = []
      return
    }
    let null = eigen.values.indices.filter { eigen.values[$0] < Self.tolerance }
    let directions = Self.orthonormal(
      null.map { vector in
        Self.moved(
          (0..<count).map { eigen.vectors[$0, vector] / roots[$0] }, terms: terms,
          scalings: scalings)
      })
    // Onto what has no information: whatever basis of it was found.
    func shared(_ first: Int, _ second: Int) -> Double {
      directions.reduce(0) { $0 + $1[first] * $1[second] }
    }
    var waiting = (0..<count).filter { shared($0, $0) > 1e-6 }
    var sets: [[Int]] = []
    while let first = waiting.first {
      var set = [first]
      waiting.removeFirst()
      var next = 0
      while next < set.count {
        let met = waiting.filter { abs(shared(set[next], $0)) > 1e-6 }
        set += met
        waiting.removeAll { met.contains($0) }
        next += 1
      }
      sets.append(set.sorted())
    }
    self.sets = sets.map { $0.map { names[$0] } }
  }

  /// A direction of the covariances for standardised columns as one for those of the data, each of
  /// size 1.
  private static func moved(
    _ direction: [Double], terms: [ModelFrame.Random], scalings: [[Standardisation.Column]]
  ) -> [Double] {
    var moved = direction
    var start = 0
    for (term, columns) in zip(terms, scalings) {
      let intercept = term.design.columns.firstIndex { $0.term == -1 }
      let lengths = columns.map { ($0.centre * $0.centre + $0.scale * $0.scale).squareRoot() }
      let back =
        Matrix(diagonal: columns.indices.map { $0 == intercept ? 1 : lengths[$0] })
        * Standardisation.back(columns, intercept: intercept)
      var covariance = Matrix(rows: columns.count, columns: columns.count)
      let places = columns.indices.flatMap { column in
        (column..<columns.count).map { (row: $0, column: column) }
      }
      for (offset, place) in places.enumerated() {
        covariance[place.row, place.column] = direction[start + offset]
        covariance[place.column, place.row] = direction[start + offset]
      }
      let turned = back * covariance * back.transposed
      for (offset, place) in places.enumerated() {
        moved[start + offset] = turned[place.row, place.column]
      }
      start += places.count
    }
    return moved
  }

  /// A basis of what some directions span, by Gram and Schmidt; they are independent.
  private static func orthonormal(_ directions: [[Double]]) -> [[Double]] {
    var basis: [[Double]] = []
    for direction in directions {
      var rest = direction
      for known in basis + basis {
        let share = dot(known, rest)
        rest = zip(rest, known).map { $0 - share * $1 }
      }
      let length = dot(rest, rest).squareRoot()
      guard length > 0 else { continue }
      basis.append(rest.map { $0 / length })
    }
    return basis
  }

  /// None.
  init() { sets = [] }

  private static func names(_ terms: [ModelFrame.Random]) -> [String] {
    terms.flatMap { term in
      let effects = term.design.columns.map(\.name)
      return effects.indices.flatMap { column in
        (column..<effects.count).map { row in
          row == column
            ? "the variance of \(effects[row]) over \(term.groupName)"
            : "the covariance of \(effects[column]) and \(effects[row]) over \(term.groupName)"
        }
      }
    }
  }

  /// What a reader must know before reading the estimates.
  var notes: [String] {
    sets.map { set in
      guard set.count > 1 else {
        return "The data say nothing about \(set[0]): the fixed effects take up all that varies "
          + "there, and the value shown is only where the search began. Leave out the random term or "
          + "those fixed effects."
      }
      // Two terms alike have parameters of the same name.
      let listed =
        Set(set).count == 1
        ? "\(set[0]) stands in the model \(set.count == 2 ? "twice" : "\(set.count) times")"
        : "\(set.dropLast().joined(separator: ", ")) and \(set[set.count - 1]) cannot be told apart"
      return "Not identified: \(listed). Only a combination of them is estimated, and how it is "
        + "divided between them is arbitrary; leave out what repeats."
    }
  }

  /// Whether the share of the groups in the variance of a response is known all the same.
  var leavesShares: Bool {
    sets.allSatisfy { $0.count > 1 && !$0.contains("the residual variance") }
  }
}

extension UnidentifiedVariances {
  /// Of a linear model at its optimum; none where the criterion is curved enough in every direction.
  init(_ model: LinearMixedModel, method: EstimationMethod, optimum: Optimum) {
    let criterion = optimum.criterion
    let lower = optimum.value.precision.factor
    guard Self.isFlat(model, record: optimum.record),
      let moments = criterion.kenwardRogerMoments(
        optimum.theta, precision: lower * lower.transposed)
    else {
      self.init()
      return
    }
    let information =
      method == .reml ? moments.information(optimum.value.precision.inverse) : moments.k
    self.init(
      information: information, sizes: moments.k.diagonal, terms: model.frame.random,
      scalings: model.standardisation.random)
  }

  /// Whether the search ended where some direction has next to no curvature, which is cheap to
  /// know; the algebra then tells whether that is the design's fault.
  private static func isFlat(_ model: LinearMixedModel, record: FitRecord) -> Bool {
    guard let least = record.steps.last?.leastCurvature else { return false }
    let scale = model.parameterScales.max() ?? 1
    // A group whose random effects are as large as its residuals adds about 1; differences of
    // gradients err by a hundred-thousandth of the whole.
    let groups = Double(model.frame.random.reduce(0) { max($0, $1.levels.count) })
    return least * scale * scale < 1e-2 + 1e-5 * groups
  }

  /// Of a generalised or ordinal model: the products of Z E_r Z′ over the rows.
  init(_ design: MarginalDesign) {
    let terms = design.frame.random
    let columns = zip(terms, design.standardisation.random).map { term, scalings in
      zip(term.design.columns, scalings).map { column, scaling in
        column.values.array.map { scaling.standardised($0) }
      }
    }
    let places = terms.indices.flatMap { term in
      columns[term].indices.flatMap { column in
        (column..<columns[term].count).map { (term: term, row: $0, column: column) }
      }
    }
    var information = Matrix(rows: places.count, columns: places.count)
    for first in terms.indices {
      for second in terms.indices {
        let met = Self.products(
          (terms[first].codes, columns[first]), (terms[second].codes, columns[second]))
        for (r, own) in places.enumerated() where own.term == first {
          for (s, other) in places.enumerated() where other.term == second {
            information[r, s] = met.reduce(0) { sum, product in
              sum + Self.trace(product, (own.row, own.column), (other.row, other.column))
            }
          }
        }
      }
    }
    self.init(
      information: information, sizes: information.diagonal, terms: terms,
      scalings: design.standardisation.random)
  }

  /// Z′Z for each pair of levels of two factors that some row has.
  private static func products(
    _ first: (codes: [Int32], columns: [[Double]]), _ second: (codes: [Int32], columns: [[Double]])
  ) -> [Matrix] {
    var known: [SIMD2<Int32>: Int] = [:]
    var products: [Matrix] = []
    for row in first.codes.indices {
      let key = SIMD2(first.codes[row], second.codes[row])
      let place = known[key] ?? products.count
      if place == products.count {
        known[key] = place
        products.append(Matrix(rows: first.columns.count, columns: second.columns.count))
      }
      for own in first.columns.indices {
        for other in second.columns.indices {
          products[place][own, other] += first.columns[own][row] * second.columns[other][row]
        }
      }
    }
    return products
  }

  /// tr(E N F N′), E and F symmetric with ones at a place and its mirror.
  private static func trace(_ product: Matrix, _ own: (Int, Int), _ other: (Int, Int)) -> Double {
    let first = own.0 == own.1 ? [own] : [own, (own.1, own.0)]
    let second = other.0 == other.1 ? [other] : [other, (other.1, other.0)]
    return first.reduce(0) { sum, place in
      second.reduce(sum) { $0 + product[place.1, $1.0] * product[place.0, $1.1] }
    }
  }
}

extension KenwardRogerMoments {
  /// The information about the variance parameters under REML, Φ the covariance of the fixed
  /// effects: tr(PG_rPG_s).
  func information(_ phi: Matrix) -> Matrix {
    let turned = p.map { phi * $0 * phi }
    return Matrix(rows: p.count, columns: p.count) { r, s in
      k[r, s] - 2 * phi.inner(q[r][s].transposed) + turned[r].inner(p[s].transposed)
    }.symmetrised
  }
}
