package import Foundation
import GRDB

/// A version of the study that a participant followed from a moment on.
package struct FollowedVersion: Hashable, Sendable {
  package var since: Date
  package var publication: Int
}

extension ResearchSnapshot {
  /// The versions that a participant followed, from enrolment on, oldest first.
  package func followedVersions(
    of participant: ParticipantRecord
  ) throws(StorageError) -> [FollowedVersion] {
    let versions = try list(
      """
      SELECT e.happened_at, json_extract(CAST(c.content AS TEXT), '$.publication') AS publication
      FROM events e JOIN event_contents c ON c.event = e.id
      WHERE e.chain = ? AND (e.kind = ? OR e.kind = ?) ORDER BY e.number
      """,
      [
        EventChain.participant(participant.uuid).description,
        EventKind.participantEnrolled.rawValue, EventKind.versionChanged.rawValue,
      ]
    ) { row in
      (row["publication"] as Int?).map {
        FollowedVersion(since: row.date("happened_at"), publication: $0)
      }
    }
    // A damaged record may say nothing; what is stated of the participant then holds.
    let known = versions.compactMap(\.self)
    return known.isEmpty
      ? [FollowedVersion(since: participant.enrolled, publication: participant.publication)] : known
  }
}
