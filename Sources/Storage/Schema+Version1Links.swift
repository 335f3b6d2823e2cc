extension Schema {
  /// The personal links. A person is a participant, or somebody invited who may become one under
  /// the same UUID: no foreign key can name both.
  static let version1Links = """
    CREATE TABLE links (
      person TEXT NOT NULL PRIMARY KEY CHECK (length(person) = 36),
      generation INTEGER NOT NULL CHECK (generation >= 1),
      token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
      made_at INTEGER NOT NULL,
      event INTEGER NOT NULL REFERENCES events (id)
    ) STRICT;
    """
}
