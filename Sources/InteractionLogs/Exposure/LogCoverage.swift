package import Foundation
package import LocalTime

/// What a participant's donated logs say anything about. Outside of it nothing is known, which is not
/// the same as nothing done.
package struct LogCoverage: Hashable, Sendable {
  /// From the later of the first conversation and the service's retention limit to the export's
  /// creation, of each account.
  package var accounts: [Range<Date>]
  /// Study days that the participant took out.
  package var withheld: Set<LocalDate>

  /// Coverage by accounts.
  package init(accounts: [Range<Date>], withheld: Set<LocalDate> = []) {
    self.accounts = accounts
    self.withheld = withheld
  }

  /// How much of a stretch of a study day is covered by any account, in seconds.
  func seconds(of date: LocalDate, in part: Range<Date>) -> Double {
    guard !withheld.contains(date) else { return 0 }
    let parts = accounts.map { $0.clamped(to: part) }.filter { !$0.isEmpty }
      .sorted { $0.lowerBound < $1.lowerBound }
    var (sum, end) = (0.0, part.lowerBound)
    for part in parts where part.upperBound > end {
      sum += part.upperBound.timeIntervalSince(max(part.lowerBound, end))
      end = part.upperBound
    }
    return sum
  }
}
