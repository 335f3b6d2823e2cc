package import Foundation

/// A name that is no time zone.
package struct ZoneProblem: Error, Hashable, Sendable {
  /// What was given.
  package let found: String
  /// A zone whose name is near, when there is one.
  package let suggestion: String?
}

/// The zone of an IANA name such as `Europe/Berlin`, `Japan` or `UTC`.
///
/// Abbreviations (`EST`) and offsets (`GMT+3`) are refused: they have no clock changes, and people
/// who mean a place should say it.
///
/// - Throws: ``ZoneProblem`` with the nearest name.
package func timeZone(named name: String) throws(ZoneProblem) -> TimeZone {
  let known = TimeZone.knownTimeZoneIdentifiers
  if name == "UTC" || name.contains("/") || known.contains(name)
    || namesWithoutRegion.contains(name), name.utf8.count <= 64,
    let zone = TimeZone(identifier: name), zone.identifier == name || name == "UTC"
  {
    return zone
  }
  throw ZoneProblem(found: name, suggestion: nearestZone(to: name, among: known))
}

/// The names without a region that the database keeps for places, and those of rules that many places
/// share. Its abbreviations of fixed offsets, such as `EST`, and names of no place are left out.
private let namesWithoutRegion: Set<String> = [
  "CET", "CST6CDT", "Cuba", "EET", "EST5EDT", "Egypt", "Eire", "GB", "GB-Eire", "Hongkong",
  "Iceland", "Iran", "Israel", "Jamaica", "Japan", "Kwajalein", "Libya", "MET", "MST7MDT", "NZ",
  "NZ-CHAT", "Navajo", "PRC", "PST8PDT", "Poland", "Portugal", "ROC", "ROK", "Singapore", "Turkey",
  "W-SU", "WET",
]

/// The version of the zone rules in use, such as `2025b`; plans store it beside every time.
package var zoneDataVersion: String { TimeZone.timeZoneDataVersion }

/// Whether named zones work in this build of Foundation. A statically linked one may silently run in
/// UTC, so the command line asks at start-up.
package var namedZonesWork: Bool {
  guard let berlin = TimeZone(identifier: "Europe/Berlin") else { return false }
  // 2026-07-01T00:00Z, in the middle of Berlin's summer.
  return offset(of: berlin, at: 1_782_864_000) == 7200
}

/// A zone whose name or last part reads almost like the one given.
private func nearestZone(to name: String, among known: [String]) -> String? {
  func folded(_ text: String) -> String {
    String(text.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
  }
  let wanted = folded(name)
  guard wanted.count >= 3, wanted.count <= 64 else { return nil }
  let city = wanted.split(separator: "/").last.map(String.init) ?? wanted
  if let same = known.first(where: { folded($0) == wanted }) { return same }
  if let same = known.first(where: { folded($0).split(separator: "/").last ?? "" == city }) {
    return same
  }
  // One letter in four, at most two: enough for a slip, too few for another city.
  let limit = min(2, wanted.count / 4)
  let near = known.map { ($0, distance(wanted, folded($0))) }.min { $0.1 < $1.1 }
  return near.flatMap { $0.1 <= limit ? $0.0 : nil }
}

/// Levenshtein's distance.
private func distance(_ left: String, _ right: String) -> Int {
  let (left, right) = (Array(left.utf8), Array(right.utf8))
  var last = Array(0...right.count)
  for i in left.indices {
    var row = [i + 1]
    for j in right.indices {
      row.append(
        min(last[j] + (left[i] == right[j] ? 0 : 1), min(last[j + 1], row[j]) + 1))
    }
    last = row
  }
  return last[right.count]
}
