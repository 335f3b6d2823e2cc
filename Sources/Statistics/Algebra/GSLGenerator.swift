import CGSL

/// GSL's Mersenne Twister (Matsumoto & Nishimura 1998) with its ziggurat normals: one seed, one
/// sequence, on every machine.
@safe
struct GSLGenerator: ~Copyable {
  private let state: UnsafeMutablePointer<gsl_rng>

  /// - Returns: `nil` when there is no memory for the state.
  init?(seed: UInt64) {
    guard GSL.returnsErrors, let state = unsafe longwell_mersenne_twister() else { return nil }
    unsafe self.state = state
    unsafe gsl_rng_set(state, UInt(truncatingIfNeeded: seed))
  }

  deinit { unsafe gsl_rng_free(state) }

  /// A standard normal.
  mutating func normal() -> Double { unsafe gsl_ran_gaussian_ziggurat(state, 1) }

  /// A χ²; 0 without degrees of freedom.
  mutating func chiSquare(_ degreesOfFreedom: Double) -> Double {
    degreesOfFreedom > 0 ? unsafe gsl_ran_chisq(state, degreesOfFreedom) : 0
  }

  /// A uniform number between 0 and 1, neither of them.
  mutating func uniform() -> Double { unsafe gsl_rng_uniform_pos(state) }

  /// A count of successes.
  ///
  /// - Parameter trials: A whole number below 2³².
  mutating func binomial(trials: Double, probability: Double) -> Double {
    unsafe Double(gsl_ran_binomial(state, probability, UInt32(trials)))
  }

  /// A count with this mean; NaN where GSL's counts, of 32 bits, may not hold it.
  mutating func poisson(_ mean: Double) -> Double {
    guard mean > 0 else { return 0 }
    return mean < 2e9 ? unsafe Double(gsl_ran_poisson(state, mean)) : .nan
  }

  /// A count with the variance μ + μ²/φ: Poisson with a mean of its own, which has a gamma
  /// distribution of shape φ.
  mutating func negativeBinomial(mean: Double, size: Double) -> Double {
    poisson(unsafe gsl_ran_gamma(state, size, mean / size))
  }
}
