package import Foundation
import Studies

/// When to try again what a carrier reported as not sent: exponential back-off with jitter.
package struct RetryPlan: Hashable, Sendable {
  /// Seconds before the second attempt. A minute lets a mail server come back from a restart.
  package var base: TimeInterval = 60
  /// The longest pause. Greylisting takes an hour at most; more would outlast most windows.
  package var longest: TimeInterval = 3_600
  /// How many attempts there are in all: eight end after about two hours.
  package var attempts = 8

  package init() {}

  /// The pause after so many attempts: between half and the whole of `base · 2^(attempts - 1)`, so
  /// that what failed together does not come back together.
  ///
  /// - Returns: seconds, or `nil` when it is given up.
  package func pause(
    afterAttempts count: Int, using generator: inout some RandomNumberGenerator
  ) -> TimeInterval? {
    guard count < attempts else { return nil }
    let whole = min(
      longest, base * Double(sign: .plus, exponent: max(0, count - 1), significand: 1))
    let share = Double(generator.next() >> 11) * 0x1p-53
    return whole * (0.5 + share / 2)
  }
}
