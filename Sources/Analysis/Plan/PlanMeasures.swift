import Definitions
import Statistics

/// How reliable a score is in this sample.
struct PlanReliability: Sendable {
  /// As in the study: `needs-6.satisfaction`.
  let score: Located<String>
  /// Whether alpha, omega and what each item does for them are wanted.
  let wantsAlpha: Bool
  /// Whether persons' levels and their ups and downs are told apart.
  let isWithinPerson: Bool
  /// Across what the items are asked to mean the same.
  var groupings: [ItemFunctioning.Grouping] = []
}

/// One planned measurement: `baseline`, or `week.4` for the fourth of several.
struct PlanMoment: Sendable {
  let text: Located<String>
  let occasion: String
  /// From 0.
  let repetition: Int

  /// Reads `week.4`; nil for a repetition that is no number from 1 on.
  init?(_ text: Located<String>) {
    let parts = text.value.split(separator: ".", omittingEmptySubsequences: false)
    guard let name = parts.first, !name.isEmpty, parts.count <= 2 else { return nil }
    self.text = text
    occasion = String(name)
    guard parts.count == 2 else {
      repetition = 0
      return
    }
    guard let number = Int(parts[1]), number >= 1 else { return nil }
    repetition = number - 1
  }
}

/// Whether each person's change is more than the error of the scale.
struct PlanChange: Sendable {
  enum Source: Sendable {
    /// Of this sample, at the first of the two moments.
    case sample
    /// Given, from elsewhere.
    case value(Double)
  }

  let column: Located<String>
  let before, after: PlanMoment
  let reliability: Source
}

/// Trends of a column, person by person.
struct PlanTrend: Sendable {
  let column: Located<String>
  /// The column of times; nil for the planned index.
  let time: Located<String>?
  let method: MannKendallTest.Method
  /// From how many values on a person's p value is given.
  let least: Int
}
