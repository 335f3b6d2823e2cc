/// The rows that the events of one chain have written, computed from the events alone.
///
/// It follows `ResearchTransaction` step by step, with no access to the tables: where a row says
/// something else, somebody changed it without an event. A change of what a transaction writes
/// needs the same change here; the tests that verify after random operations see to that.
struct ChainReplay {
  typealias Fields = [String: CanonicalJSON]

  /// A row as the chain has it, with the number of the last event that touched it.
  struct ExpectedRow {
    var fields: Fields
    var number: Int64
  }

  /// An event, read.
  struct Event {
    var id: Int64
    var number: Int64
    var kind: String
    var happened: Int64
    var content: CanonicalJSON
  }

  private(set) var rows: [ChainTable.RowName: ExpectedRow] = [:]
  /// The events whose content was erased, by number.
  var erased: [ClosedRange<Int64>] = []
  /// The session of each occasion that was begun; there is at most one.
  var sessions: [String: CanonicalJSON] = [:]
  /// The scoring hash of the current score of each session, instrument and name.
  var currentScores: [[String]: CanonicalJSON] = [:]

  mutating func apply(_ event: Event) {
    switch EventKind(rawValue: event.kind) {
    case .studyPublished: publish(event)
    case .participantEnrolled: put(event.content.fields.with(event), in: .participants, event)
    case .participantConfirmed: changeParticipant(["status": .text("enrolled")], event)
    case .participantWithdrawn:
      changeParticipant(
        [
          "status": .text("withdrawn"), "ended_at": .integer(event.happened),
          "wants_reminders": .truth(false),
        ], event)
    case .enrolmentUndone:
      changeParticipant(
        [
          "status": .text("undone"), "ended_at": .integer(event.happened),
          "wants_reminders": .truth(false),
        ], event)
      reopenInvitation(event)
    case .remindersResumed: changeParticipant(["wants_reminders": .truth(true)], event)
    case .remindersStopped: changeParticipant(["wants_reminders": .truth(false)], event)
    case .zoneChanged:
      put(event.content.fields, in: .zoneHistory, event)
      changeParticipant(["zone": event.content["zone"] ?? .null], event)
    case .languageChanged:
      changeParticipant(["language": event.content["language"] ?? .null], event)
    case .wakingChosen: put(event.content.fields, in: .wakingHistory, event)
    case .participantPaused: put(event.content.fields, in: .pauses, event)
    case .versionChanged:
      changeParticipant(["publication": event.content["publication"] ?? .null], event)
    case .participantInvited: put(event.content.fields.with(event), in: .invitations, event)
    case .invitationEnded: change([:], in: .invitations, to: event.content.fields, event)
    case .screeningCounted: countScreening(event)
    case .linkMade: put(event.content.fields.with(event), in: .links, event)
    case .consentRecorded: put(event.content.fields.with(event), in: .consents, event)
    case .allocationDrawn: put(event.content.fields.with(event), in: .allocations, event)
    case .occasionsPlanned:
      for occasion in event.content["occasions"]?.rows ?? [] {
        put(occasion.merging(["event": .null]) { $1 }, in: .occasions, event)
      }
    case .occasionsMoved:
      for occasion in event.content["occasions"]?.rows ?? [] {
        change(occasion, in: .occasions, to: occasion, event)
      }
    case .occasionClosed: close(event)
    case .sessionBegun: begin(event)
    case .responseSaved: save(event)
    case .pageSaved: savePage(event)
    case .reasonsGiven: giveReasons(event)
    case .sessionSubmitted: submit(event)
    case .messageQueued: queue(event)
    case .messageClaimed: claim(event)
    case .messageSettled: settle(event)
    case .scoresRecomputed: putScores(event)
    case .logsDonated: donate(event)
    case .sessionRestated: restate(event)
    case .erasureRequested: requestErasure(event)
    case .erasurePerformed: performErasure(event)
    case .erasureCompleted: completeErasure(event)
    case .researcherAdded: addResearcher(event)
    case .researcherChanged: changeResearcher(event)
    case .researcherRenewed: renewResearcher(event)
    case .researcherRevoked: revokeResearcher(event)
    case .researcherSignedIn: signIn(event)
    case .researcherSignedOut: signOut(event)
    case .apiTokenMade: makeToken(event)
    case .apiTokenRevoked: revokeToken(event)
    // They write no rows.
    case .headsRecorded, .dataExported, .backupMade, .studyRestored, .planLocked, .retentionApplied,
      .ownDataGiven, .clockJumped, .identitiesSeen, nil:
      return
    }
  }

  // MARK: - Rows

  mutating func put(_ fields: Fields, in table: ChainTable, _ event: Event) {
    rows[table.name(of: fields)] = ExpectedRow(fields: fields, number: event.number)
    if table.title == ChainTable.scores.title, fields["is_current"] == .truth(true) {
      currentScores[Self.scoreName(fields)] = fields["scoring_hash"]
    }
  }

  /// What tells a score from the others of its participant, whatever it was computed by.
  static func scoreName(_ fields: Fields) -> [String] {
    ["session", "instrument", "name"].map { fields[$0]?.string ?? "" }
  }

  /// The row that the fields of a table's key name.
  func row(_ key: Fields, in table: ChainTable) -> Fields? { rows[table.name(of: key)]?.fields }

  /// Changes some columns of a row that is there.
  mutating func change(
    _ key: Fields, in table: ChainTable, to changes: Fields, _ event: Event
  ) {
    let name = table.name(of: key)
    guard var row = rows[name] else { return }
    row.fields.merge(changes) { $1 }
    row.number = event.number
    rows[name] = row
  }

  /// Takes rows out again.
  mutating func remove(where isRemoved: (ChainTable.RowName, Fields) -> Bool) {
    rows = rows.filter { !isRemoved($0.key, $0.value.fields) }
  }

  private mutating func changeParticipant(_ changes: Fields, _ event: Event) {
    change([:], in: .participants, to: changes, event)
  }

  private mutating func publish(_ event: Event) {
    var fields = event.content.fields.with(event)
    let definitions = fields.removeValue(forKey: "definitions")?.values ?? []
    if let kind = fields.removeValue(forKey: "kind") {
      put(["kind": kind], in: .databases, event)
    }
    put(fields, in: .publications, event)
    for definition in definitions {
      var parts = Dictionary(
        zip(["kind", "name", "version", "hash"], definition.values), uniquingKeysWith: { $1 })
      parts["publication"] = fields["number"]
      put(parts, in: .publishedDefinitions, event)
    }
  }
}

extension ChainReplay.Fields {
  /// The fields with the column that names the event.
  func with(_ event: ChainReplay.Event) -> Self {
    merging(["event": .integer(event.id)]) { $1 }
  }
}
