/// A closed set of numbered options, in increasing order: at least two.
package struct ResponseScale: Hashable, Sendable {
  /// One option.
  package struct Option: Hashable, Sendable {
    /// The number that stands for it in answers and scores.
    package let value: Int
    /// What the participant reads; nil where only the number is shown (between the ends of 0 to 10).
    package let label: String?
  }

  /// The options by increasing number.
  package let options: [Option]

  /// From the first option's number to the last one's.
  package var range: ClosedRange<Double> {
    let first = options.first?.value ?? 0
    let last = options.last?.value ?? 0
    return Double(first)...Double(max(first, last))
  }

  /// Whether a number is one of the options.
  func contains(_ value: Double) -> Bool {
    options.contains { Double($0.value) == value }
  }
}

/// A set of numbered options of which several can be chosen.
package struct ChoiceSet: Hashable, Sendable {
  /// The options by increasing number, at least two.
  package let options: [ResponseScale.Option]
  /// The option that excludes all others, such as "none of these", if there is one.
  package let exclusive: Int?

  /// Whether a list is a possible answer: options in increasing order, at least one, and the exclusive
  /// one alone.
  func contains(_ chosen: [Int]) -> Bool {
    let known = Set(options.map(\.value))
    return !chosen.isEmpty && chosen.allSatisfy(known.contains)
      && zip(chosen, chosen.dropFirst()).allSatisfy { $0 < $1 }
      && (chosen.count == 1 || !(exclusive.map(chosen.contains) ?? false))
  }
}

/// A line between two ends.
package struct SliderScale: Hashable, Sendable {
  /// A text at a position of the line.
  package struct Label: Hashable, Sendable {
    /// The position.
    package let value: Double
    /// What the participant reads.
    package let label: String
  }

  /// From one end to the other.
  package let range: ClosedRange<Double>
  /// The distance between two positions that can be chosen; divides the range.
  package let step: Double
  /// The labels by increasing position.
  package let labels: [Label]

  /// Whether a number is a position that can be chosen.
  func contains(_ value: Double) -> Bool {
    guard range.contains(value) else { return false }
    let steps = (value - range.lowerBound) / step
    // Positions such as 0.3 are not exact in binary; a thousandth of a step is never meant.
    return abs(steps - steps.rounded()) < 1e-3
  }
}

/// The numbers that may be typed.
package struct NumberRange: Hashable, Sendable {
  /// The smallest, if there is one.
  package let least: Double?
  /// The largest, if there is one.
  package let most: Double?
  /// Whether only whole numbers are accepted.
  package let isWhole: Bool
  /// The unit that is shown: `hours`.
  package let unit: String?

  /// From the smallest to the largest, if both exist.
  package var range: ClosedRange<Double>? {
    guard let least, let most, least <= most else { return nil }
    return least...most
  }

  /// Whether a number is accepted.
  func contains(_ value: Double) -> Bool {
    value.isFinite && value >= least ?? -.infinity && value <= most ?? .infinity
      && (!isWhole || value == value.rounded())
  }
}

/// How much text may be typed.
package struct TextLimit: Hashable, Sendable {
  /// The most characters, counted as Unicode scalars.
  package let longest: Int
}
