extension ChainReplay {
  mutating func begin(_ event: Event) {
    var fields = event.content.fields.with(event)
    let instruments = fields.removeValue(forKey: "instruments")?.rows ?? []
    fields.merge(
      ["state": .text("open"), "submitted_at": .null, "is_late": .truth(false)]
    ) { $1 }
    put(fields, in: .sessions, event)
    sessions[fields["occasion"]?.string ?? ""] = fields["uuid"]
    for (position, instrument) in instruments.enumerated() {
      var parts = instrument
      parts["session"] = fields["uuid"]
      parts["position"] = .integer(Int64(position))
      put(parts, in: .sessionInstruments, event)
    }
    setState("open", of: fields["occasion"], since: fields["begun_at"], by: .null, event)
  }

  mutating func save(_ event: Event) {
    let fields = event.content.fields.with(event)
    putResponse(fields, event)
    putKey(of: fields, event)
    touch(fields["session"], event)
  }

  mutating func savePage(_ event: Event) {
    var page = event.content.fields.with(event)
    for response in page.removeValue(forKey: "responses")?.rows ?? [] {
      putResponse(page.merging(response) { $1 }, event)
    }
    putKey(of: page, event)
    touch(page["session"], event)
  }

  private mutating func putResponse(_ response: Fields, _ event: Event) {
    var fields = response
    let isBlank = Self.isBlank(fields)
    let before = row(fields, in: .responses)
    fields["reason"] = isBlank ? .text(MissingReason.leftBlank.rawValue) : .null
    fields["server_at"] = .integer(event.happened)
    var changes: Int64 = 0
    if let before, case .integer(let count)? = before["changes"] {
      changes = count
      let isSame = ["number", "text"].contains {
        before[$0] != .null && before[$0]?.text == fields[$0]?.text
      }
      if !Self.isBlank(before), !isSame { changes += 1 }
    }
    fields["changes"] = .integer(changes)
    put(fields, in: .responses, event)
  }

  private mutating func putKey(of fields: Fields, _ event: Event) {
    guard let key = fields["client_key"], key != .null else { return }
    put(
      ["session": fields["session"] ?? .null, "client_key": key, "event": .integer(event.id)],
      in: .savedKeys, event)
  }

  private mutating func touch(_ session: CanonicalJSON?, _ event: Event) {
    let session = ["uuid": session ?? .null]
    if case .integer(let last)? = row(session, in: .sessions)?["last_active_at"],
      last < event.happened
    {
      change(session, in: .sessions, to: ["last_active_at": .integer(event.happened)], event)
    }
  }

  mutating func giveReasons(_ event: Event) {
    for entry in event.content["reasons"]?.values ?? [] {
      var key = Dictionary(
        zip(["instrument", "item", "reason"], entry.values), uniquingKeysWith: { $1 })
      key["session"] = event.content["session"]
      let reason = key["reason"] ?? .null
      if let before = row(key, in: .responses) {
        guard reason.string == MissingReason.notShown.rawValue || Self.isBlank(before) else {
          continue
        }
        change(key, in: .responses, to: ["reason": reason], event)
      } else {
        let rest: Fields = [
          "number": .null, "text": .null, "client_at": .null, "client_key": .null,
          "server_at": .integer(event.happened), "changes": .integer(0), "event": .null,
        ]
        put(key.merging(rest) { $1 }, in: .responses, event)
      }
    }
  }

  mutating func submit(_ event: Event) {
    let content = event.content
    let session = ["uuid": content["session"] ?? .null]
    let moment = content["submitted_at"] ?? .null
    change(
      session, in: .sessions,
      to: [
        "state": .text("submitted"), "submitted_at": moment, "last_active_at": moment,
        "is_late": content["is_late"] ?? .null, "event": .integer(event.id),
      ], event)
    giveReasons(event)
    putScores(event)
    guard content["is_late"] == .truth(false) else { return }
    setState(
      "submitted", of: row(session, in: .sessions)?["occasion"], since: moment, by: .null, event)
  }

  /// Scores become the current ones of their names; one of the same scoring hash as before is only made
  /// current again.
  mutating func putScores(_ event: Event) {
    for score in event.content["scores"]?.rows ?? [] {
      var fields = score.with(event)
      fields["session"] = event.content["session"]
      if let hash = currentScores[Self.scoreName(fields)] {
        change(
          fields.merging(["scoring_hash": hash]) { $1 }, in: .scores,
          to: ["is_current": .truth(false)], event)
      }
      currentScores[Self.scoreName(fields)] = fields["scoring_hash"]
      if row(fields, in: .scores) != nil {
        change(fields, in: .scores, to: ["is_current": .truth(true)], event)
      } else {
        fields["is_current"] = .truth(true)
        put(fields, in: .scores, event)
      }
    }
  }

  mutating func close(_ event: Event) {
    let occasion = event.content["occasion"] ?? .null
    setState(
      event.content["state"]?.string ?? "", of: occasion, since: .integer(event.happened),
      by: .integer(event.id), event)
    let session = ["uuid": sessions[occasion.string] ?? .null]
    guard let before = row(session, in: .sessions), before["state"]?.string != "submitted" else {
      return
    }
    change(
      session, in: .sessions, to: ["state": event.content["session_state"] ?? .null], event)
  }

  private mutating func setState(
    _ state: String, of occasion: CanonicalJSON?, since: CanonicalJSON?, by closing: CanonicalJSON,
    _ event: Event
  ) {
    change(
      ["uuid": occasion ?? .null], in: .occasions,
      to: ["state": .text(state), "state_since": since ?? .null, "event": closing], event)
  }

  private static func isBlank(_ response: Fields) -> Bool {
    response["number"] == .null && response["text"] == .null
  }
}
