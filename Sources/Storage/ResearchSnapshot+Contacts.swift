import GRDB

extension ResearchSnapshot {
  /// The pseudonyms of everybody whose contact was stored in the other database and is not to be erased:
  /// those who were invited by a contact, and those whose enrolment waited for theirs.
  package func peopleWithContact() throws(StorageError) -> Set<String> {
    let stored = try list(
      """
      SELECT i.pseudonym FROM invitations i WHERE i.code_hash IS NULL
      UNION
      SELECT p.pseudonym FROM participants p
      WHERE EXISTS (SELECT 1 FROM events e WHERE e.chain = p.uuid AND e.kind = ?)
      """, [EventKind.participantConfirmed.rawValue]
    ) { $0[0] as String }
    return Set(stored).subtracting(
      try erasures().filter(\.scope.coversContact).map(\.pseudonym))
  }
}
