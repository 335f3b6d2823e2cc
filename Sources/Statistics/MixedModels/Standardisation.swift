/// Where each column of a model is moved to and how it is scaled while a model is fitted.
///
/// Cross-products square the condition of the columns, so a covariate such as the year 2024.5 or a
/// response far from 0 would lose half its digits. Columns are therefore centred where an intercept
/// of the same term can take up the shift, and scaled to standard deviation 1; results are moved
/// back at the end. The fit is the same: a shift or scale of columns changes neither the model nor
/// its likelihood.
struct Standardisation: Hashable, Sendable {
  /// x̃ = (x − centre) / scale.
  struct Column: Hashable, Sendable {
    var centre: Double
    var scale: Double

    static let unchanged = Column(centre: 0, scale: 1)

    /// - Parameter isCentred: Whether an intercept beside the column can take up its mean.
    init(of values: [Double], isCentred: Bool) {
      let count = Double(max(1, values.count))
      // The first value as a provisional centre keeps the sums short of cancellation.
      let first = values.first ?? 0
      var sum = 0.0
      var squares = 0.0
      for value in values {
        let shifted = value - first
        sum += shifted
        squares += shifted * shifted
      }
      let mean = sum / count
      let variance = max(0, squares / count - mean * mean)
      self.init(mean: first + mean, variance: variance, isCentred: isCentred)
    }

    /// - Parameter isCentred: Whether an intercept beside the column can take up its mean.
    init(mean centre: Double, variance: Double, isCentred: Bool) {
      let size = (variance + centre * centre).squareRoot()
      let deviation = variance.squareRoot()
      // A column that hardly moves is as good as constant: leave it where it is, so that it is
      // found to repeat the intercept instead of being blown up from rounding errors.
      if isCentred, deviation > 1e-12 * size {
        self.init(centre: centre, scale: deviation)
      } else {
        self.init(centre: 0, scale: size > 0 ? size : 1)
      }
    }

    init(centre: Double, scale: Double) {
      self.centre = centre
      self.scale = scale
    }
  }

  var fixed: [Column]
  var response: Column
  /// By random term, then column.
  var random: [[Column]]
  /// The position of the intercept among the fixed columns.
  let intercept: Int?

  /// - Parameter rows: The most rows to look at. Any centre and scale near those of all rows will
  ///   do, so that a model of many rows need not be read twice; whether they are near is to be
  ///   checked afterwards (``suits(_:)``).
  init(_ frame: ModelFrame, response values: [Double], rows: Int = .max) {
    fixed = Self.columns(of: frame.fixed, rows: rows)
    random = frame.random.map { Self.columns(of: $0.design, rows: rows) }
    intercept = frame.fixed.columns.firstIndex { $0.term == -1 }
    response = Column(
      of: rows < values.count ? ColumnValues(values).sample(limit: rows) : values,
      isCentred: intercept != nil)
  }

  /// Refuses columns whose squares overflow or vanish.
  func check(_ frame: ModelFrame) throws(ModelError) {
    func check(_ column: Column, _ name: String, largest: () -> Double) throws(ModelError) {
      let size = max(column.scale, abs(column.centre))
      // A column of scale 1 that stays where it is may have squares that vanish.
      let isUnmoved = column.scale == 1 && column.centre == 0
      let smallest = isUnmoved ? largest() : column.scale
      guard size < Self.largest, smallest == 0 || smallest > 1 / Self.largest else {
        throw .extremeValues(variable: name, size: size < Self.largest ? smallest : .infinity)
      }
    }
    func check(
      _ columns: [DesignMatrix.Column], _ scalings: [Column]
    ) throws(ModelError) {
      for (column, scaling) in zip(columns, scalings) where column.term >= 0 {
        try check(scaling, column.name) {
          max(abs(column.values.max() ?? 0), abs(column.values.min() ?? 0))
        }
      }
    }
    try check(response, frame.responseName) { frame.response.reduce(0) { max($0, abs($1)) } }
    try check(frame.fixed.columns, fixed)
    for (term, scalings) in zip(frame.random, random) {
      try check(term.design.columns, scalings)
    }
  }

  /// The square root of the largest number, less what sums of squares of many rows need.
  private static let largest = 1e150

  /// Whether the columns came out near mean 0 and standard deviation 1.
  ///
  /// Within a factor of 30, cross-products lose three of their sixteen digits at most.
  ///
  /// - Parameters:
  ///   - products: Those of the standardised columns, the response last.
  func suits(_ products: GroupProducts) -> Bool {
    let rows = Double(products.rows)
    func isNear(sum: Double?, squares: Double) -> Bool {
      let mean = (sum ?? 0) / rows
      let square = squares / rows
      return (1e-3...1e3).contains(square) && (1e-3...1e3).contains(square - mean * mean)
    }
    let total = products.total
    for column in 0..<products.width where column != intercept {
      guard isNear(sum: intercept.map { total[$0, column] }, squares: total[column, column])
      else { return false }
    }
    for effect in 0..<products.effects {
      var squares = 0.0
      for group in 0..<products.groups {
        squares += products.gram[group * products.gramSize + packed(effect, effect)]
      }
      guard (1e-3...1e3).contains(squares / rows) else { return false }
    }
    return true
  }

  /// How columns are moved whose means and variances are known.
  init(
    fixed: [Column], response: Column, random: [[Column]], intercept: Int?
  ) {
    self.fixed = fixed
    self.response = response
    self.random = random
    self.intercept = intercept
  }

  private static func columns(of design: DesignMatrix, rows: Int) -> [Column] {
    design.columns.map { column in
      column.term == -1
        ? .unchanged
        : Column(
          of: rows < column.values.count ? column.values.sample(limit: rows) : column.values.array,
          isCentred: design.hasIntercept)
    }
  }

  /// The matrix that turns coefficients of standardised columns into those of the columns
  /// themselves: divides by the scales and moves the centres into the intercept.
  static func back(_ columns: [Column], intercept: Int?) -> Matrix {
    var matrix = Matrix(diagonal: columns.map { 1 / $0.scale })
    guard let intercept else { return matrix }
    for (position, column) in columns.enumerated() where position != intercept {
      matrix[intercept, position] = -column.centre / column.scale
    }
    return matrix
  }

  /// The inverse of ``back(_:intercept:)``.
  static func forth(_ columns: [Column], intercept: Int?) -> Matrix {
    var matrix = Matrix(diagonal: columns.map(\.scale))
    guard let intercept else { return matrix }
    for (position, column) in columns.enumerated() where position != intercept {
      matrix[intercept, position] = column.centre
    }
    return matrix
  }
}
