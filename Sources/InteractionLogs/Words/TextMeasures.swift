/// What the text of one conversation, or of many added up, measured: sums and what they are over.
package struct TextMeasures: Hashable, Sendable, Codable {
  /// A sum and the number of units that it is over.
  package struct Share: Hashable, Sendable, Codable {
    package var sum: Double
    package var count: Int

    package init(sum: Double = 0, count: Int = 0) {
      self.sum = sum
      self.count = count
    }

    /// The mean; nil over nothing.
    package var mean: Double? { count > 0 ? sum / Double(count) : nil }

    package static func + (one: Share, other: Share) -> Share {
      Share(sum: one.sum + other.sum, count: one.count + other.count)
    }
  }

  /// How many conversations were in which language (ISO 639 code), by the person's text; those whose
  /// language could not be told are in none.
  package var languages: [String: Int]
  /// What was measured; a feature that does not apply is not in it.
  package var shares: [TextFeature: Share]

  package init(languages: [String: Int] = [:], shares: [TextFeature: Share] = [:]) {
    self.languages = languages
    self.shares = shares
  }

  /// The mean of a feature over its units; nil where it could not be measured, never 0 instead.
  package func value(of feature: TextFeature) -> Double? { shares[feature]?.mean }

  /// The language of most conversations, the first in the alphabet of several.
  package var language: String? {
    languages.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  package static func + (one: TextMeasures, other: TextMeasures) -> TextMeasures {
    TextMeasures(
      languages: one.languages.merging(other.languages, uniquingKeysWith: +),
      shares: one.shares.merging(other.shares, uniquingKeysWith: +))
  }

  package static func += (one: inout TextMeasures, other: TextMeasures) { one = one + other }

  mutating func add(_ sum: Double, over count: Int, to feature: TextFeature) {
    guard count > 0 else { return }
    shares[feature, default: Share()] =
      shares[feature, default: Share()]
      + Share(
        sum: sum, count: count)
  }
}
