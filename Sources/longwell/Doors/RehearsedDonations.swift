import Collection
import Foundation
import InteractionLogs
import LocalTime
import Rehearsal
import Storage
import Studies

/// Lets a study's simulated people donate their logs: for each a service's export is made, read and donated
/// like anybody's.
enum RehearsedDonations {
  /// Takes the logs of everybody who still takes part, where the study takes logs at all.
  ///
  /// - Parameters:
  ///   - use: what people used AI systems for, of those who agreed to give their logs.
  ///   - seed: of the exports.
  ///   - progress: told how many people are done, of how many.
  /// - Returns: how many people donated.
  /// - Throws: what `InteractionLogs` and `Collection` refuse.
  static func take(
    _ use: [UseRecord], to desk: StudyDesk, seed: UInt64, now: Date,
    progress: (_ done: Int, _ total: Int) -> Void
  ) async throws -> Int {
    let taken = Set(desk.current.study.logs?.sources ?? [])
    let formats = SimulatedExport.Format.allCases.filter { taken.contains($0.rawValue) }
    guard !formats.isEmpty, !use.isEmpty else { return 0 }
    let participants = try await desk.database.read { try $0.participants() }
    let zones = Dictionary(
      participants.filter { $0.status == .enrolled }.map { ($0.pseudonym, $0.zone) },
      uniquingKeysWith: { first, _ in first })
    let donors = use.filter { zones[$0.pseudonym] != nil && !$0.conversations.isEmpty }
    let reader = TextReader(lists: .shipped)
    let file = FileManager.default.temporaryDirectory
      .appending(path: "longwell-export-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    for (position, donor) in donors.enumerated() {
      progress(position, donors.count)
      let zone = try timeZone(named: zones[donor.pseudonym] ?? "")
      let export = SimulatedExport(formats[position % formats.count], seed: seed)
      var bytes = Data()
      _ = export.write(donor.conversations, of: donor.pseudonym) { bytes.append(contentsOf: $0) }
      try bytes.write(to: file)
      let log = try LogFile.read(file.path, zone: zone, gapMinutes: 60, text: reader)
      let preview = try await desk.previewDonation(
        of: log, lists: reader.lists.versions, from: donor.pseudonym,
        exported: StudyDay(date: donor.lastDay).bounds(in: zone).upperBound, now: now)
      _ = try await desk.donate(preview, now: now)
    }
    progress(donors.count, donors.count)
    return donors.count
  }
}
