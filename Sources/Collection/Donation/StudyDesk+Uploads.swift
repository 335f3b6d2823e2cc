import Archives
import Dispatch
package import Foundation
package import InteractionLogs
package import LocalTime
import Storage
import Studies

/// Whether somebody can donate a log.
package enum DonationStanding: Hashable, Sendable {
  /// The study takes none.
  case notTaken
  /// The part of the consent that it rests on is not agreed to.
  case notAgreed
  case open
}

extension StudyDesk {
  /// Exports are read one after the other, away from the threads that answer requests: each takes seconds of
  /// one processor.
  private static let readings = DispatchQueue(label: "longwell.exports", qos: .utility)

  /// What an upload may hold. Zips of years of conversations unpack to a gigabyte; what goes on for four is
  /// there to keep the machine busy.
  private static let uploadLimits = LogLimits(
    archive: ArchiveLimits(
      entries: 100_000, entryBytes: 4 << 30, totalBytes: 4 << 30, ratio: 200))

  /// Whether a participant can donate a log now.
  ///
  /// - Throws: ``CollectionError`` when the participant is unknown or has withdrawn.
  package func donationStanding(of pseudonym: String) async throws -> DonationStanding {
    try await database.read { snapshot in
      let participant = try takingPart(pseudonym, in: snapshot)
      guard try version(participant.publication).study.logs != nil else { return .notTaken }
      let standing = try consentStanding(of: pseudonym, in: snapshot)
      return standing.decided != nil && standing.missing.isEmpty
        && standing.agreed.contains(LogPlan.consentPart) ? .open : .notAgreed
    }
  }

  /// Reads an export that a participant has uploaded. Nothing of it is written.
  ///
  /// - Parameters:
  ///   - account: which of the person's accounts with the service, from 1.
  ///   - exported: the day on which it was made; nil for the day of its last message.
  /// - Throws: ``CollectionError`` `logsRefused` that says what was found, without content.
  package func read(
    _ export: ArrivingExport, of pseudonym: String, account: Int = 1, exported: LocalDate? = nil
  ) async throws -> UploadedLog {
    let participant = try await database.read { try takingPart(pseudonym, in: $0) }
    guard let zone = TimeZone(identifier: participant.zone) else {
      throw CollectionError(.unknownZone, participant.zone)
    }
    let reader = TextReader(lists: .shipped)
    let options = LogOptions(zone: zone, text: reader, limits: Self.uploadLimits)
    let log: InteractionLog = try await withCheckedThrowingContinuation { continuation in
      Self.readings.async {
        do throws(LogProblem) {
          continuation.resume(returning: try export.read(options: options))
        } catch {
          continuation.resume(
            throwing: CollectionError(.logsRefused, pseudonym, detail: error.description))
        }
      }
    }
    return UploadedLog(
      pseudonym: pseudonym, account: account, exported: exported, log: log,
      lists: reader.lists.versions)
  }

  /// What donating an uploaded log would keep; see
  /// ``previewDonation(of:lists:from:account:exported:withholding:now:)``.
  package func previewDonation(
    of upload: UploadedLog, withholding keptBack: KeptBack = .nothing, now: Date
  ) async throws -> LogPreview {
    try await previewDonation(
      of: upload.log, lists: upload.lists, from: upload.pseudonym, account: upload.account,
      exported: upload.exported.map(upload.log.moment(exportedOn:)), withholding: keptBack,
      now: now)
  }
}
