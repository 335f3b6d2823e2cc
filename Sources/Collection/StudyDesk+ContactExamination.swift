import Foundation
import Identities
import LocalTime
import Storage

extension StudyDesk {
  /// People whose contact was stored and is not there, and what is kept longer than the study says.
  ///
  /// - Parameter contacts: the database of contacts; nil where it is not to be looked at.
  func contactFindings(now: Date, contacts: URL?) async throws -> [Finding] {
    // Simulated people have no contacts, and their time is not ours.
    guard database.kind == .real else { return [] }
    var findings = try await retentionDue(now: now, contacts: contacts).map { due in
      Finding(
        .pastRetention, due.pseudonym.map { "contact of \($0)" } ?? "the study's data",
        "to be gone since \(due.since.utcText); see longwell retention")
    }
    guard let contacts else { return findings }
    let known = try await database.read { try $0.peopleWithContact() }
    let stored = try await IdentityDatabase.pseudonyms(in: contacts)
    let detail =
      FileManager.default.fileExists(atPath: contacts.path)
      ? "restore a backup of the contacts" : "there is no database of contacts"
    findings += known.subtracting(stored).sorted().map { Finding(.contactMissing, $0, detail) }
    return findings
  }
}
