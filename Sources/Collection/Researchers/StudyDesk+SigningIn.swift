package import Foundation
import Identities
import LocalTime
import Storage

extension StudyDesk {
  /// How long a sitting lasts at most, in seconds: a working day.
  package static let sittingTime: TimeInterval = 12 * 3600
  /// After how many seconds without a request it ends: a screen that was left alone.
  package static let sittingPause: TimeInterval = 30 * 60
  /// How often its last use is noted, in seconds: reading pages should seldom write.
  private static let touchTime: TimeInterval = 60

  /// Lets somebody of the study team in who shows all three: name, password, and a code of the second
  /// factor or, once each, a recovery code.
  ///
  /// It takes the same work whichever of them is wrong, and says the same.
  ///
  /// - Returns: the token of the sitting, for the browser's cookie.
  /// - Throws: ``CollectionError`` `signInRefused`; `noLinkKey` where second factors cannot be opened.
  package func signIn(
    _ name: String, password: String, code: String, work: PasswordWork, now: Date
  ) async throws -> DoorToken {
    let refused = CollectionError(.signInRefused, "this name, password and code")
    let found = try await database.read { snapshot in
      let record = try snapshot.researcher(named: name.lowercased())
      let codes = try snapshot.recoveryCodes(of: record?.uuid ?? UUID())
      return (record: record, codes: codes)
    }
    let fits = try await work.fits(password, found.record?.credentials.password)
    let factor = try found.record.map(secondFactor) ?? ResearcherCredentials().secondFactor
    let step = factor.step(of: code, after: found.record?.lastStep ?? 0, now: now)
    let typed = InvitationCode.hash(of: code)
    let recovery = found.codes.first { $0.used == nil && $0.codeHash == typed }?.codeHash
    guard let record = found.record, record.revoked == nil, fits, step ?? 0 > 0 || recovery != nil
    else { throw refused }
    let token = DoorToken()
    try await database.write { transaction in
      // Somebody may have been quicker: with the same code, or by changing the credentials.
      guard let latest = try transaction.researcher(record.uuid), latest.revoked == nil,
        latest.credentials == record.credentials
      else { throw refused }
      if let step, try !transaction.take(step: step, of: record.uuid) { throw refused }
      let session = WebSessionRecord(
        tokenHash: token.hash, researcher: record.uuid, began: now.wholeMilliseconds,
        ends: now.addingTimeInterval(Self.sittingTime).wholeMilliseconds)
      guard try transaction.begin(session, recovery: step == nil ? recovery : nil) else {
        throw refused
      }
    }
    return token
  }

  /// Who sits at the browser that shows a token, or `nil` where the sitting has ended.
  package func researcher(sitting token: String, now: Date) async throws -> Researcher? {
    guard let found = try await sitting(token, now: now) else { return nil }
    if now.timeIntervalSince(found.session.active) > Self.touchTime {
      // A full disk must not keep those out who could do something about it.
      try? await database.write { try $0.touch(found.session, at: now.wholeMilliseconds) }
    }
    return Researcher(found.record)
  }

  private func sitting(
    _ token: String, now: Date
  ) async throws -> (session: WebSessionRecord, record: ResearcherRecord)? {
    guard ParticipantToken.isSpelled(token) else { return nil }
    return try await database.read { snapshot in
      guard let session = try snapshot.webSession(hashed: DoorToken.hash(of: token)),
        session.isOpen(at: now),
        let record = try snapshot.researcher(session.researcher), record.revoked == nil
      else { return nil }
      return (session, record)
    }
  }

  /// Ends a sitting. One that has ended stays so.
  ///
  /// - Parameter everywhere: whether to end the others of the same person too.
  package func signOut(_ token: String, everywhere: Bool = false, now: Date) async throws {
    try await database.write { transaction in
      guard let session = try transaction.webSession(hashed: DoorToken.hash(of: token)) else {
        return
      }
      let others =
        everywhere
        ? try transaction.webSessions(of: session.researcher).filter { $0.ends > now } : []
      for session in [session] + others.filter({ $0.tokenHash != session.tokenHash }) {
        try transaction.end(session, at: now.wholeMilliseconds)
      }
    }
  }

  /// Whose program shows a token, with what the token is for, or `nil` for one that does not hold.
  package func researcher(holding token: String, now: Date) async throws -> Researcher? {
    guard token.hasPrefix(DoorToken.prefix) else { return nil }
    return try await database.read { snapshot in
      guard let found = try snapshot.apiToken(hashed: DoorToken.hash(of: token)),
        found.revoked == nil, now < found.ends,
        let record = try snapshot.researcher(found.researcher), record.revoked == nil
      else { return nil }
      return Researcher(record, scopes: Set(found.scopes.compactMap(TokenScope.init)))
    }
  }
}

extension WebSessionRecord {
  /// Whether the sitting goes on: nobody ended it, and neither its pause nor the whole is too long.
  func isOpen(at now: Date) -> Bool {
    ended == nil && now < ends && now.timeIntervalSince(active) < StudyDesk.sittingPause
  }
}
