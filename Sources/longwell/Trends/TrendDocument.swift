import Statistics

/// A trend test for programs; the keys are stable, and what does not exist is null.
struct TrendDocument: Encodable {
  var by: String?
  var n: Int
  var s: Int?
  var variance: Double?
  var z: Double?
  var p: Double?
  var adjustedP: Double?
  var isExact: Bool?
  var tau: Double?
  var trend: String?
  var slope: Double?
  var intercept: Double?
  var lower: Double?
  var upper: Double?
  var test: String?
  var notes: [String]
  private var isPerson = false

  private enum CodingKeys: String, CodingKey {
    case by, n, s
    case variance = "var_s"
    case z, p
    case adjustedP = "p_adjusted"
    case isExact = "exact"
    case tau, trend
    case slope = "sen_slope"
    case intercept = "sen_intercept"
    case lower, upper, test, notes
  }

  init(_ test: MannKendallTest) { self.init(test, count: test.count) }

  /// One person among several; without a test the series was too short.
  init(person: String?, series: TrendSeries, test: MannKendallTest?, adjusted: Double?) {
    self.init(test, count: series.count)
    by = person
    adjustedP = adjusted
    isPerson = true
  }

  private init(_ test: MannKendallTest?, count: Int) {
    n = count
    s = test?.score
    variance = test?.variance
    z = test?.z.ifFinite
    p = test?.pValue.ifFinite
    isExact = test?.isExact
    tau = test?.tau.ifFinite
    trend = test?.trend.rawValue
    slope = test?.slope.slope.ifFinite
    intercept = test?.slope.intercept.ifFinite
    lower = test?.slope.lower?.ifFinite
    upper = test?.slope.upper?.ifFinite
    self.test = test?.method.rawValue
    notes = test?.notes ?? ["too few values for this test"]
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    if isPerson {
      try container.encode(by, forKey: .by)
      try container.encode(adjustedP, forKey: .adjustedP)
    }
    try container.encode(n, forKey: .n)
    try container.encode(s, forKey: .s)
    try container.encode(variance, forKey: .variance)
    try container.encode(z, forKey: .z)
    try container.encode(p, forKey: .p)
    try container.encode(isExact, forKey: .isExact)
    try container.encode(tau, forKey: .tau)
    try container.encode(trend, forKey: .trend)
    try container.encode(slope, forKey: .slope)
    try container.encode(intercept, forKey: .intercept)
    try container.encode(lower, forKey: .lower)
    try container.encode(upper, forKey: .upper)
    try container.encode(test, forKey: .test)
    try container.encode(notes, forKey: .notes)
  }
}
