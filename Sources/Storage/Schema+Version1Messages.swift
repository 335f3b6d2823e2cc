extension Schema {
  /// The outbox. A person is a participant, or somebody invited; see ``version1Links``. The two unique
  /// indices are the promise that nothing is sent twice: whoever claims second claims nothing.
  static let version1Messages = """
    CREATE TABLE messages (
      id INTEGER NOT NULL PRIMARY KEY,
      uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36),
      person TEXT NOT NULL CHECK (length(person) = 36),
      occasion INTEGER REFERENCES occasions (id),
      kind TEXT NOT NULL CHECK (
        kind = 'invitation' OR kind = 'opening' OR kind = 'reminder' OR kind = 'thanks'
        OR kind = 'alert'),
      number INTEGER NOT NULL CHECK (number >= 0),
      channel TEXT NOT NULL CHECK (length(channel) > 0),
      due_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      state TEXT NOT NULL
        CHECK (
          state = 'claimed' OR state = 'waiting' OR state = 'sent' OR state = 'uncertain'
          OR state = 'failed' OR state = 'dropped'),
      attempts INTEGER NOT NULL CHECK (attempts >= 0),
      claimed_at INTEGER,
      settled_at INTEGER,
      next_at INTEGER,
      failure TEXT,
      event INTEGER NOT NULL REFERENCES events (id),
      CHECK ((kind = 'invitation') = (occasion IS NULL)),
      CHECK ((attempts = 0) = (claimed_at IS NULL)),
      CHECK ((state = 'claimed') = (settled_at IS NULL)),
      CHECK ((state = 'waiting') = (next_at IS NOT NULL))
    ) STRICT;
    CREATE UNIQUE INDEX messages_of_occasion ON messages (occasion, kind, number, channel)
      WHERE occasion IS NOT NULL;
    CREATE UNIQUE INDEX messages_of_person ON messages (person, kind, number, channel)
      WHERE occasion IS NULL;
    CREATE INDEX messages_unsettled ON messages (next_at) WHERE state IN ('claimed', 'waiting');
    CREATE INDEX occasions_submitted ON occasions (state_since) WHERE state = 'submitted';
    """
}
