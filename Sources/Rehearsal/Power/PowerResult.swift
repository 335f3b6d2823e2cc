import Analysis

/// What replicates of a study came to.
package struct PowerResult: Sendable {
  /// How many people enrolled in each.
  package let participants: Int
  /// The model, its formula, and the score that it explains.
  package let model, formula, response: String
  package private(set) var effects: [Effect]
  /// Replicates that were fitted, with the effects and without.
  package private(set) var fitted = 0
  /// Replicates in which the model could not be fitted, or did not estimate an effect; they count nowhere else.
  package private(set) var failures = 0
  package private(set) var firstFailure: String?
  private var observations = 0

  /// Rows that the model used, in the mean over replicates.
  package var meanObservations: Double { Double(observations) / Double(max(1, fitted)) }

  /// One stated effect over the replicates.
  package struct Effect: Sendable {
    package let term: String
    /// The value that was put in.
    package let value: Double
    /// How often the 95 % interval left zero out, and how often it held the value.
    package var detected = 0, covered = 0
    /// How often the interval left zero out with no effect put in.
    package var falselyDetected = 0
    package var estimates: [Double] = []
    package var standardErrors: [Double] = []
  }

  init(
    participants: Int, model: String, formula: String, response: String, effects: [StatedEffect]
  ) {
    self.participants = participants
    self.model = model
    self.formula = formula
    self.response = response
    self.effects = effects.map { Effect(term: $0.term, value: $0.value) }
  }

  mutating func add(_ outcome: Trial.Outcome) {
    let stated = outcome.stated.compactMap { $0.flatMap { $0.lower.isFinite ? $0 : nil } }
    let absent = outcome.absent.compactMap { $0.flatMap { $0.lower.isFinite ? $0 : nil } }
    guard stated.count == effects.count, absent.count == effects.count else {
      failures += 1
      firstFailure =
        firstFailure ?? outcome.failure ?? "the model does not estimate every effect"
      return
    }
    fitted += 1
    observations += outcome.observations
    for place in effects.indices {
      let found = stated[place]
      if found.lower > 0 || found.upper < 0 { effects[place].detected += 1 }
      if found.lower <= effects[place].value, effects[place].value <= found.upper {
        effects[place].covered += 1
      }
      if absent[place].lower > 0 || absent[place].upper < 0 { effects[place].falselyDetected += 1 }
      effects[place].estimates.append(found.value)
      effects[place].standardErrors.append(found.standardError)
    }
  }
}

extension PowerResult.Effect {
  /// A number from replicates with the 95 % interval that their number leaves.
  package struct Measure: Hashable, Sendable {
    package let value, lower, upper: Double

    /// A share of replicates with Wilson's interval (Wilson (1927), JASA 22, 209-212), which holds its level
    /// near 0 and 1 as well.
    init(share count: Int, of all: Int) {
      let (n, z) = (Double(all), 1.959963984540054)
      let share = Double(count) / n
      let middle = (share + z * z / (2 * n)) / (1 + z * z / n)
      let reach =
        z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
      value = share
      // The ends are 0 and 1 themselves where nothing, or everything, was counted.
      lower = count == 0 ? 0 : max(0, middle - reach)
      upper = count == all ? 1 : min(1, middle + reach)
    }

    /// The mean of numbers with the normal interval of a mean.
    init(meanOf numbers: [Double]) {
      let mean = numbers.reduce(0, +) / Double(numbers.count)
      let reach =
        1.959963984540054 * Self.deviation(numbers) / Double(numbers.count).squareRoot()
      value = mean
      lower = mean - reach
      upper = mean + reach
    }

    /// The standard deviation with n − 1; NaN below two numbers.
    static func deviation(_ numbers: [Double]) -> Double {
      guard numbers.count > 1 else { return .nan }
      let mean = numbers.reduce(0, +) / Double(numbers.count)
      let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / Double(numbers.count - 1)).squareRoot()
    }
  }

  /// The share of studies whose 95 % interval leaves zero out.
  package var power: Measure { Measure(share: detected, of: estimates.count) }
  /// The same where there is no effect: 5 % if the model's intervals are right.
  package var typeOneError: Measure { Measure(share: falselyDetected, of: estimates.count) }
  /// The share of studies whose 95 % interval holds the value.
  package var coverage: Measure { Measure(share: covered, of: estimates.count) }
  /// The mean estimate less the value.
  package var bias: Measure { Measure(meanOf: estimates.map { $0 - value }) }
  /// The standard deviation of the estimates.
  package var empiricalError: Double { Measure.deviation(estimates) }
  /// The mean of the standard errors that the fits state.
  package var meanStandardError: Double {
    standardErrors.reduce(0, +) / Double(standardErrors.count)
  }
}
