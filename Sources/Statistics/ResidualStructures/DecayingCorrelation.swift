import RealModule

/// Correlations that decay by a factor φ with every unit of time, and what whitening them needs.
///
/// Two rows g apart correlate κφ^g, or ρ₁φ^(g−1) for ARMA(1,1), which is the same family written so
/// that φ = 0 is no exception. With D the share of a row's variance that the rows before it explain,
/// F = 1 − D and G = c₀ − c₁D, the prediction m of a row and D pass on to the next row as
///
///     m ← αm + α₁(G/F)(x − m),   D ← α²D + α₁²G²/F,
///
/// where α = φ^g; α₁ = α, c₀ = κ, c₁ = 1, or for ARMA(1,1) α₁ = φ^(g−1), c₀ = ρ₁, c₁ = φ. This is
/// the Kalman filter (Harvey 1989, *Forecasting, Structural Time Series Models and the Kalman
/// Filter*, chapter 3) of a process with noise, which whitens a row in time that does not grow with
/// its block.
struct DecayingCorrelation: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// Whole gaps, φ = tanh(ψ₁) of either sign; with noise κ = 1 − logistic(ψ₂).
    case discrete(hasNoise: Bool)
    /// Any gaps, φ > 0; logistic(ψ₁) is the correlation at the median gap.
    case continuous(hasNoise: Bool)
    /// φ = tanh(ψ₁), θ = tanh(ψ₂).
    case arma11
  }

  let kind: Kind
  /// The median gap, the unit in which a continuous φ is searched.
  let medianGap: Double

  /// The number of parameters ψ.
  var count: Int { start.count }

  /// Where a search begins: half a correlation at the median gap, a third of noise.
  var start: [Double] {
    switch kind {
    case .discrete(hasNoise: false): [0.2]
    case .discrete(hasNoise: true): [0.5, -0.7]
    case .continuous(hasNoise: false): [0]
    case .continuous(hasNoise: true): [0.5, -0.7]
    case .arma11: [0.4, 0]
    }
  }

  /// Constants at one ψ, with their derivatives by each ψ.
  struct Constants {
    var phi: Double
    var first: Double
    var second: Double
    /// Of c₀ and c₁.
    var slopes: [(first: Double, second: Double)]
  }

  /// α and α₁ over one gap, with their derivatives by ψ₁; they do not depend on ψ₂.
  struct Transition {
    var decay: Double
    var gainDecay: Double
    var decaySlope: Double
    var gainDecaySlope: Double
  }

  /// φ over one unit of time.
  func phi(_ parameter: Double) -> Double {
    if case .continuous = kind {
      return Double.exp(-Double.log(onePlus: Double.exp(-parameter)) / medianGap)
    }
    return Double.tanh(parameter)
  }

  /// The share of noise in the residual variance.
  static func noiseShare(_ parameter: Double) -> Double { 1 / (1 + Double.exp(-parameter)) }

  func constants(_ parameters: [Double]) -> Constants {
    let phi = phi(parameters[0])
    switch kind {
    case .discrete(hasNoise: false), .continuous(hasNoise: false):
      return Constants(phi: phi, first: 1, second: 1, slopes: [(0, 0)])
    case .discrete(hasNoise: true), .continuous(hasNoise: true):
      let noise = Self.noiseShare(parameters[1])
      return Constants(
        phi: phi, first: 1 - noise, second: 1, slopes: [(0, 0), (-noise * (1 - noise), 0)])
    case .arma11:
      let theta = Double.tanh(parameters[1])
      // ρ₁ = (1 + φθ)(φ + θ) / (1 + 2φθ + θ²).
      let top = (1 + phi * theta) * (phi + theta)
      let bottom = 1 + 2 * phi * theta + theta * theta
      let byPhi = (theta * (phi + theta) + 1 + phi * theta) / bottom
      let byTheta = (phi * (phi + theta) + 1 + phi * theta) / bottom
      let lag = top / bottom
      let phiSlope = (1 - phi) * (1 + phi)
      let thetaSlope = (1 - theta) * (1 + theta)
      return Constants(
        phi: phi, first: lag, second: phi,
        slopes: [
          ((byPhi - lag * 2 * theta / bottom) * phiSlope, phiSlope),
          ((byTheta - lag * 2 * (phi + theta) / bottom) * thetaSlope, 0),
        ])
    }
  }

  func transition(_ constants: Constants, _ parameter: Double, gap: Double) -> Transition {
    let phi = constants.phi
    switch kind {
    case .continuous:
      // d log φ^g / dψ₁ = (g/h)(1 − c), c the correlation at the median gap h.
      let correlation = Self.noiseShare(parameter)
      let decay = Double.pow(phi, gap)
      let slope = decay * gap / medianGap * (1 - correlation)
      return Transition(
        decay: decay, gainDecay: decay, decaySlope: slope, gainDecaySlope: slope)
    case .discrete:
      let decay = signedPower(phi, gap)
      let slope = (1 - phi) * (1 + phi) * gap * signedPower(phi, gap - 1)
      return Transition(
        decay: decay, gainDecay: decay, decaySlope: slope, gainDecaySlope: slope)
    case .arma11:
      let chain = (1 - phi) * (1 + phi)
      let gain = signedPower(phi, gap - 1)
      return Transition(
        decay: phi * gain, gainDecay: gain, decaySlope: chain * gap * gain,
        gainDecaySlope: gap > 1 ? chain * (gap - 1) * signedPower(phi, gap - 2) : 0)
    }
  }

  /// The correlation of two rows.
  func correlation(_ constants: Constants, gap: Double) -> Double {
    switch kind {
    case .discrete: constants.first * signedPower(constants.phi, gap)
    case .continuous: constants.first * Double.pow(constants.phi, gap)
    case .arma11: constants.first * signedPower(constants.phi, gap - 1)
    }
  }
}
