extension ChainReplay {
  /// Takes in a donation: all that is kept of logs is told again.
  mutating func donate(_ event: Event) {
    removeInteractions(and: [])
    put((event.content["donation"]?.fields ?? [:]).with(event), in: .donations, event)
    for (table, rows) in zip(InteractionTable.allCases, ChainTable.interactions) {
      let content = event.content[table.rawValue]
      let columns = (content?["columns"]?.values ?? []).compactMap(\.string)
      for row in content?["rows"]?.values ?? [] {
        let fields = Dictionary(zip(columns, row.values), uniquingKeysWith: { $1 })
        put(fields.with(event), in: rows, event)
      }
    }
  }

  mutating func removeInteractions(and others: [ChainTable]) {
    let titles = Set((ChainTable.interactions + others).map(\.title))
    remove { name, _ in titles.contains(name.table) }
  }
}

extension ChainTable {
  static let donations = ChainTable(
    title: "donation of a log",
    sql: """
      SELECT d.uuid, d.source, d.account, d.is_daily, d.zone, d.covered_from, d.covered_until,
        d.consent_version, d.consent_part, d.lists, d.donated_at, d.event
      FROM log_donations d JOIN participants p ON p.id = d.participant WHERE p.uuid = ?
      """, key: ["uuid"])

  /// In the order of ``InteractionTable``.
  static let interactions = [
    ChainTable(
      title: "conversation", sql: interaction(.conversations), key: ["token"]),
    ChainTable(
      title: "session of use", sql: interaction(.sessions), key: ["donation", "started_at"]),
    ChainTable(title: "day of use", sql: interaction(.days), key: ["donation", "day"]),
  ]

  private static func interaction(_ table: InteractionTable) -> String {
    let columns = table.columns.map { $0 == "donation" ? "d.uuid AS donation" : "i.\($0)" }
    return """
      SELECT \(columns.joined(separator: ", ")), i.event FROM participants p
      JOIN \(table.name) i ON i.participant = p.id JOIN log_donations d ON d.id = i.donation
      WHERE p.uuid = ?
      """
  }
}
