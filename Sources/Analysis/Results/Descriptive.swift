import Statistics

/// A score in one arm at one planned measurement.
struct Descriptive: Hashable, Sendable {
  /// The column of the plan.
  var column: String
  /// `nil` for everyone together.
  var arm: String?
  /// The position among the slots.
  var slot: Int
  /// How many rows have a value.
  var count: Int
  /// How many due rows have none.
  var missing: Int
  /// NaN where nobody has a value.
  var mean: Double
  /// NaN below two values.
  var deviation: Double
  var least: Double
  var most: Double
  /// Ends of the 95 % interval of the mean by Student's t; NaN below two values.
  var lower: Double
  var upper: Double

  /// Describes values; NaN is missing.
  init(column: String, arm: String?, slot: Int, values: [Double]) {
    let present = values.filter { !$0.isNaN }
    self.column = column
    self.arm = arm
    self.slot = slot
    count = present.count
    missing = values.count - present.count
    let mean = present.reduce(0, +) / Double(present.count)
    self.mean = mean
    least = present.min() ?? .nan
    most = present.max() ?? .nan
    deviation = Self.deviation(of: present)
    let quantile = StudentDistribution(degreesOfFreedom: Double(max(1, present.count - 1)))
      .quantile(0.975)
    let reach = quantile * deviation / Double(present.count).squareRoot()
    lower = mean - reach
    upper = mean + reach
  }

  /// The standard deviation with n − 1; NaN below two values.
  static func deviation(of values: [Double]) -> Double {
    guard values.count > 1 else { return .nan }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }
}
