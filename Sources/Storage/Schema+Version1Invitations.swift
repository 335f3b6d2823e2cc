extension Schema {
  /// Who was invited, and what came of the questions before joining. Nothing here says who anybody
  /// is, and no answer of somebody who did not join is in any table.
  static let version1Invitations = """
    CREATE TABLE invitations (
      uuid TEXT NOT NULL PRIMARY KEY CHECK (length(uuid) = 36),
      pseudonym TEXT NOT NULL UNIQUE CHECK (length(pseudonym) > 0),
      site TEXT NOT NULL CHECK (length(site) > 0),
      language TEXT NOT NULL CHECK (length(language) > 0),
      code_hash TEXT UNIQUE CHECK (length(code_hash) = 64),
      invited_at INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'ineligible', 'revoked')),
      state_since INTEGER NOT NULL,
      event INTEGER NOT NULL REFERENCES events (id)
    ) STRICT;

    CREATE TABLE screening_counts (
      site TEXT NOT NULL CHECK (length(site) > 0),
      outcome TEXT NOT NULL CHECK (outcome IN ('ineligible', 'declined', 'joined')),
      people INTEGER NOT NULL CHECK (people >= 1),
      event INTEGER NOT NULL REFERENCES events (id),
      PRIMARY KEY (site, outcome)
    ) STRICT;
    """
}
