package import Foundation
import GRDB

extension ResearchSnapshot {
  private static let researcherColumns = """
    SELECT uuid, name, role, sites, password, second_factor, last_step, added_at, revoked_at
    FROM researchers
    """

  private static func researcher(_ row: Row) throws -> ResearcherRecord {
    ResearcherRecord(
      uuid: try row.uuid("uuid"), name: row["name"], role: try row.word("role"),
      sites: (row["sites"] as String?) == nil ? nil : try row.texts("sites"),
      credentials: StoredCredentials(
        password: row["password"], secondFactor: Array(row["second_factor"] as Data)),
      lastStep: row["last_step"], added: row.date("added_at"),
      revoked: row.optionalDate("revoked_at"))
  }

  /// The study team by name, those whose doors are shut too.
  package func researchers() throws(StorageError) -> [ResearcherRecord] {
    try list("\(Self.researcherColumns) ORDER BY name", [], Self.researcher)
  }

  /// One researcher by the name that they sign in as, or `nil`.
  package func researcher(named name: String) throws(StorageError) -> ResearcherRecord? {
    try first("\(Self.researcherColumns) WHERE name = ?", [name], Self.researcher)
  }

  /// One researcher by UUID, or `nil`.
  package func researcher(_ uuid: UUID) throws(StorageError) -> ResearcherRecord? {
    try first("\(Self.researcherColumns) WHERE uuid = ?", [uuid.text], Self.researcher)
  }

  /// The recovery codes of a researcher, used ones too.
  package func recoveryCodes(of researcher: UUID) throws(StorageError) -> [RecoveryCodeRecord] {
    try list(
      "SELECT code_hash, used_at FROM recovery_codes WHERE researcher = ? ORDER BY code_hash",
      [researcher.text]
    ) { RecoveryCodeRecord(codeHash: $0["code_hash"], used: $0.optionalDate("used_at")) }
  }

  private static let sessionColumns = """
    SELECT token_hash, researcher, began_at, ends_at, active_at, ended_at FROM web_sessions
    """

  private static func webSession(_ row: Row) throws -> WebSessionRecord {
    WebSessionRecord(
      tokenHash: row["token_hash"], researcher: try row.uuid("researcher"),
      began: row.date("began_at"), ends: row.date("ends_at"), active: row.date("active_at"),
      ended: row.optionalDate("ended_at"))
  }

  /// The sitting with the hash of a token, or `nil`.
  package func webSession(hashed tokenHash: String) throws(StorageError) -> WebSessionRecord? {
    try first("\(Self.sessionColumns) WHERE token_hash = ?", [tokenHash], Self.webSession)
  }

  /// The sittings of a researcher, latest first.
  package func webSessions(of researcher: UUID) throws(StorageError) -> [WebSessionRecord] {
    try list(
      "\(Self.sessionColumns) WHERE researcher = ? ORDER BY began_at DESC, token_hash",
      [researcher.text], Self.webSession)
  }

  private static let tokenColumns = """
    SELECT uuid, researcher, label, scopes, token_hash, made_at, ends_at, revoked_at FROM api_tokens
    """

  private static func apiToken(_ row: Row) throws -> APITokenRecord {
    APITokenRecord(
      uuid: try row.uuid("uuid"), researcher: try row.uuid("researcher"), label: row["label"],
      scopes: try row.texts("scopes"), tokenHash: row["token_hash"], made: row.date("made_at"),
      ends: row.date("ends_at"), revoked: row.optionalDate("revoked_at"))
  }

  /// The token with a hash, or `nil`.
  package func apiToken(hashed tokenHash: String) throws(StorageError) -> APITokenRecord? {
    try first("\(Self.tokenColumns) WHERE token_hash = ?", [tokenHash], Self.apiToken)
  }

  /// Every token in the order of making, worthless ones too.
  package func apiTokens() throws(StorageError) -> [APITokenRecord] {
    try list("\(Self.tokenColumns) ORDER BY made_at, uuid", [], Self.apiToken)
  }

  /// The latest entries of the study's own chain, newest first.
  ///
  /// - Parameters:
  ///   - number: only those before this place; nil from the end.
  ///   - kinds: which, or nil for all.
  package func auditEntries(
    before number: Int? = nil, kinds: Set<EventKind>? = nil, limit: Int
  ) throws(StorageError) -> [AuditEntry] {
    let words = kinds.map { CanonicalJSON.texts($0.map(\.rawValue).sorted()).text }
    return try list(
      """
      SELECT e.number, e.kind, e.happened_at, c.content FROM events e
      LEFT JOIN event_contents c ON c.event = e.id
      WHERE e.chain = 'study' AND e.number < ?
        AND (?2 IS NULL OR e.kind IN (SELECT value FROM json_each(?2)))
      ORDER BY e.number DESC LIMIT ?
      """, [number ?? Int.max, words, limit]
    ) { row in
      let content = (row["content"] as Data?).flatMap { CanonicalJSON.parse(Array($0)) } ?? .null
      let kind: EventKind = try row.word("kind")
      let uuid = (content["researcher"] ?? content["uuid"])?.string
      return AuditEntry(
        number: row["number"], kind: kind, happened: row.date("happened_at"),
        researcher: kind.isOfResearcher ? uuid.flatMap(UUID.init(text:)) : nil,
        subjects: content.subjects(of: kind))
    }
  }
}

extension EventKind {
  /// Whether it says which researcher did it, or whom it is about.
  fileprivate var isOfResearcher: Bool {
    [
      .researcherAdded, .researcherChanged, .researcherRenewed, .researcherRevoked,
      .researcherSignedIn, .researcherSignedOut, .apiTokenMade, .apiTokenRevoked, .identitiesSeen,
    ].contains(self)
  }
}

extension CanonicalJSON {
  fileprivate func subjects(of kind: EventKind) -> [String] {
    switch kind {
    case .identitiesSeen: self["pseudonyms"]?.values.compactMap(\.string) ?? []
    case .dataExported:
      (self["tables"]?.fields ?? [:]).sorted { $0.key < $1.key }.map { "\($0) (\($1.text))" }
    case .studyPublished: [self["version"]?.string].compactMap(\.self)
    case .researcherAdded, .researcherChanged: [self["role"]?.string].compactMap(\.self)
    case .apiTokenMade: [self["label"]?.string].compactMap(\.self)
    default: []
    }
  }
}
