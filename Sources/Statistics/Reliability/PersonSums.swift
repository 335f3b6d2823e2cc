import RealModule

/// What a two-level likelihood needs of the rows, with the items in units of their standard
/// deviations.
struct PersonSums: Sendable {
  /// The persons with one number of occasions.
  private struct Size: Sendable {
    var occasions: Double
    var means: [[Double]]
  }

  let rowCount: Int
  let personCount: Int
  /// The standard deviation of each item over all rows.
  let scales: [Double]
  /// Centred products within persons, summed.
  private let products: Matrix
  private let sizes: [Size]

  /// - Throws: ``ReliabilityError`` when there is nothing within or between persons to fit.
  init(_ scores: ItemScores, persons: [Int]) throws(ReliabilityError) {
    var rows: [Int: [[Double]]] = [:]
    for (row, person) in zip(scores.rows, persons)
    where person >= 0 && !row.contains(where: \.isNaN) {
      rows[person, default: []].append(row)
    }
    let count = scores.itemCount
    let all = ItemScores(rows: rows.keys.sorted().flatMap { rows[$0] ?? [] }, itemCount: count)
    rowCount = all.rowCount
    personCount = rows.count
    guard personCount > count + 1 else {
      throw .noFit("\(personCount) persons are too few for \(count) items")
    }
    guard rowCount - personCount > count else {
      throw .noFit("too few persons have several complete occasions")
    }
    let scales = all.covariance.diagonal.map { $0.squareRoot() }
    let centre = all.means
    var products = Matrix(rows: count, columns: count)
    var sizes: [Int: Size] = [:]
    for person in rows.keys.sorted() {
      let own = (rows[person] ?? []).map { row in
        (0..<count).map { (row[$0] - centre[$0]) / scales[$0] }
      }
      let mean = (0..<count).map { item in own.reduce(0) { $0 + $1[item] } / Double(own.count) }
      for row in own {
        for item in 0..<count {
          for other in 0..<count {
            products[item, other] += (row[item] - mean[item]) * (row[other] - mean[other])
          }
        }
      }
      sizes[own.count, default: Size(occasions: Double(own.count), means: [])].means.append(mean)
    }
    self.scales = scales
    self.products = products
    self.sizes = sizes.keys.sorted().compactMap { sizes[$0] }
  }

  /// Half of each correlation to either level.
  var start: [Double] {
    let freedom = Double(rowCount - personCount)
    let within = (1 / freedom) * products
    let roots = within.diagonal.map { max($0, 1e-6).squareRoot() }
    let correlation = Matrix(rows: roots.count, columns: roots.count) {
      $0 == $1 ? 1 : within[$0, $1] / (roots[$0] * roots[$1])
    }
    let unit = OneFactorModel.start(correlation)
    let inside = unit.enumerated().map { $1 * roots[$0 % roots.count] }
    let left = roots.map { max(0.1, 1 - $0 * $0).squareRoot() }
    let outside = left.map { 0.8 * $0 } + left.map { 0.6 * $0 }
    return inside + outside
  }

  /// −2 log L without its constant, at loadings and roots within and then between, and its gradient;
  /// the items' means are at their best.
  func deviance(at point: [Double]) -> (value: Double, gradient: [Double])? {
    let half = point.count / 2
    let within = Matrix(oneFactor: point[..<half])
    let between = Matrix(oneFactor: point[half...])
    guard let inner = DenseCholesky(within) else { return nil }
    var inverses: [DenseCholesky] = []
    for size in sizes {
      guard let inverse = DenseCholesky(within + size.occasions * between) else { return nil }
      inverses.append(inverse)
    }
    guard let centre = centre(inverses) else { return nil }
    let freedom = Double(rowCount - personCount)
    let explained = inner.inverse * products
    var value = freedom * inner.logDeterminant + explained.trace
    var byWithin = freedom * inner.inverse - explained * inner.inverse
    var byBetween = Matrix(rows: within.rows, columns: within.rows)
    for (size, inverse) in zip(sizes, inverses) {
      let spread = size.occasions * spread(size.means, around: centre)
      let weighted = inverse.inverse * spread
      let persons = Double(size.means.count)
      value += persons * inverse.logDeterminant + weighted.trace
      let derivative = persons * inverse.inverse - weighted * inverse.inverse
      byWithin += derivative
      byBetween += size.occasions * derivative
    }
    return (
      value,
      byWithin.oneFactorGradient(at: point[..<half])
        + byBetween.oneFactorGradient(at: point[half...])
    )
  }

  /// The log-likelihood of the rows in their own units.
  func logLikelihood(deviance: Double) -> Double {
    let items = Double(scales.count)
    let units = scales.reduce(0) { $0 + Double.log($1) }
    return -(deviance + Double(rowCount) * items * Double.log(2 * Double.pi)) / 2
      - Double(rowCount) * units
  }

  /// The generalised least-squares means of the items.
  private func centre(_ inverses: [DenseCholesky]) -> [Double]? {
    let count = scales.count
    var weights = Matrix(rows: count, columns: count)
    var weighted = Array(repeating: 0.0, count: count)
    for (size, inverse) in zip(sizes, inverses) {
      weights += (size.occasions * Double(size.means.count)) * inverse.inverse
      let sum = (0..<count).map { item in size.means.reduce(0) { $0 + $1[item] } }
      for (item, value) in (inverse.inverse * sum).enumerated() {
        weighted[item] += size.occasions * value
      }
    }
    return DenseCholesky(weights).map { $0.inverse * weighted }
  }

  private func spread(_ means: [[Double]], around centre: [Double]) -> Matrix {
    var sums = Matrix(rows: centre.count, columns: centre.count)
    for mean in means {
      let apart = zip(mean, centre).map(-)
      for row in apart.indices {
        for column in apart.indices { sums[row, column] += apart[row] * apart[column] }
      }
    }
    return sums
  }
}
