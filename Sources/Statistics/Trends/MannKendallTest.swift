/// A test for a monotonic trend of one series, or of several taken together.
///
/// Mann (1945), Kendall (1975). z = (S ∓ 1)/√Var S; p is two-sided, from the normal distribution, or
/// exact for up to ten different values under the plain test.
public struct MannKendallTest: Hashable, Sendable {
  /// How dependence between neighbouring values is dealt with.
  public enum Method: String, CaseIterable, Hashable, Sendable {
    /// Not at all: values are taken as independent.
    case mannKendall = "mann-kendall"
    /// The variance is widened by the significant autocorrelations of the detrended series' ranks
    /// (Hamed & Rao 1998).
    case hamedRao = "hamed-rao"
    /// The variance is widened by all autocorrelations of the detrended series (Yue & Wang 2004).
    /// Summing noise over all lags, it finds trends in white noise far too often: never a default.
    case yueWang = "yue-wang"
    /// The lag-1 autocorrelation is taken out of the series first; this also takes out trend.
    case preWhitening = "pre-whitening"
    /// The same on the detrended series, the trend put back (Yue, Pilon, Phinney & Cavadias 2002).
    case trendFree = "trend-free"
    /// Scores are summed over seasons (Hirsch & Slack 1984).
    case seasonal
    /// Scores are summed over persons or places (Helsel & Frans 2006).
    case regional
  }

  /// The direction found at the confidence level.
  public enum Trend: String, Hashable, Sendable {
    case increasing
    case decreasing
    case none = "no trend"
  }

  /// How dependence was dealt with.
  public let method: Method
  /// The number of values given.
  public let count: Int
  /// Kendall's score S: rising pairs less falling pairs.
  public let score: Int
  /// The variance of the score without trend, as the method has it; below zero it gives no test.
  public let variance: Double
  /// The score over its standard deviation, with continuity correction; NaN without a test.
  public let z: Double
  /// Two-sided.
  public let pValue: Double
  /// Whether `pValue` counts all orders instead of using the normal distribution.
  public let isExact: Bool
  /// The score over the number of pairs, from −1 to 1.
  public let tau: Double
  /// The direction at the confidence level.
  public let trend: Trend
  /// The slope of the series as it was given.
  public let slope: SenSlope
  /// What a reader should know, in words.
  public let notes: [String]

  /// What the methods hand to the shared end of the computation.
  struct Parts {
    var method: Method
    var count: Int
    var score: Int
    var variance: Double
    var pairs: Int
    var exact: Double?
    var slope: SenSlope
    var notes: [String] = []
  }

  init(_ parts: Parts, confidenceLevel: Double) {
    method = parts.method
    count = parts.count
    score = parts.score
    variance = parts.variance
    slope = parts.slope
    tau = parts.pairs > 0 ? Double(score) / Double(parts.pairs) : .nan
    if parts.score == 0 {
      z = 0
    } else if parts.variance > 0 {
      z = (Double(score) - (score > 0 ? 1 : -1)) / parts.variance.squareRoot()
    } else {
      z = .nan
    }
    isExact = parts.exact != nil
    pValue = parts.exact ?? (z.isNaN ? .nan : NormalDistribution().twoSidedTail(z))
    if pValue < 1 - confidenceLevel {
      trend = score > 0 ? .increasing : .decreasing
    } else {
      trend = .none
    }
    var notes = parts.notes
    if z.isNaN {
      notes.append(
        "the corrected variance is not above zero, so this method gives no test here: use hamed-rao"
          + " or trend-free, or a longer series")
    }
    self.notes = notes
  }
}
