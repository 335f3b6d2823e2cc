import Foundation

/// What must hold on this machine before any command runs.
enum StartUp {
  /// Refuses to run where named time zones do not resolve, because calendar arithmetic would then
  /// silently happen in UTC.
  ///
  /// - Throws: ``CommandFailure`` naming the missing data.
  static func check() throws {
    guard let zone = TimeZone(identifier: "Asia/Kathmandu"),
      zone.secondsFromGMT(for: Date(timeIntervalSince1970: 1_700_000_000)) == 20_700
    else {
      throw CommandFailure(
        .unreadable,
        "found no time zone data on this machine, expected the IANA database: install tzdata")
    }
  }
}
