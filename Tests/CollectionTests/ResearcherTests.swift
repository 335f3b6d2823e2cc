import Foundation
import Identities
import Storage
import Testing

@testable import Collection

/// The study team at the door: passwords, second factors, sittings and tokens.
struct ResearcherTests {
  static let password = "correct horse battery"

  /// A study of two sites with its keys, and people of the team.
  final class Team: Sendable {
    let stage: Stage
    let desk: StudyDesk
    /// As fast as scrypt gets: these are no real passwords.
    let work = PasswordWork(cost: PasswordCost(exponent: 1))

    init(fixture: String = "sites") async throws {
      stage = try await Stage(withIdentities: true, fixture: fixture)
      desk = try await StudyDesk.open(
        stage.database, identities: stage.desk.identities, allocationSeed: 1,
        linkKey: .forRehearsal(seed: 1), now: Stage.start)
    }

    @discardableResult
    func add(
      _ name: String, _ role: ResearcherRole = .owner, sites: Set<String>? = nil
    ) async throws -> ResearcherCredentials {
      let credentials = ResearcherCredentials()
      _ = try await desk.addResearcher(
        name, as: role, sites: sites, password: ResearcherTests.password, credentials, work: work,
        now: Stage.start)
      return credentials
    }

    func signIn(
      _ name: String, _ code: String, password: String = ResearcherTests.password,
      now: Date = Stage.start
    ) async throws -> DoorToken {
      try await desk.signIn(name, password: password, code: code, work: work, now: now)
    }

    /// Somebody who has signed in.
    func researcher(
      _ role: ResearcherRole, sites: Set<String>? = nil
    ) async throws -> Researcher {
      let credentials = try await add("\(role)", role, sites: sites)
      let token = try await signIn("\(role)", credentials.secondFactor.code(at: Stage.start))
      return try #require(try await desk.researcher(sitting: token.text, now: Stage.start))
    }
  }

  // RFC 6238, appendix B, SHA-1: the last six of its eight digits.
  @Test(arguments: [
    (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"),
    (1_234_567_890, "005924"), (2_000_000_000, "279037"), (20_000_000_000, "353130"),
  ])
  func `codes are those of RFC 6238`(seconds: Double, code: String) {
    let factor = OneTimePassword(secret: Array("12345678901234567890".utf8))
    #expect(factor.code(at: Date(timeIntervalSince1970: seconds)) == code)
    // As base32 of GNU coreutils spells it.
    #expect(factor.spelled == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
  }

  @Test func `a stored password is scrypt's of RFC 7914`() async throws {
    // Section 12, third vector: the first 32 of its 64 bytes, which are the same for the shorter key.
    let bytes: [UInt8] = [
      0x70, 0x23, 0xbd, 0xcb, 0x3a, 0xfd, 0x73, 0x48, 0x46, 0x1c, 0x06, 0xcd, 0x81, 0xfd, 0x38,
      0xeb, 0xfd, 0xa8, 0xfb, 0xba, 0x90, 0x4f, 0x8e, 0x3e, 0xa9, 0xb5, 0x43, 0xf6, 0x54, 0x5d,
      0xa1, 0xf2,
    ]
    let salt = Data("SodiumChloride".utf8).base64EncodedString()
    let stored = "scrypt$14$8$1$\(salt)$\(Data(bytes).base64EncodedString())"
    let work = PasswordWork(cost: PasswordCost(exponent: 1))
    #expect(try await work.fits("pleaseletmein", stored))
    #expect(try await !work.fits("pleaseletmeout", stored))
    #expect(try await !work.fits("pleaseletmein", nil))
    let made = try await work.stored("pleaseletmein")
    #expect(made.hasPrefix("scrypt$1$8$1$") && !made.contains("please"))
    #expect(try await work.fits("pleaseletmein", made))
    // The same letters, however the keyboard composes them.
    let composed = try await work.stored("caf\u{e9} caf\u{e9} caf\u{e9}")
    #expect(try await work.fits("cafe\u{301} cafe\u{301} cafe\u{301}", composed))
  }

  @Test func `who shows all three comes in, and anything else is told alike`() async throws {
    let team = try await Team()
    let credentials = try await team.add("Ann@example.org", .analyst)
    let code = credentials.secondFactor.code(at: Stage.start)
    let wrong = [
      ("ann@example.org", "000000", Self.password),
      ("ann@example.org", code, "wrong horse battery"),
      ("bob@example.org", code, Self.password), ("ann@example.org", "", Self.password),
      ("", "", ""), ("ann@example.org", "AAAA-AAAA-AAAA-AAAA", Self.password),
    ]
    for (name, code, password) in wrong {
      let error = await refusal { _ = try await team.signIn(name, code, password: password) }
      #expect(error == CollectionError(.signInRefused, "this name, password and code"))
    }
    let token = try await team.signIn("ANN@example.org", code)
    let ann = try await team.desk.researcher(sitting: token.text, now: Stage.start)
    #expect(ann?.name == "ann@example.org" && ann?.role == .analyst)
    #expect(try await team.desk.researcher(sitting: DoorToken().text, now: Stage.start) == nil)
    // A code is taken once, also by who looks over a shoulder.
    let again = await refusal { _ = try await team.signIn("ann@example.org", code) }
    #expect(again?.code == .signInRefused)
    let next = Stage.after(hours: 30.0 / 3600)
    _ = try await team.signIn(
      "ann@example.org", credentials.secondFactor.code(at: next), now: next)
    #expect(try await team.desk.database.verify() == [])
  }

  @Test func `a code sent many times at once opens the door once`() async throws {
    let team = try await Team()
    let credentials = try await team.add("ann")
    for code in [credentials.secondFactor.code(at: Stage.start), credentials.recoveryCodes[0]] {
      let opened = await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<12 { group.addTask { (try? await team.signIn("ann", code)) != nil } }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(opened == 1)
    }
  }

  @Test func `each recovery code takes the second factor's place once`() async throws {
    let team = try await Team()
    let credentials = try await team.add("ann")
    #expect(Set(credentials.recoveryCodes).count == 8)
    for code in credentials.recoveryCodes {
      _ = try await team.signIn("ann", code.lowercased().replacing("-", with: " "))
      #expect(await refusal { _ = try await team.signIn("ann", code) }?.code == .signInRefused)
    }
    #expect(try await team.desk.database.verify() == [])
  }

  @Test func `a sitting ends by signing out, by a pause and with the day`() async throws {
    let team = try await Team()
    let credentials = try await team.add("ann")
    func isIn(_ token: DoorToken, hours: Double) async throws -> Bool {
      try await team.desk.researcher(sitting: token.text, now: Stage.after(hours: hours)) != nil
    }
    let first = try await team.signIn("ann", credentials.recoveryCodes[0])
    #expect(try await isIn(first, hours: 0.4))
    #expect(try await isIn(first, hours: 0.8))
    #expect(try await !isIn(first, hours: 1.4))
    let second = try await team.signIn("ann", credentials.recoveryCodes[1])
    for half in 1..<30 { _ = try await isIn(second, hours: Double(half) * 0.4) }
    #expect(try await !isIn(second, hours: 12.1))
    let third = try await team.signIn("ann", credentials.recoveryCodes[2])
    let fourth = try await team.signIn("ann", credentials.recoveryCodes[3])
    try await team.desk.signOut(third.text, now: Stage.start)
    #expect(try await !isIn(third, hours: 0.1))
    #expect(try await isIn(fourth, hours: 0.1))
    let fifth = try await team.signIn("ann", credentials.recoveryCodes[4])
    try await team.desk.signOut(fourth.text, everywhere: true, now: Stage.start)
    #expect(try await !isIn(fifth, hours: 0.1))
    #expect(try await team.desk.database.verify() == [])
  }

  @Test func `who is revoked or gets new credentials is out at once`() async throws {
    let team = try await Team()
    let old = try await team.add("ann")
    let token = try await team.signIn("ann", old.recoveryCodes[0])
    let (_, program) = try await team.desk.makeAPIToken(
      of: "ann", label: "Prometheus", scopes: [.metrics], now: Stage.start)
    let new = ResearcherCredentials()
    try await team.desk.renewResearcher(
      "ann", password: "another horse battery", new, work: team.work, now: Stage.start)
    #expect(try await team.desk.researcher(sitting: token.text, now: Stage.start) == nil)
    for code in [old.recoveryCodes[1], old.secondFactor.code(at: Stage.start)] {
      let error = await refusal { _ = try await team.signIn("ann", code) }
      #expect(error?.code == .signInRefused)
    }
    let fresh = try await team.signIn(
      "ann", new.recoveryCodes[0], password: "another horse battery")
    #expect(try await team.desk.researcher(sitting: fresh.text, now: Stage.start) != nil)
    #expect(try await team.desk.researcher(holding: program.text, now: Stage.start) != nil)
    try await team.desk.revokeResearcher("ann", now: Stage.start)
    #expect(try await team.desk.researcher(sitting: fresh.text, now: Stage.start) == nil)
    #expect(try await team.desk.researcher(holding: program.text, now: Stage.start) == nil)
    let error = await refusal {
      _ = try await team.signIn("ann", new.recoveryCodes[1], password: "another horse battery")
    }
    #expect(error?.code == .signInRefused)
    #expect(try await team.desk.database.verify() == [])
  }

  @Test func `a token opens what its scopes and its owner's role both do, until it ends`()
    async throws
  {
    let team = try await Team()
    try await team.add("cleo", .coordinator)
    let (record, token) = try await team.desk.makeAPIToken(
      of: "cleo", label: "Dashboard", scopes: [.study, .answers, .records], days: 2,
      now: Stage.start)
    let cleo = try #require(
      try await team.desk.researcher(holding: token.text, now: Stage.after(hours: 47)))
    #expect(cleo.permissions == [.overview, .participants, .messages])
    #expect(!cleo.may(.identities), "no token opens identities")
    #expect(try await team.desk.researcher(holding: token.text, now: Stage.after(hours: 49)) == nil)
    #expect(
      try await team.desk.researcher(holding: token.text + "0", now: Stage.start) == nil)
    try await team.desk.revokeAPIToken(record.uuid, now: Stage.start)
    #expect(try await team.desk.researcher(holding: token.text, now: Stage.start) == nil)
    #expect(try await team.desk.database.verify() == [])
  }

  @Test(arguments: [
    ("ann", "short", CollectionError.Code.passwordRefused),
    ("ann", "aaaaaaaaaaaaaaaa", .passwordRefused),
    ("ann", "this is ann with words", .passwordRefused),
    ("", password, .nameRefused), ("ann<script>", password, .nameRefused),
    (String(repeating: "a", count: 65), password, .nameRefused), ("taken", password, .nameRefused),
  ])
  func `names and passwords that will not do are refused`(
    name: String, password: String, code: CollectionError.Code
  ) async throws {
    let team = try await Team()
    try await team.add("taken")
    let error = await refusal {
      _ = try await team.desk.addResearcher(
        name, as: .viewer, password: password, ResearcherCredentials(), work: team.work,
        now: Stage.start)
    }
    #expect(error?.code == code)
    #expect(error.map { "\($0)".contains(password) } == false)
    #expect(try await team.desk.researchers().map(\.name) == ["taken"])
  }

  @Test func `unknown people, sites and labels are told`() async throws {
    let team = try await Team()
    try await team.add("anna")
    let unknown = await refusal { try await team.desk.revokeResearcher("ana", now: Stage.start) }
    #expect(unknown?.code == .unknownResearcher && unknown?.detail == "did you mean anna?")
    let site = await refusal {
      try await team.desk.changeResearcher("anna", to: .viewer, sites: ["paris"], now: Stage.start)
    }
    #expect(site?.code == .unknownSite)
    let label = await refusal {
      _ = try await team.desk.makeAPIToken(
        of: "anna", label: "", scopes: [.study], now: Stage.start)
    }
    #expect(label?.code == .nameRefused)
  }

  /// A way to open a door with an SQLite shell.
  static let intrusions = [
    "UPDATE researchers SET role = 'owner'", "UPDATE researchers SET sites = NULL",
    "UPDATE researchers SET password = 'scrypt$1$8$1$AAAA$AAAA'",
    "UPDATE researchers SET second_factor = x'00'", "UPDATE researchers SET revoked_at = NULL",
    "UPDATE recovery_codes SET used_at = NULL",
    "UPDATE web_sessions SET ended_at = NULL", "UPDATE web_sessions SET ends_at = ends_at + 1",
    "UPDATE api_tokens SET scopes = '[\"answers\",\"study\"]'",
    "UPDATE api_tokens SET revoked_at = NULL",
    "DELETE FROM recovery_codes",
    """
    INSERT INTO web_sessions SELECT replace(token_hash, '0', '1') || '', researcher, began_at, ends_at,
      active_at, NULL, event FROM web_sessions
    """,
  ]

  @Test(.enabled(if: Stage.canTamper), arguments: intrusions)
  func `a door that was opened beside the record is found`(sql: String) async throws {
    let team = try await Team()
    let credentials = try await team.add("ann", .viewer, sites: ["leiden"])
    _ = try await team.signIn("ann", credentials.recoveryCodes[0])
    let (token, _) = try await team.desk.makeAPIToken(
      of: "ann", label: "x", scopes: [.study], now: Stage.start)
    try await team.desk.revokeAPIToken(token.uuid, now: Stage.start)
    try await team.desk.revokeResearcher("ann", now: Stage.start)
    #expect(try await team.desk.database.verify() == [])
    try team.stage.tamper(sql)
    #expect(try await team.desk.database.verify() != [])
  }
}
