package import Foundation

/// Instants as the database keeps them: whole milliseconds since 1970-01-01T00:00:00Z.
package enum Milliseconds {
  /// The instant in milliseconds, rounded to the nearest. Dates beyond ±100 million years trap; no
  /// study reaches them.
  package static func of(_ date: Date) -> Int64 {
    Int64((date.timeIntervalSince1970 * 1000).rounded(.toNearestOrEven))
  }

  /// The date of an instant.
  package static func date(_ milliseconds: Int64) -> Date {
    Date(timeIntervalSince1970: Double(milliseconds) / 1000)
  }
}
