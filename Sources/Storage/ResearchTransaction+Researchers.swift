package import Foundation
import GRDB
import LocalTime

extension ResearchTransaction {
  /// Adds somebody to the study team.
  ///
  /// - Parameter recovery: the hashes of their recovery codes.
  /// - Throws: ``StorageError`` `constraint` when the name is taken.
  package func insert(
    _ researcher: ResearcherRecord, recovery: [String]
  ) throws(StorageError) {
    let event = try append(
      .researcherAdded, to: .study,
      content: EventContent.researcher(researcher, recovery: recovery), at: researcher.added)
    try run(
      """
      INSERT INTO researchers (uuid, name, role, sites, password, second_factor, credentials_hash,
        last_step, added_at, event)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        researcher.uuid.text, researcher.name, researcher.role.rawValue,
        researcher.sites.map { CanonicalJSON.texts($0).text }, researcher.credentials.password,
        Data(researcher.credentials.secondFactor), researcher.credentials.hash,
        researcher.lastStep, researcher.added.utcMilliseconds, event,
      ])
    try insert(recovery, of: researcher.uuid)
  }

  private func insert(_ recovery: [String], of researcher: UUID) throws(StorageError) {
    try run(
      "INSERT INTO recovery_codes (researcher, code_hash) VALUES (?, ?)", for: recovery
    ) { values, hash in
      values.add(researcher.text)
      values.add(hash)
    }
  }

  /// Changes what a researcher is there for, and which sites they see.
  package func change(
    _ researcher: UUID, to role: ResearcherRole, sites: [String]?, at now: Date
  ) throws(StorageError) {
    try append(
      .researcherChanged, to: .study,
      content: EventContent.duties(of: researcher, role: role, sites: sites), at: now)
    try run(
      "UPDATE researchers SET role = ?, sites = ? WHERE uuid = ?",
      [role.rawValue, sites.map { CanonicalJSON.texts($0).text }, researcher.text])
  }

  /// Replaces a researcher's credentials and recovery codes, and ends their sittings.
  package func renew(
    _ credentials: StoredCredentials, recovery: [String], of researcher: UUID, at now: Date
  ) throws(StorageError) {
    try append(
      .researcherRenewed, to: .study,
      content: EventContent.renewal(of: researcher, credentials, recovery: recovery), at: now)
    try run(
      """
      UPDATE researchers SET password = ?, second_factor = ?, credentials_hash = ?, last_step = 0
      WHERE uuid = ?
      """,
      [
        credentials.password, Data(credentials.secondFactor), credentials.hash, researcher.text,
      ])
    try run("DELETE FROM recovery_codes WHERE researcher = ?", [researcher.text])
    try insert(recovery, of: researcher)
    try endSessions(of: researcher, at: now)
  }

  /// Shuts all doors to a researcher: no new sitting, the open ones ended, the tokens worthless.
  package func revoke(_ researcher: UUID, at now: Date) throws(StorageError) {
    try append(
      .researcherRevoked, to: .study, content: EventContent.revocation(of: researcher), at: now)
    try run(
      "UPDATE researchers SET revoked_at = ? WHERE uuid = ?",
      [now.utcMilliseconds, researcher.text])
    try endSessions(of: researcher, at: now)
    try run(
      "UPDATE api_tokens SET revoked_at = ? WHERE researcher = ? AND revoked_at IS NULL",
      [now.utcMilliseconds, researcher.text])
  }

  private func endSessions(of researcher: UUID, at now: Date) throws(StorageError) {
    try run(
      "UPDATE web_sessions SET ended_at = ? WHERE researcher = ? AND ended_at IS NULL",
      [now.utcMilliseconds, researcher.text])
  }

  /// Notes the time step of a code of the second factor, so that it is taken once.
  ///
  /// - Returns: whether it is later than every step before; false for a code that was taken.
  package func take(step: Int, of researcher: UUID) throws(StorageError) -> Bool {
    try change(
      "UPDATE researchers SET last_step = ? WHERE uuid = ? AND last_step < ?",
      [step, researcher.text, step]) > 0
  }

  /// Begins a sitting.
  ///
  /// - Parameter code: the hash of the recovery code that opened the door, if one did; it is used up.
  /// - Returns: whether the code was still to be used; false begins nothing.
  package func begin(
    _ session: WebSessionRecord, recovery code: String? = nil
  ) throws(StorageError) -> Bool {
    if let code {
      let used = try change(
        """
        UPDATE recovery_codes SET used_at = ?
        WHERE researcher = ? AND code_hash = ? AND used_at IS NULL
        """, [session.began.utcMilliseconds, session.researcher.text, code])
      guard used > 0 else { return false }
    }
    let event = try append(
      .researcherSignedIn, to: .study, content: EventContent.signIn(session, code: code),
      at: session.began)
    try run(
      """
      INSERT INTO web_sessions (token_hash, researcher, began_at, ends_at, active_at, event)
      VALUES (?, ?, ?, ?, ?, ?)
      """,
      [
        session.tokenHash, session.researcher.text, session.began.utcMilliseconds,
        session.ends.utcMilliseconds, session.active.utcMilliseconds, event,
      ])
    return true
  }

  /// Notes that a sitting is in use. It is no event: nobody needs to account for it.
  package func touch(_ session: WebSessionRecord, at now: Date) throws(StorageError) {
    try run(
      "UPDATE web_sessions SET active_at = ? WHERE token_hash = ?",
      [now.utcMilliseconds, session.tokenHash])
  }

  /// Ends a sitting.
  package func end(_ session: WebSessionRecord, at now: Date) throws(StorageError) {
    guard session.ended == nil else { return }
    try append(
      .researcherSignedOut, to: .study, content: EventContent.signOut(session), at: now)
    try run(
      "UPDATE web_sessions SET ended_at = ? WHERE token_hash = ?",
      [now.utcMilliseconds, session.tokenHash])
  }

  /// Makes a token for a researcher's program.
  package func insert(_ token: APITokenRecord) throws(StorageError) {
    let event = try append(
      .apiTokenMade, to: .study, content: EventContent.apiToken(token), at: token.made)
    try run(
      """
      INSERT INTO api_tokens (uuid, researcher, label, scopes, token_hash, made_at, ends_at, event)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        token.uuid.text, token.researcher.text, token.label,
        CanonicalJSON.texts(token.scopes).text, token.tokenHash, token.made.utcMilliseconds,
        token.ends.utcMilliseconds, event,
      ])
  }

  /// Makes a token worthless.
  package func revoke(_ token: APITokenRecord, at now: Date) throws(StorageError) {
    guard token.revoked == nil else { return }
    try append(.apiTokenRevoked, to: .study, content: EventContent.apiTokenEnd(token), at: now)
    try run(
      "UPDATE api_tokens SET revoked_at = ? WHERE uuid = ?",
      [now.utcMilliseconds, token.uuid.text])
  }

  /// Records that a researcher was told who participants are.
  package func recordLook(
    by researcher: UUID, at pseudonyms: [String], now: Date
  ) throws(StorageError) {
    try append(
      .identitiesSeen, to: .study,
      content: EventContent.look(by: researcher, at: pseudonyms), at: now)
  }
}
