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
}
