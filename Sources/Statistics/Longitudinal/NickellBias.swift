/// The bias of a lagged outcome that is centred at each person's own mean.
///
/// The mean contains the error of the row itself, so the autoregressive coefficient comes out too
/// small by about (1 + φ)/T. Nickell (1981), *Biases in dynamic models with fixed effects*,
/// Econometrica 49, 1417-1426.
public enum NickellBias {
  /// Under this many prompts a person the bias exceeds about 0.07, which is no longer small beside
  /// the autoregressions of 0.2 to 0.5 that diaries show. It is a warning, not a rule.
  public static let fewPrompts = 20

  /// The bias to expect: −(1 + φ)/T.
  public static func expected(autoregression: Double, prompts: Double) -> Double {
    -(1 + autoregression) / prompts
  }

  /// A warning in words when persons have few prompts; `nil` when they have enough.
  ///
  /// - Parameters:
  ///   - prompts: The prompts used of each person.
  ///   - autoregression: The coefficient of the lagged outcome, if it is known.
  public static func warning(prompts: [Int], autoregression: Double? = nil) -> String? {
    let sorted = prompts.filter { $0 > 0 }.sorted()
    guard !sorted.isEmpty else { return nil }
    let median = sorted[sorted.count / 2]
    guard median < fewPrompts else { return nil }
    let size = -expected(autoregression: autoregression ?? 0.3, prompts: Double(median))
    let hundredths = Int((size * 100).rounded())
    let text = "0." + (hundredths < 10 ? "0" : "") + String(min(99, hundredths))
    return "Half of the persons have at most \(median) prompts. The coefficient of a lagged "
      + "outcome centred at the person mean is then biased downwards by about \(text) (Nickell "
      + "1981); leave the lagged outcome uncentred, or model the residuals as autoregressive."
  }
}
