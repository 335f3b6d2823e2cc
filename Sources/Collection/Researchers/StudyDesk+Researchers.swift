import Definitions
package import Foundation
import LocalTime
package import Storage
import Studies

extension StudyDesk {
  /// The fewest characters of a researcher's password; NIST SP 800-63B-4 asks for eight beside a second
  /// factor, and names no rule about which characters.
  package static let shortestPassword = 12
  /// The most: longer ones are pasted by mistake.
  private static let longestPassword = 256

  /// Adds somebody to the study team.
  ///
  /// - Parameters:
  ///   - name: what they sign in as: small letters, digits and `.-_@+`.
  ///   - sites: those whose participants they see; nil for all.
  ///   - credentials: what they were handed.
  /// - Throws: ``CollectionError`` `nameRefused`, `passwordRefused`, `unknownSite`, or `noLinkKey` where the key
  ///   that second factors are sealed with is not at hand.
  package func addResearcher(
    _ name: String, as role: ResearcherRole, sites: Set<String>? = nil, password: String,
    _ credentials: ResearcherCredentials, work: PasswordWork, now: Date
  ) async throws -> ResearcherRecord {
    let name = name.lowercased()
    try await checkNewResearcher(name, sites: sites, password: password)
    let uuid = UUID()
    let record = ResearcherRecord(
      uuid: uuid, name: name, role: role, sites: try checked(sites),
      credentials: try await stored(password, credentials, of: uuid, name: name, work: work),
      added: now.wholeMilliseconds)
    try await database.write { transaction in
      guard try transaction.researcher(named: name) == nil else {
        throw CollectionError(.nameRefused, name, detail: "the name is taken")
      }
      try transaction.insert(record, recovery: credentials.codeHashes)
    }
    return record
  }

  /// Refuses what ``addResearcher(_:as:sites:password:_:work:now:)`` would, before somebody sets up an app
  /// for nothing.
  ///
  /// - Throws: ``CollectionError`` `nameRefused`, `passwordRefused` or `unknownSite`.
  package func checkNewResearcher(
    _ name: String, sites: Set<String>?, password: String
  ) async throws {
    let name = name.lowercased()
    guard (1...64).contains(name.utf8.count),
      name.utf8.allSatisfy({ "abcdefghijklmnopqrstuvwxyz0123456789.-_@+".utf8.contains($0) })
    else {
      throw CollectionError(
        .nameRefused, name, detail: "names have up to 64 letters, digits and .-_@+")
    }
    _ = try checked(sites)
    try checkPassword(password, of: name)
    guard try await database.read({ try $0.researcher(named: name) }) == nil else {
      throw CollectionError(.nameRefused, name, detail: "the name is taken")
    }
  }

  /// Refuses a password that would be guessed.
  ///
  /// - Throws: ``CollectionError`` `passwordRefused`.
  package func checkPassword(_ password: String, of name: String) throws {
    guard (Self.shortestPassword...Self.longestPassword).contains(password.count) else {
      throw CollectionError(
        .passwordRefused, name,
        detail: "it takes \(Self.shortestPassword) to \(Self.longestPassword) characters")
    }
    guard Set(password).count > 4, !password.lowercased().contains(name.lowercased()) else {
      throw CollectionError(
        .passwordRefused, name, detail: "take some words that nobody would guess")
    }
  }

  /// The study team by name, those whose doors are shut too.
  package func researchers() async throws -> [ResearcherRecord] {
    try await database.read { try $0.researchers() }
  }

  /// Changes what somebody is there for.
  ///
  /// - Throws: ``CollectionError`` `unknownResearcher` or `unknownSite`.
  package func changeResearcher(
    _ name: String, to role: ResearcherRole, sites: Set<String>?, now: Date
  ) async throws {
    let sites = try checked(sites)
    try await database.write { transaction in
      let record = try activeResearcher(name, in: transaction)
      try transaction.change(record.uuid, to: role, sites: sites, at: now.wholeMilliseconds)
    }
  }

  /// Gives somebody a new password, second factor and recovery codes; their sittings end.
  ///
  /// - Throws: ``CollectionError`` as ``addResearcher(_:as:sites:password:_:work:now:)``.
  package func renewResearcher(
    _ name: String, password: String, _ credentials: ResearcherCredentials, work: PasswordWork,
    now: Date
  ) async throws {
    let record = try await database.read { try activeResearcher(name, in: $0) }
    let stored = try await stored(
      password, credentials, of: record.uuid, name: record.name, work: work)
    try await database.write { transaction in
      _ = try activeResearcher(name, in: transaction)
      try transaction.renew(
        stored, recovery: credentials.codeHashes, of: record.uuid, at: now.wholeMilliseconds)
    }
  }

  /// Shuts every door to somebody, at once: sittings end and tokens become worthless.
  ///
  /// - Throws: ``CollectionError`` `unknownResearcher`.
  package func revokeResearcher(_ name: String, now: Date) async throws {
    try await database.write { transaction in
      let record = try activeResearcher(name, in: transaction)
      try transaction.revoke(record.uuid, at: now.wholeMilliseconds)
    }
  }

  // MARK: - Tokens of programs

  /// For how long a token holds where nothing else is said, in days.
  package static let tokenDays = 90

  /// Makes a token for a program of somebody's.
  ///
  /// - Throws: ``CollectionError`` `unknownResearcher`, or `nameRefused` for a label that says nothing.
  package func makeAPIToken(
    of name: String, label: String, scopes: Set<TokenScope>, days: Int = tokenDays, now: Date
  ) async throws -> (record: APITokenRecord, token: DoorToken) {
    guard (1...100).contains(label.count), ContactSheet.isPlain(label), !scopes.isEmpty,
      (1...3660).contains(days)
    else {
      throw CollectionError(
        .nameRefused, "a token",
        detail: "it needs a label of one line, a scope, and 1 to 3660 days")
    }
    let token = DoorToken(prefix: DoorToken.prefix)
    let record = try await database.write { transaction in
      let owner = try activeResearcher(name, in: transaction)
      let record = APITokenRecord(
        uuid: UUID(), researcher: owner.uuid, label: label,
        scopes: scopes.map(\.rawValue).sorted(), tokenHash: token.hash,
        made: now.wholeMilliseconds,
        ends: now.addingTimeInterval(Double(days) * 86_400).wholeMilliseconds)
      try transaction.insert(record)
      return record
    }
    return (record, token)
  }

  /// Every token in the order of making.
  package func apiTokens() async throws -> [APITokenRecord] {
    try await database.read { try $0.apiTokens() }
  }

  /// Makes a token worthless.
  ///
  /// - Throws: ``CollectionError`` `unknownResearcher` where there is no such token.
  package func revokeAPIToken(_ uuid: UUID, now: Date) async throws {
    try await database.write { transaction in
      guard let token = try transaction.apiTokens().first(where: { $0.uuid == uuid }) else {
        throw CollectionError(.unknownResearcher, "a token of this name")
      }
      try transaction.revoke(token, at: now.wholeMilliseconds)
    }
  }

  // MARK: - Checks

  private func activeResearcher(
    _ name: String, in snapshot: ResearchSnapshot
  ) throws -> ResearcherRecord {
    guard let record = try snapshot.researcher(named: name.lowercased()) else {
      let names = try snapshot.researchers().map(\.name)
      throw CollectionError(
        .unknownResearcher, name,
        detail: nearestName(to: name, among: names).map { "did you mean \($0)?" })
    }
    guard record.revoked == nil else {
      throw CollectionError(.unknownResearcher, name, detail: "revoked")
    }
    return record
  }

  private func checked(_ sites: Set<String>?) throws -> [String]? {
    guard let sites else { return nil }
    return try sites.map { try checked(site: $0, in: current.study) }.sorted()
  }

  private func stored(
    _ password: String, _ credentials: ResearcherCredentials, of researcher: UUID, name: String,
    work: PasswordWork
  ) async throws -> StoredCredentials {
    try checkPassword(password, of: name)
    let factor = try sealed(credentials.secondFactor, of: researcher)
    return StoredCredentials(password: try await work.stored(password), secondFactor: factor)
  }
}
