package import Foundation
import GRDB

extension ResearchSnapshot {
  private static let invitationColumns = """
    SELECT uuid, pseudonym, site, language, code_hash, invited_at, state, state_since
    FROM invitations
    """

  private static func invitation(_ row: Row) throws -> InvitationRecord {
    InvitationRecord(
      uuid: try row.uuid("uuid"), pseudonym: row["pseudonym"], site: row["site"],
      language: row["language"], codeHash: row["code_hash"], invited: row.date("invited_at"),
      state: try row.word("state"), stateSince: row.date("state_since"))
  }

  /// Every invitation, by pseudonym.
  package func invitations() throws(StorageError) -> [InvitationRecord] {
    try list("\(Self.invitationColumns) ORDER BY pseudonym", [], Self.invitation)
  }

  /// One invitation by the pseudonym that it keeps, or `nil`.
  package func invitation(_ pseudonym: String) throws(StorageError) -> InvitationRecord? {
    try first("\(Self.invitationColumns) WHERE pseudonym = ?", [pseudonym], Self.invitation)
  }

  /// One invitation by UUID, or `nil`.
  package func invitation(_ uuid: UUID) throws(StorageError) -> InvitationRecord? {
    try first("\(Self.invitationColumns) WHERE uuid = ?", [uuid.text], Self.invitation)
  }

  /// The invitation that a code accepts, by the code's hash, or `nil`.
  package func invitation(codeHash: String) throws(StorageError) -> InvitationRecord? {
    try first("\(Self.invitationColumns) WHERE code_hash = ?", [codeHash], Self.invitation)
  }

  /// What came of the questions before joining, by site and outcome.
  package func screeningCounts() throws(StorageError) -> [ScreeningCount] {
    try list("SELECT site, outcome, people FROM screening_counts ORDER BY site, outcome") {
      ScreeningCount(site: $0["site"], outcome: try $0.word("outcome"), people: $0["people"])
    }
  }
}
