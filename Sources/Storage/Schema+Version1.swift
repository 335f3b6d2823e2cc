// Frozen. Times are UTC milliseconds, booleans 0 or 1, lists canonical JSON, UUIDs and hashes
// lower-case text. STRICT makes SQLite keep the types that PostgreSQL would. Where a column of many rows
// holds one of some words, the words are joined by OR: for an IN of more than two, SQLite fills a table
// anew at each statement, which took half of the time of an insert; and what must not be empty is compared
// with the empty text, which calls no function. Tables of many rows that nothing refers to are without row
// ids: they are their own index.

extension Schema {
  /// What the database is, what is published, and the chains of events.
  static let version1Study = """
    CREATE TABLE research_database (
      one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
      kind TEXT NOT NULL CHECK (kind IN ('real', 'simulated'))
    ) STRICT;

    CREATE TABLE events (
      id INTEGER NOT NULL PRIMARY KEY,
      chain TEXT NOT NULL CHECK (chain <> ''),
      number INTEGER NOT NULL CHECK (number >= 1),
      kind TEXT NOT NULL CHECK (kind <> ''),
      happened_at INTEGER NOT NULL,
      bytes BLOB NOT NULL CHECK (bytes <> x''),
      hash TEXT NOT NULL CHECK (length(hash) = 64),
      UNIQUE (chain, number)
    ) STRICT;

    CREATE TABLE event_contents (
      event INTEGER NOT NULL PRIMARY KEY REFERENCES events (id),
      content BLOB NOT NULL,
      key BLOB NOT NULL CHECK (length(key) = 32)
    ) STRICT;

    CREATE TABLE publications (
      number INTEGER NOT NULL PRIMARY KEY CHECK (number >= 1),
      study_id TEXT NOT NULL CHECK (study_id <> ''),
      version TEXT NOT NULL CHECK (version <> ''),
      content_hash TEXT NOT NULL CHECK (content_hash <> ''),
      published_at INTEGER NOT NULL,
      applies_to TEXT NOT NULL CHECK (applies_to IN ('new', 'everyone')),
      event INTEGER NOT NULL REFERENCES events (id)
    ) STRICT;

    CREATE TABLE definitions (
      id INTEGER NOT NULL PRIMARY KEY,
      hash TEXT NOT NULL CHECK (length(hash) = 64),
      kind TEXT NOT NULL
        CHECK (kind IN ('study', 'instrument', 'overlay', 'consent', 'text', 'plan')),
      name TEXT NOT NULL CHECK (name <> ''),
      version TEXT NOT NULL CHECK (version <> ''),
      bytes BLOB NOT NULL,
      UNIQUE (hash, kind, name, version)
    ) STRICT;

    CREATE TABLE publication_definitions (
      publication INTEGER NOT NULL REFERENCES publications (number),
      definition INTEGER NOT NULL REFERENCES definitions (id),
      PRIMARY KEY (publication, definition)
    ) STRICT;
    """

  /// Who takes part, where, and what they agreed to.
  static let version1Participants = """
    CREATE TABLE participants (
      id INTEGER NOT NULL PRIMARY KEY,
      uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36),
      pseudonym TEXT NOT NULL UNIQUE CHECK (pseudonym <> ''),
      site TEXT NOT NULL CHECK (site <> ''),
      language TEXT NOT NULL CHECK (language <> ''),
      status TEXT NOT NULL CHECK (
        status = 'pending' OR status = 'enrolled' OR status = 'withdrawn' OR status = 'erased'
        OR status = 'undone'),
      is_test INTEGER NOT NULL CHECK (is_test IN (0, 1)),
      wants_reminders INTEGER NOT NULL CHECK (wants_reminders IN (0, 1)),
      enrolled_at INTEGER NOT NULL,
      ended_at INTEGER,
      zone TEXT NOT NULL CHECK (zone <> ''),
      publication INTEGER NOT NULL REFERENCES publications (number),
      event INTEGER NOT NULL REFERENCES events (id),
      CHECK ((status IN ('withdrawn', 'erased', 'undone')) = (ended_at IS NOT NULL))
    ) STRICT;

    CREATE TABLE zone_history (
      participant INTEGER NOT NULL REFERENCES participants (id),
      since INTEGER NOT NULL,
      zone TEXT NOT NULL CHECK (zone <> ''),
      data_version TEXT NOT NULL CHECK (data_version <> ''),
      PRIMARY KEY (participant, since)
    ) STRICT;

    CREATE TABLE waking_history (
      participant INTEGER NOT NULL REFERENCES participants (id),
      since INTEGER NOT NULL,
      wakes TEXT NOT NULL CHECK (length(wakes) = 8),
      sleeps TEXT NOT NULL CHECK (length(sleeps) = 8),
      PRIMARY KEY (participant, since)
    ) STRICT;

    CREATE TABLE pauses (
      id INTEGER NOT NULL PRIMARY KEY,
      participant INTEGER NOT NULL REFERENCES participants (id),
      first_day TEXT NOT NULL CHECK (length(first_day) = 10),
      last_day TEXT NOT NULL CHECK (length(last_day) = 10),
      decided_at INTEGER NOT NULL,
      CHECK (last_day >= first_day)
    ) STRICT;
    CREATE INDEX pauses_of_participant ON pauses (participant, id);

    CREATE TABLE consents (
      id INTEGER NOT NULL PRIMARY KEY,
      participant INTEGER NOT NULL REFERENCES participants (id),
      version INTEGER NOT NULL,
      part TEXT NOT NULL CHECK (part <> ''),
      is_agreed INTEGER NOT NULL CHECK (is_agreed IN (0, 1)),
      text_hash TEXT NOT NULL CHECK (length(text_hash) = 64),
      language TEXT NOT NULL CHECK (language <> ''),
      decided_at INTEGER NOT NULL,
      event INTEGER NOT NULL UNIQUE REFERENCES events (id)
    ) STRICT;
    CREATE INDEX consents_of_participant ON consents (participant, id);

    CREATE TABLE allocations (
      participant INTEGER NOT NULL PRIMARY KEY REFERENCES participants (id),
      arm TEXT NOT NULL CHECK (arm <> ''),
      method TEXT NOT NULL CHECK (method <> ''),
      stratum TEXT NOT NULL,
      draw INTEGER NOT NULL UNIQUE CHECK (draw >= 1),
      drawn_at INTEGER NOT NULL,
      event INTEGER NOT NULL UNIQUE REFERENCES events (id)
    ) STRICT;
    """

  /// What was asked and answered.
  static let version1Answers = """
    CREATE TABLE occasions (
      id INTEGER NOT NULL PRIMARY KEY,
      uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36),
      participant INTEGER NOT NULL REFERENCES participants (id),
      plan TEXT NOT NULL CHECK (plan <> ''),
      number INTEGER NOT NULL CHECK (number >= 0),
      opens_at INTEGER NOT NULL,
      opens_local TEXT NOT NULL CHECK (opens_local <> ''),
      offset_seconds INTEGER NOT NULL CHECK (offset_seconds BETWEEN -93600 AND 93600),
      zone TEXT NOT NULL CHECK (zone <> ''),
      zone_data_version TEXT NOT NULL CHECK (zone_data_version <> ''),
      closes_at INTEGER NOT NULL,
      grace_ends_at INTEGER NOT NULL,
      instruments TEXT NOT NULL,
      is_event INTEGER NOT NULL CHECK (is_event IN (0, 1)),
      publication INTEGER NOT NULL REFERENCES publications (number),
      state TEXT NOT NULL CHECK (
        state = 'planned' OR state = 'open' OR state = 'submitted' OR state = 'partial'
        OR state = 'missed' OR state = 'cancelled' OR state = 'skipped'),
      state_since INTEGER NOT NULL,
      event INTEGER REFERENCES events (id),
      UNIQUE (participant, plan, number),
      CHECK (event IS NOT NULL OR state = 'planned' OR state = 'open' OR state = 'submitted'),
      CHECK (closes_at > opens_at),
      CHECK (grace_ends_at >= closes_at)
    ) STRICT;
    CREATE INDEX occasions_waiting ON occasions (opens_at, closes_at)
      WHERE state IN ('planned', 'open');

    CREATE TABLE sessions (
      id INTEGER NOT NULL PRIMARY KEY,
      uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36),
      occasion INTEGER NOT NULL UNIQUE REFERENCES occasions (id),
      state TEXT NOT NULL CHECK (
        state = 'open' OR state = 'submitted' OR state = 'partial' OR state = 'expired'
        OR state = 'withdrawn'),
      begun_at INTEGER NOT NULL,
      last_active_at INTEGER NOT NULL,
      submitted_at INTEGER,
      is_late INTEGER NOT NULL CHECK (is_late IN (0, 1)),
      imported_at INTEGER,
      publication INTEGER NOT NULL REFERENCES publications (number),
      event INTEGER NOT NULL REFERENCES events (id),
      CHECK ((state = 'submitted') = (submitted_at IS NOT NULL))
    ) STRICT;

    CREATE TABLE session_instruments (
      session INTEGER NOT NULL REFERENCES sessions (id),
      position INTEGER NOT NULL CHECK (position >= 0),
      instrument TEXT NOT NULL CHECK (instrument <> ''),
      version TEXT NOT NULL CHECK (version <> ''),
      content_hash TEXT NOT NULL CHECK (content_hash <> ''),
      language TEXT NOT NULL CHECK (language <> ''),
      overlay TEXT CHECK (overlay <> ''),
      overlay_version TEXT,
      overlay_hash TEXT CHECK (length(overlay_hash) = 64),
      overlay_is_reviewed INTEGER CHECK (overlay_is_reviewed IN (0, 1)),
      item_order TEXT,
      PRIMARY KEY (session, position),
      UNIQUE (session, instrument),
      CHECK ((overlay IS NULL) = (overlay_version IS NULL)),
      CHECK ((overlay IS NULL) = (overlay_hash IS NULL)),
      CHECK ((overlay IS NULL) = (overlay_is_reviewed IS NULL))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE responses (
      session INTEGER NOT NULL REFERENCES sessions (id),
      instrument TEXT NOT NULL CHECK (instrument <> ''),
      item TEXT NOT NULL CHECK (item <> ''),
      number REAL,
      text TEXT,
      reason TEXT CHECK (
        reason = 'left_blank' OR reason = 'not_shown' OR reason = 'partial_session'
        OR reason = 'expired' OR reason = 'withdrawn'),
      client_at INTEGER,
      server_at INTEGER NOT NULL,
      changes INTEGER NOT NULL CHECK (changes >= 0),
      client_key TEXT,
      event INTEGER REFERENCES events (id),
      PRIMARY KEY (session, instrument, item),
      CHECK (number IS NULL OR text IS NULL),
      CHECK (reason IS NOT NULL OR number IS NOT NULL OR text IS NOT NULL),
      CHECK (reason IS NULL OR reason = 'not_shown' OR (number IS NULL AND text IS NULL)),
      CHECK (event IS NOT NULL OR (number IS NULL AND text IS NULL))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE saved_keys (
      session INTEGER NOT NULL REFERENCES sessions (id),
      client_key TEXT NOT NULL CHECK (client_key <> ''),
      event INTEGER NOT NULL REFERENCES events (id),
      PRIMARY KEY (session, client_key)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE scores (
      session INTEGER NOT NULL REFERENCES sessions (id),
      instrument TEXT NOT NULL CHECK (instrument <> ''),
      name TEXT NOT NULL CHECK (name <> ''),
      version TEXT NOT NULL CHECK (version <> ''),
      scoring_hash TEXT NOT NULL CHECK (scoring_hash <> ''),
      value REAL,
      absence TEXT CHECK (
        absence = 'too_few_answers' OR absence = 'not_defined' OR absence = 'out_of_range'
        OR absence = 'not_for_wording'),
      answered INTEGER NOT NULL CHECK (answered >= 0),
      items INTEGER NOT NULL CHECK (items >= 0),
      is_prorated INTEGER NOT NULL CHECK (is_prorated IN (0, 1)),
      is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
      computed_at INTEGER NOT NULL,
      event INTEGER NOT NULL REFERENCES events (id),
      PRIMARY KEY (session, instrument, name, scoring_hash),
      CHECK ((value IS NULL) = (absence IS NOT NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX scores_current ON scores (session, instrument, name)
      WHERE is_current = 1;
    """
}
