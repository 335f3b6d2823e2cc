extension Schema {
  /// The ledger of erasures: what was asked for, and how far it has come.
  static let version1Erasures = """
    CREATE TABLE erasures (
      id INTEGER NOT NULL PRIMARY KEY,
      uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36),
      participant INTEGER NOT NULL REFERENCES participants (id),
      scope TEXT NOT NULL CHECK (length(scope) > 0),
      requested_at INTEGER NOT NULL,
      removed_at INTEGER,
      counts TEXT,
      completed_at INTEGER,
      event INTEGER NOT NULL UNIQUE REFERENCES events (id),
      CHECK ((removed_at IS NULL) = (counts IS NULL)),
      CHECK (completed_at IS NULL OR removed_at IS NOT NULL)
    ) STRICT;
    CREATE INDEX erasures_of_participant ON erasures (participant, id);
    CREATE INDEX erasures_pending ON erasures (id) WHERE completed_at IS NULL;
    """
}
