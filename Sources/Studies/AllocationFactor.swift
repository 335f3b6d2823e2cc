import Definitions
package import Expressions

extension Allocation {
  /// What people are balanced by.
  package enum Factor: Hashable, Sendable {
    case site
    case language
    /// What was answered in the occasion that the draw follows: severity, age, sex.
    case measure(Measure)

    /// The names of those that every study has.
    static let names = ["site", "language"]

    /// Its name in strata.
    package var id: String {
      switch self {
      case .site: Self.names[0]
      case .language: Self.names[1]
      case .measure(let measure): measure.id
      }
    }
  }

  /// A number of a participant, cut into levels: `{ id: severity, of: needs-6.satisfaction, cut: [3, 5] }`.
  ///
  /// Balancing what predicts the outcome is the reason for strata (ICH E9, section 2.3.2); a draw knows
  /// levels alone, so a number is cut where its levels differ in what is expected of people.
  package struct Measure: Hashable, Sendable {
    /// The factor's name.
    package let id: String
    /// The number, from the scores and answers of the occasion that the draw follows.
    package let value: Expression
    /// Where a level ends and the next one begins, in order; who has just this number is in the next.
    package let cuts: [Double]

    package init(id: String, value: Expression, cuts: [Double]) {
      self.id = id
      self.value = value
      self.cuts = cuts
    }

    /// The level of somebody without the number: an answer was left blank.
    package static let unknown = "unknown"

    /// Every level, the lowest first. They name the streams of blocks, so they never change.
    package var levels: [String] {
      let named = cuts.map(numeral)
      guard let first = named.first, let last = named.last else { return [Self.unknown] }
      let between = zip(named, named.dropFirst()).map { "\($0) to below \($1)" }
      return ["below \(first)"] + between + ["\(last) or more", Self.unknown]
    }

    /// The level of somebody.
    ///
    /// - Parameter facts: what a name of the expression stands for.
    package func level(_ facts: (String) -> Value) -> String {
      guard let number = value.evaluate(facts).number else { return Self.unknown }
      return levels[cuts.count { $0 <= number }]
    }
  }
}
