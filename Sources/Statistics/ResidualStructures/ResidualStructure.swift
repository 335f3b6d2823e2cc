/// How the residuals of one person relate to each other and how large they are.
///
/// Without one, residuals are independent and of one size. Structures hold within blocks: the groups
/// of the formula's random terms, cut further by `within` if that is given, so that
/// `.ar1(time: "prompt", within: "day")` beside `(1 | person)` starts afresh every morning. A
/// formula without random terms is a marginal model, in which `within` names the persons.
///
/// | structure | correlation of two rows g apart in time | nlme |
/// | --- | --- | --- |
/// | `ar1` | φ^g, whole g, −1 < φ < 1 | `corAR1` |
/// | `continuousAR1` | φ^g, any g, 0 < φ < 1 | `corCAR1` |
/// | `ar1PlusNoise`, `continuousAR1PlusNoise` | κφ^g | none; glmmTMB's `ar1()` beside σ |
/// | `arma11` | ρ₁φ^(g−1) | `corARMA(p = 1, q = 1)` |
/// | `compoundSymmetry` | ρ | `corCompSymm` |
/// | `unstructured` | free for every pair of waves, a variance a wave | `corSymm` with `varIdent` |
///
/// A variance may differ by stratum (`varIdent`) or be a power of a covariate or of the fitted values
/// (`varPower`); the latter goes with independent residuals.
///
/// AR(1) and AR(1) plus noise are different models with different φ: the first lets a residual
/// carry over as a whole, the second only its lasting part, beside an error of measurement that
/// does not.
///
/// Pinheiro & Bates (2000), *Mixed-Effects Models in S and S-PLUS*, chapter 5.
public struct ResidualStructure: Hashable, Sendable {
  enum Correlation: Hashable, Sendable {
    case independent
    case ar1(time: String?, hasNoise: Bool)
    case continuous(time: String, hasNoise: Bool)
    case arma11(time: String?)
    case compoundSymmetry
    case unstructured(wave: String)
  }

  /// What a residual standard deviation is a power of.
  enum PowerBase: Hashable, Sendable {
    /// The fitted values, random effects included.
    case fitted
    case covariate(String)
  }

  let correlation: Correlation
  /// The columns whose joint levels are the blocks, beside the groups of the random terms.
  let within: [String]
  /// The factor with a residual variance for each of its levels.
  private(set) var stratum: String?
  /// What the residual standard deviation is a power of.
  private(set) var power: PowerBase?

  init(_ correlation: Correlation, within: String?) {
    self.correlation = correlation
    self.within = within.map { $0.split(separator: ":").map(String.init) } ?? []
  }

  /// Independent residuals of one variance.
  public static let independent = ResidualStructure(.independent, within: nil)

  /// First-order autoregression over planned prompts, missed ones respected.
  ///
  /// - Parameters:
  ///   - time: The index of the planned prompt, whole numbers; without it, rows follow each other
  ///     in the order of the data as if none had been missed.
  ///   - within: The blocks, `day` or `person:day`; see ``ResidualStructure``.
  public static func ar1(time: String? = nil, within: String? = nil) -> ResidualStructure {
    ResidualStructure(.ar1(time: time, hasNoise: false), within: within)
  }

  /// Autoregression in continuous time: correlation decays with the time between two rows.
  public static func continuousAR1(time: String, within: String? = nil) -> ResidualStructure {
    ResidualStructure(.continuous(time: time, hasNoise: false), within: within)
  }

  /// A first-order autoregressive process over planned prompts, and independent noise beside it.
  public static func ar1PlusNoise(time: String? = nil, within: String? = nil) -> ResidualStructure {
    ResidualStructure(.ar1(time: time, hasNoise: true), within: within)
  }

  /// An autoregressive process in continuous time, and independent noise beside it.
  public static func continuousAR1PlusNoise(
    time: String, within: String? = nil
  ) -> ResidualStructure {
    ResidualStructure(.continuous(time: time, hasNoise: true), within: within)
  }

  /// First-order autoregression with a first-order moving average, over planned prompts.
  public static func arma11(time: String? = nil, within: String? = nil) -> ResidualStructure {
    ResidualStructure(.arma11(time: time), within: within)
  }

  /// One correlation for every pair of rows: a marginal model, without random terms.
  public static func compoundSymmetry(within: String) -> ResidualStructure {
    ResidualStructure(.compoundSymmetry, within: within)
  }

  /// A variance for every planned wave and a correlation for every pair of them (MMRM): a marginal
  /// model, without random terms.
  public static func unstructured(wave: String, within: String) -> ResidualStructure {
    ResidualStructure(.unstructured(wave: wave), within: within)
  }

  /// A residual variance for each level of a factor.
  public static func variance(per factor: String) -> ResidualStructure {
    independent.variance(per: factor)
  }

  /// A residual standard deviation that is a power of a covariate, or of the fitted values without
  /// one: σ(|c|/c̄)^δ, c̄ the geometric mean.
  ///
  /// Fitted values and δ are found in turns, as nlme does, until neither changes.
  public static func variancePower(of covariate: String? = nil) -> ResidualStructure {
    var structure = independent
    structure.power = covariate.map { .covariate($0) } ?? .fitted
    return structure
  }

  /// The same correlation with a residual variance for each level of a factor.
  public func variance(per factor: String) -> ResidualStructure {
    var structure = self
    structure.stratum = factor
    return structure
  }
}

extension ResidualStructure {
  /// The columns read beside those of the formula.
  var columns: [String] {
    var base: String?
    if case .covariate(let name) = power { base = name }
    return within + [time, stratum, base].compactMap(\.self)
  }

  /// Whether the correction of Kenward and Roger is made: the covariance of the rows is linear in its
  /// parameters, and there are no random effects beside it.
  public var hasKenwardRoger: Bool { isMarginal }

  /// The column of times or waves.
  var time: String? {
    switch correlation {
    case .independent, .compoundSymmetry: nil
    case .ar1(let time, _), .arma11(let time): time
    case .continuous(let time, _): time
    case .unstructured(let wave): wave
    }
  }

  /// Whether time must come in whole steps.
  var needsWholeTimes: Bool {
    switch correlation {
    case .ar1, .arma11: true
    default: false
    }
  }

  /// Whether the structure stands in place of random effects.
  var isMarginal: Bool {
    switch correlation {
    case .compoundSymmetry, .unstructured: true
    default: false
    }
  }
}
