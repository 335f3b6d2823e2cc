extension ChainTable {
  static let invitations = ChainTable(
    title: "invitation",
    sql: """
      SELECT pseudonym, site, language, code_hash, invited_at, state, state_since, event
      FROM invitations WHERE uuid = ?
      """, key: [])
  static let screeningCounts = ChainTable(
    title: "count of screening", sql: "SELECT site, outcome, people, event FROM screening_counts",
    key: ["site", "outcome"])
}

extension ChainReplay {
  mutating func reopenInvitation(_ event: Event) {
    guard row([:], in: .invitations)?["state"] == .text("accepted") else { return }
    change(
      [:], in: .invitations,
      to: ["state": .text("open"), "state_since": .integer(event.happened)], event)
  }

  mutating func countScreening(_ event: Event) {
    var fields = event.content.fields.with(event)
    var people: Int64 = 1
    if case .integer(let before)? = row(fields, in: .screeningCounts)?["people"] {
      people += before
    }
    fields["people"] = .integer(people)
    put(fields, in: .screeningCounts, event)
  }
}
