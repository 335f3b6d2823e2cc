import Foundation
import LocalTime

extension EventContent {
  static func request(of erasure: ErasureRecord) -> CanonicalJSON {
    .object([
      "requested_at": .integer(erasure.requested.utcMilliseconds),
      "scope": .text(erasure.scope.json.text), "uuid": .text(erasure.uuid.text),
    ])
  }

  /// - Parameters:
  ///   - events: the numbers of the events whose content is gone, in order.
  ///   - participant: the participant's row as it is now, where everything was erased.
  ///   - hasDonations: whether what was kept of logs is gone with it.
  ///   - hasReach: whether the personal link and the messages are gone with it.
  static func performance(
    of erasure: UUID, counts: [String: Int], events: [Int64], participant: ChainReplay.Fields?,
    hasDonations: Bool = false, hasReach: Bool = false
  ) -> CanonicalJSON {
    var fields: [String: CanonicalJSON] = [
      "counts": Self.counts(counts), "erasure": .text(erasure.text),
      "events": .list(
        ranges(of: events).map { .list([.integer($0.lowerBound), .integer($0.upperBound)]) }),
    ]
    if let participant { fields["participant"] = .object(.init(participant)) }
    if hasDonations { fields["logs"] = .truth(true) }
    if hasReach { fields["reach"] = .truth(true) }
    return .object(.init(fields))
  }

  static func completion(of erasure: UUID) -> CanonicalJSON {
    .object(["erasure": .text(erasure.text)])
  }

  static func counts(_ counts: [String: Int]) -> CanonicalJSON {
    .object(.init(counts.mapValues { .integer(Int64($0)) }))
  }

  /// Consecutive numbers as ranges: an erased chain is two of them, not thousands of numbers.
  static func ranges(of numbers: [Int64]) -> [ClosedRange<Int64>] {
    numbers.reduce(into: []) { ranges, number in
      if let last = ranges.last, last.upperBound == number - 1 {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
  }
}
