import Crypto
import Definitions
import Expressions
package import Foundation
import Instruments
import LocalTime
import Storage
import Studies

/// Ends a transaction whose outcome is only to be looked at.
private struct TrialEnded: Error {
  let outcome: AnswerImport
}

extension StudyDesk {
  /// Brings answers that were collected elsewhere into the study: submitted sessions with their dates,
  /// scored by the study's keys and marked as imported. All of it in one transaction, or nothing.
  ///
  /// Windows do not apply, no arm is drawn, no message goes out, and items that must be answered may be
  /// blank: what was asked elsewhere was asked by other rules. A row that was brought in before does
  /// nothing; one with other answers than before is a mistake.
  ///
  /// - Parameter isTrial: everything is done, reported and taken back.
  /// - Throws: ``Definitions/Problems`` with every row that cannot be brought in; ``CollectionError``.
  package func importAnswers(
    _ table: AnswerTable, isTrial: Bool, now: Date
  ) async throws -> AnswerImport {
    do {
      return try await database.write { transaction in
        var run = AnswerImportRun(desk: self, table: table, now: now.wholeMilliseconds)
        try run.all(in: transaction)
        if isTrial { throw TrialEnded(outcome: run.outcome) }
        return run.outcome
      }
    } catch let end as TrialEnded {
      return end.outcome
    }
  }
}

/// One import: what it has done so far, and what was wrong.
private struct AnswerImportRun {
  let desk: StudyDesk
  let table: AnswerTable
  let now: Date
  var outcome = AnswerImport()
  var problems = Problems()
  /// The people of the file, by what it calls them.
  private var people: [String: ParticipantRecord] = [:]
  /// The pseudonyms of all who are in the study.
  private var known: [UUID: String] = [:]
  /// Where the map names what the study does not ask; said once, whatever the number of rows.
  private var unknownSources: Set<Place> = []

  init(desk: StudyDesk, table: AnswerTable, now: Date) {
    self.desk = desk
    self.table = table
    self.now = now
    problems = table.mistakes
    outcome.emptyRows = table.emptyRows
    outcome.unfinishedRows = table.unfinishedRows
  }

  mutating func all(in transaction: ResearchTransaction) throws {
    for participant in try transaction.participants() {
      known[participant.uuid] = participant.pseudonym
    }
    var seen: Set<[String]> = []
    // In the order of time, so that what carries over from one session to the next is there.
    for row in table.rows.sorted(by: { $0.moment < $1.moment }) {
      let key = [row.person, row.wave.plan, String(row.wave.index)]
      guard seen.insert(key).inserted else {
        report(row.place, "a second row of one person and occasion", "one row for each")
        _ = try answers(row.cells, in: desk.current)
        continue
      }
      do {
        try bring(row, in: transaction)
      } catch let error as CollectionError {
        report(
          row.place, "a row that cannot be brought in (\(error))", "a row that the study takes")
        _ = try answers(row.cells, in: desk.current)
      }
    }
    _ = try answers(table.strays, in: desk.current)
    guard !problems.hasErrors else { throw problems }
  }

  private mutating func report(_ place: Place, _ found: String, _ expected: String) {
    problems.report(at: place, found: found, expected: expected)
  }

  private mutating func bring(_ row: AnswerTable.Row, in transaction: ResearchTransaction) throws {
    let moment = row.moment.wholeMilliseconds
    guard let (person, occasion) = try standing(of: row, in: transaction) else {
      // What was answered is looked at all the same, so that every mistake is found at once.
      _ = try answers(row.cells, in: desk.current)
      return
    }
    try desk.checkConsent(of: person, for: occasion, in: transaction)
    let answers = try answers(
      row.cells, in: desk.version(occasion.publication), asking: occasion)
    if let session = try transaction.session(ofOccasion: occasion.uuid) {
      let stored = desk.answers(in: try transaction.responses(ofSession: session.uuid))
      guard session.imported != nil, session.submitted == moment, stored == answers else {
        let found =
          session.imported == nil
          ? "an occasion that was answered in the study"
          : "other answers than those brought in before"
        return report(row.place, found, "an occasion without answers, or the same row again")
      }
      outcome.repeated += 1
      return
    }
    try store(answers, row, occasion, of: person, in: transaction)
  }

  /// Who gave the answers of a row, and on which occasion; nil after reporting why that is not known.
  private mutating func standing(
    of row: AnswerTable.Row, in transaction: ResearchTransaction
  ) throws -> (ParticipantRecord, OccasionRecord)? {
    let moment = row.moment.wholeMilliseconds
    guard moment <= now else {
      report(row.place, "a date that has not come, \(moment.utcText)", "a date in the past")
      return nil
    }
    guard let person = try participant(of: row, in: transaction),
      let occasion = try occasion(of: row, person, in: transaction)
    else { return nil }
    return (person, occasion)
  }

  // MARK: Who

  private mutating func participant(
    of row: AnswerTable.Row, in transaction: ResearchTransaction
  ) throws -> ParticipantRecord? {
    if let known = people[row.person] { return known }
    if let pseudonym = Pseudonym.read(row.person),
      try transaction.participant(pseudonym) != nil
    {
      let person = try desk.takingPart(pseudonym, in: transaction)
      people[row.person] = person
      return person
    }
    // The source's number is kept nowhere: who has the study's key finds the same person again.
    let bytes = digest(of: row.person)
    let uuid = bytes.uuid
    if let earlier = known[uuid] {
      let person = try desk.takingPart(earlier, in: transaction)
      people[row.person] = person
      return person
    }
    guard let newcomers = table.map.newcomers, let newcomer = row.newcomer else {
      report(row.place, "somebody who is not in the study", "a pseudonym, or 'enrol' in the map")
      return nil
    }
    guard (try? timeZone(named: newcomer.zone)) != nil else {
      report(
        row.place, "the zone \(quoted(newcomer.zone))", "an IANA name such as Europe/Amsterdam")
      return nil
    }
    let person = try enrol(
      newcomer, agreed: newcomers.agreed, uuid: uuid, seed: bytes.seed, first: row.moment,
      in: transaction)
    outcome.enrolled.append(
      AnswerImport.Newcomer(source: row.person, pseudonym: person.pseudonym))
    people[row.person] = person
    return person
  }

  private func digest(of person: String) -> [UInt8] {
    let key = withUnsafeBytes(of: desk.allocationSeed.littleEndian) { SymmetricKey(data: $0) }
    let label = "longwell imported participant\u{0}\(table.map.source)\u{0}\(person)"
    return Array(HMAC<SHA256>.authenticationCode(for: Array(label.utf8), using: key))
  }

  /// Rows come in the order of time: the first is when somebody joined, as far as the file tells.
  private func enrol(
    _ newcomer: AnswerTable.Newcomer, agreed: Set<String>, uuid: UUID, seed: UInt64, first: Date,
    in transaction: ResearchTransaction
  ) throws -> ParticipantRecord {
    let study = desk.current.study
    if let capacity = study.capacity, try transaction.enrolmentCount() >= capacity {
      throw CollectionError(.full, study.id, detail: "its capacity is \(capacity)")
    }
    let participant = ParticipantRecord(
      uuid: uuid, pseudonym: try desk.freePseudonym(seed: seed, in: transaction),
      site: try desk.checked(site: newcomer.site, in: study),
      language: try desk.checked(language: newcomer.language, in: study), status: .enrolled,
      isTest: false, enrolled: first.wholeMilliseconds, zone: newcomer.zone,
      publication: desk.current.publication.number)
    try transaction.insert(participant, zoneDataVersion: zoneDataVersion, recorded: now)
    _ = try desk.consent(
      participant, to: agreed, language: nil, now: now, in: transaction)
    return participant
  }

  // MARK: Which occasion

  private mutating func occasion(
    of row: AnswerTable.Row, _ person: ParticipantRecord, in transaction: ResearchTransaction
  ) throws -> OccasionRecord? {
    let (plan, index) = (row.wave.plan, row.wave.index)
    if let there = try transaction.occasion(of: person.pseudonym, plan: plan, index: index) {
      return there
    }
    let study = try desk.version(person.publication).study
    guard let known = study.occasion(plan) else {
      throw CollectionError(
        .unknownOccasion, quoted(plan), detail: didYouMean(plan, among: study.occasions.map(\.id)))
    }
    let opened =
      try known.isEvent
      ? desk.event(known, index: index, of: person, opening: row.moment, in: transaction)
      : desk.planned(plan, index: index, of: person, now: now, in: transaction)
    guard let opened else {
      report(row.place, "\(plan) \(index + 1), which the study does not have", "one that it plans")
      return nil
    }
    try transaction.insert([opened], of: person.pseudonym, at: now)
    return opened
  }

  // MARK: Which answers

  /// The answers in cells, by instrument and item; each that the study does not take is reported.
  ///
  /// - Parameter occasion: the one that has to ask them; nil where it is not known.
  private mutating func answers(
    _ cells: [AnswerTable.Cell], in version: StudyVersion, asking occasion: OccasionRecord? = nil
  ) throws -> [String: [String: Answer]] {
    var answers: [String: [String: Answer]] = [:]
    for cell in cells {
      let source = cell.source
      if let occasion, !occasion.instruments.contains(source.instrument) {
        report(
          cell.place, "an answer to \(source.instrument), which \(occasion.plan) does not ask",
          "one of \(occasion.instruments.joined(separator: ", ")), or a missing code")
        continue
      }
      guard let item = try? version.instrument(source.instrument).item(source.item),
        item.valueType != nil
      else {
        if unknownSources.insert(source.place).inserted {
          report(
            source.place, "the item \(quoted(source.item)) of \(quoted(source.instrument))",
            "an item of an instrument of the study that takes answers")
        }
        continue
      }
      do throws(AnswerRefusal) {
        answers[source.instrument, default: [:]][source.item] = try item.answer(
          reading: written(cell.text, for: item))
      } catch {
        // No cell's text in a message: it is somebody's answer.
        report(
          cell.place, "an answer to \(source.instrument) \(source.item) that is off its scale",
          "\(error.expected), a recode, or a missing code")
      }
    }
    return answers
  }

  /// A cell as our items read it: with a decimal point, and times of day without seconds that are nil.
  private func written(_ text: String, for item: Item) -> String {
    switch item.kind {
    case .single, .likert, .slider, .number:
      table.map.hasDecimalComma ? text.replacing(",", with: ".") : text
    case .time where text.count == 8 && text.hasSuffix(":00"): String(text.dropLast(3))
    default: text
    }
  }

  // MARK: Storing

  private mutating func store(
    _ answers: [String: [String: Answer]], _ row: AnswerTable.Row, _ occasion: OccasionRecord,
    of person: ParticipantRecord, in transaction: ResearchTransaction
  ) throws {
    let moment = row.moment.wholeMilliseconds
    let version = try desk.version(occasion.publication)
    let uuid = transaction.secrets.uuid(for: "session of \(occasion.uuid)")
    try transaction.insert(
      SessionRecord(
        uuid: uuid, occasion: occasion.uuid, pseudonym: person.pseudonym, begun: moment,
        lastActive: moment, imported: now, publication: occasion.publication,
        instruments: try occasion.instruments.map {
          try version.asking($0, of: person, session: uuid)
        }))
    for (instrument, given) in answers.sorted(by: { $0.key < $1.key }) {
      let entries = given.sorted { $0.key < $1.key }.map {
        PageToSave.Entry(item: $0.key, answer: StoredAnswer($0.value), clientTime: moment)
      }
      _ = try transaction.save(
        PageToSave(session: uuid, instrument: instrument, entries: entries, clientKey: nil),
        at: now)
    }
    let current = try desk.session(uuid, in: transaction)
    let missing = desk.missing(in: current, reason: .leftBlank)
    // What our branching hides is kept under that reason, and no score uses it.
    let hidden = missing.filter {
      $0.reason == .notShown && answers[$0.instrument]?[$0.item] != nil
    }
    try transaction.submit(
      uuid, isLate: false, unanswered: missing,
      scores: try desk.computedScores(of: current, now: moment), at: moment, recorded: now)
    outcome.sessions += 1
    outcome.answers += answers.values.reduce(0) { $0 + $1.count }
    outcome.hidden += hidden.count
  }
}

extension [UInt8] {
  /// A version 8 UUID (RFC 9562) of the first 16 bytes.
  fileprivate var uuid: UUID {
    var bytes = Array(prefix(16))
    bytes[6] = (bytes[6] & 0x0F) | 0x80
    bytes[8] = (bytes[8] & 0x3F) | 0x80
    return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
  }

  /// The number of the eight bytes after those of the UUID.
  fileprivate var seed: UInt64 { self[16..<24].reduce(0) { $0 << 8 | UInt64($1) } }
}
