/// A mean that can be added up: a sum and what it is over.
package struct Mean: Hashable, Sendable, Codable {
  package var sum: Double
  package var count: Int

  package init(sum: Double = 0, count: Int = 0) {
    self.sum = sum
    self.count = count
  }

  /// The mean; nil over nothing.
  package var value: Double? { count > 0 ? sum / Double(count) : nil }

  package mutating func add(_ value: Double) {
    sum += value
    count += 1
  }

  package static func + (one: Mean, other: Mean) -> Mean {
    Mean(sum: one.sum + other.sum, count: one.count + other.count)
  }

  package static func += (one: inout Mean, other: Mean) { one = one + other }
}
