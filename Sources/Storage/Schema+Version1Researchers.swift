extension Schema {
  /// Who watches the study, and the doors that are open to them. The credentials are not in any event:
  /// `credentials_hash` stands there in their place, so that an old password is gone once it is replaced.
  static let version1Researchers = """
    CREATE TABLE researchers (
      uuid TEXT NOT NULL PRIMARY KEY CHECK (length(uuid) = 36),
      name TEXT NOT NULL UNIQUE CHECK (length(name) > 0),
      role TEXT NOT NULL CHECK (role IN ('owner', 'coordinator', 'analyst', 'viewer')),
      sites TEXT CHECK (length(sites) > 2),
      password TEXT NOT NULL CHECK (length(password) > 0),
      second_factor BLOB NOT NULL CHECK (length(second_factor) > 0),
      credentials_hash TEXT NOT NULL CHECK (length(credentials_hash) = 64),
      last_step INTEGER NOT NULL CHECK (last_step >= 0),
      added_at INTEGER NOT NULL,
      revoked_at INTEGER,
      event INTEGER NOT NULL REFERENCES events (id)
    ) STRICT;

    CREATE TABLE recovery_codes (
      researcher TEXT NOT NULL REFERENCES researchers (uuid),
      code_hash TEXT NOT NULL CHECK (length(code_hash) = 64),
      used_at INTEGER,
      PRIMARY KEY (researcher, code_hash)
    ) STRICT;

    CREATE TABLE web_sessions (
      token_hash TEXT NOT NULL PRIMARY KEY CHECK (length(token_hash) = 64),
      researcher TEXT NOT NULL REFERENCES researchers (uuid),
      began_at INTEGER NOT NULL,
      ends_at INTEGER NOT NULL,
      active_at INTEGER NOT NULL,
      ended_at INTEGER,
      event INTEGER NOT NULL REFERENCES events (id),
      CHECK (ends_at > began_at)
    ) STRICT;
    CREATE INDEX web_sessions_of_researcher ON web_sessions (researcher);

    CREATE TABLE api_tokens (
      uuid TEXT NOT NULL PRIMARY KEY CHECK (length(uuid) = 36),
      researcher TEXT NOT NULL REFERENCES researchers (uuid),
      label TEXT NOT NULL CHECK (length(label) > 0),
      scopes TEXT NOT NULL CHECK (length(scopes) > 2),
      token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
      made_at INTEGER NOT NULL,
      ends_at INTEGER NOT NULL,
      revoked_at INTEGER,
      event INTEGER NOT NULL REFERENCES events (id),
      CHECK (ends_at > made_at)
    ) STRICT;
    CREATE INDEX api_tokens_of_researcher ON api_tokens (researcher);
    """
}
