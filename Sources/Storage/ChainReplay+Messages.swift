extension ChainReplay {
  mutating func queue(_ event: Event) {
    var fields = event.content.fields.with(event)
    fields.merge(
      [
        "state": .text(MessageState.waiting.rawValue), "claimed_at": .null,
        "settled_at": .integer(event.happened), "next_at": fields["due_at"] ?? .null,
        "failure": .null,
      ]) { $1 }
    put(fields, in: .messages, event)
  }

  mutating func claim(_ event: Event) {
    var fields = event.content.fields.with(event)
    fields.merge(
      [
        "state": .text(MessageState.claimed.rawValue), "claimed_at": .integer(event.happened),
        "settled_at": .null, "next_at": .null, "failure": .null,
      ]) { $1 }
    put(fields, in: .messages, event)
  }

  mutating func settle(_ event: Event) {
    var fields = event.content.fields.with(event)
    fields["settled_at"] = .integer(event.happened)
    change(["uuid": fields["uuid"] ?? .null], in: .messages, to: fields, event)
  }
}

extension ChainTable {
  static let messages = ChainTable(
    title: "message",
    sql: """
      SELECT m.uuid, m.person, o.uuid AS occasion, m.kind, m.number, m.channel, m.due_at,
        m.expires_at, m.state, m.attempts, m.claimed_at, m.settled_at, m.next_at, m.failure, m.event
      FROM messages m LEFT JOIN occasions o ON o.id = m.occasion WHERE m.person = ?
      """, key: ["uuid"])
}
