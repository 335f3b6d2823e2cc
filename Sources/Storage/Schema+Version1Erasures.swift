extension Schema {
  /// The ledger of erasures: what was asked for, and how far it has come. A person is a participant, or
  /// somebody invited; see ``version1Links``.
  static let version1Erasures = """
    CREATE TABLE erasures (
      id INTEGER NOT NULL PRIMARY KEY,
      uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36),
      person TEXT NOT NULL CHECK (length(person) = 36),
      scope TEXT NOT NULL CHECK (length(scope) > 0),
      requested_at INTEGER NOT NULL,
      removed_at INTEGER,
      counts TEXT,
      completed_at INTEGER,
      event INTEGER NOT NULL UNIQUE REFERENCES events (id),
      CHECK ((removed_at IS NULL) = (counts IS NULL)),
      CHECK (completed_at IS NULL OR removed_at IS NOT NULL)
    ) STRICT;
    CREATE INDEX erasures_of_person ON erasures (person, id);
    CREATE INDEX erasures_pending ON erasures (id) WHERE completed_at IS NULL;
    """
}
