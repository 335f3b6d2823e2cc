import Foundation
import Storage

extension StudyDesk {
  /// Whether a message may have gone out after the backup that the study was restored from: what was due
  /// before the restoration. Nobody knows it any more, so it waits for a person to decide.
  ///
  /// A message that a person has sent on its way since is due later. An alert is not asked about: twice is
  /// better than not at all.
  func mayHaveGoneOut(_ record: MessageRecord, in snapshot: ResearchSnapshot) throws -> Bool {
    guard record.kind != .alert,
      let restored = try snapshot.occurrences(of: .studyRestored, since: .distantPast).last
    else { return false }
    return (record.next ?? record.due) <= restored
  }
}
