import Foundation
import GRDB

extension ChainReplay {
  mutating func addResearcher(_ event: Event) {
    var fields = event.content.fields.with(event)
    let recovery = fields.removeValue(forKey: "recovery")?.values ?? []
    fields["revoked_at"] = .null
    put(fields, in: .researchers, event)
    putRecovery(recovery, event)
  }

  mutating func changeResearcher(_ event: Event) {
    change(event.content.fields, in: .researchers, to: event.content.fields, event)
  }

  mutating func renewResearcher(_ event: Event) {
    var fields = event.content.fields
    let recovery = fields.removeValue(forKey: "recovery")?.values ?? []
    change(fields, in: .researchers, to: fields, event)
    let title = ChainTable.recoveryCodes.title
    remove { name, row in name.table == title && row["researcher"] == fields["uuid"] }
    putRecovery(recovery, event)
    endAll(of: fields["uuid"], in: .webSessions, "ended_at", event)
  }

  mutating func revokeResearcher(_ event: Event) {
    let happened = CanonicalJSON.integer(event.happened)
    change(event.content.fields, in: .researchers, to: ["revoked_at": happened], event)
    endAll(of: event.content["uuid"], in: .webSessions, "ended_at", event)
    endAll(of: event.content["uuid"], in: .apiTokens, "revoked_at", event)
  }

  mutating func signIn(_ event: Event) {
    var fields = event.content.fields.with(event)
    if let code = fields.removeValue(forKey: "recovery"), code != .null {
      change(
        ["researcher": fields["researcher"] ?? .null, "code_hash": code], in: .recoveryCodes,
        to: ["used_at": .integer(event.happened)], event)
    }
    fields["ended_at"] = .null
    put(fields, in: .webSessions, event)
  }

  mutating func signOut(_ event: Event) {
    change(
      event.content.fields, in: .webSessions, to: ["ended_at": .integer(event.happened)], event)
  }

  mutating func makeToken(_ event: Event) {
    put(
      event.content.fields.with(event).merging(["revoked_at": .null]) { $1 }, in: .apiTokens, event)
  }

  mutating func revokeToken(_ event: Event) {
    change(
      event.content.fields, in: .apiTokens, to: ["revoked_at": .integer(event.happened)], event)
  }

  private mutating func putRecovery(_ codes: [CanonicalJSON], _ event: Event) {
    for code in codes {
      put(
        [
          "researcher": event.content["uuid"] ?? .null, "code_hash": code, "used_at": .null,
        ], in: .recoveryCodes, event)
    }
  }

  /// Ends whatever of a researcher has not ended.
  private mutating func endAll(
    of researcher: CanonicalJSON?, in table: ChainTable, _ column: String, _ event: Event
  ) {
    let open = rows.filter { name, row in
      name.table == table.title && row.fields["researcher"] == researcher
        && row.fields[column] == .null
    }
    for row in open.values {
      change(row.fields, in: table, to: [column: .integer(event.happened)], event)
    }
  }
}

extension ChainTable {
  // The step of the last code and the moment of last use are nobody's to account for.
  static let researchers = ChainTable(
    title: "researcher",
    sql: """
      SELECT uuid, name, role, sites, credentials_hash, added_at, revoked_at, event FROM researchers
      """, key: ["uuid"])
  static let recoveryCodes = ChainTable(
    title: "recovery code", sql: "SELECT researcher, code_hash, used_at FROM recovery_codes",
    key: ["researcher", "code_hash"])
  static let webSessions = ChainTable(
    title: "web session",
    sql: """
      SELECT token_hash, researcher, began_at, ends_at, ended_at, event FROM web_sessions
      """, key: ["token_hash"])
  static let apiTokens = ChainTable(
    title: "API token",
    sql: """
      SELECT uuid, researcher, label, scopes, token_hash, made_at, ends_at, revoked_at, event
      FROM api_tokens
      """, key: ["uuid"])
}

extension ChainVerification {
  /// Researchers whose password or second factor is not the one that an event accounts for.
  func credentialFindings() throws(StorageError) -> [ChainFinding] {
    try snapshot.list(
      "SELECT name, password, second_factor, credentials_hash FROM researchers ORDER BY name"
    ) { row -> ChainFinding? in
      let stored = StoredCredentials(
        password: row["password"], secondFactor: Array(row["second_factor"] as Data))
      guard stored.hash != row["credentials_hash"] as String else { return nil }
      return finding(
        .rowDiffers, EventChain.study.description, nil,
        "\(ChainTable.researchers.title) \(row["name"] as String): password, second_factor")
    }.compactMap(\.self)
  }
}
