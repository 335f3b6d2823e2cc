/// How much, and how slowly, one person's values move from one occasion to the next.
///
/// Only steps between occasions at most `gap` apart in time count as successive, so that a missed
/// prompt or a night does not pass for a step.
public struct WithinPersonVariability: Hashable, Sendable {
  /// The number of values.
  public let count: Int
  /// The number of successive pairs.
  public let steps: Int
  /// The mean.
  public let mean: Double
  /// The standard deviation with n − 1; NaN for one value.
  public let standardDeviation: Double
  /// The mean of squared successive differences, Σ(x_{t+1} − x_t)²/steps (von Neumann et al. 1941);
  /// NaN without a step.
  public let meanSquareSuccessiveDifference: Double
  /// The autocorrelation of lag 1 over the successive pairs: their mean centred product over the
  /// variance with n. Without gaps it is R's `acf` times n/(n − 1). NaN for a constant series.
  public let lagOneAutocorrelation: Double

  /// - Parameters:
  ///   - series: One person's values.
  ///   - gap: The longest time between successive values; without it, neighbours are successive.
  public init(_ series: TrendSeries, gap: Double = .infinity) {
    count = series.count
    let values = series.values
    let mean = values.reduce(0, +) / Double(values.count)
    var squares = 0.0
    for value in values { squares += (value - mean) * (value - mean) }
    var steps = 0
    var differences = 0.0
    var products = 0.0
    for later in values.indices.dropFirst()
    where series.times[later] - series.times[later - 1] <= gap {
      steps += 1
      let difference = values[later] - values[later - 1]
      differences += difference * difference
      products += (values[later] - mean) * (values[later - 1] - mean)
    }
    self.steps = steps
    self.mean = mean
    standardDeviation = count >= 2 ? (squares / Double(count - 1)).squareRoot() : .nan
    meanSquareSuccessiveDifference = steps > 0 ? differences / Double(steps) : .nan
    lagOneAutocorrelation =
      steps > 0 && squares > 0
      ? (products / Double(steps)) / (squares / Double(count)) : .nan
  }
}
