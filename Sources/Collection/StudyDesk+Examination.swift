package import Foundation
import LocalTime
package import Messages
package import Storage
import Studies

extension StudyDesk {
  /// How late a message may be before it counts as not sent, in seconds: longer than a scheduler
  /// sleeps, and than a restart takes.
  static let messageDelay: TimeInterval = 900
  /// For how long a moved clock stays a finding, in seconds: long enough to be seen by a person who
  /// looks once a week, and not for ever, because nothing can undo it.
  static let clockMemory: TimeInterval = 7 * 86_400
  /// By how much an event may be older than the one before it in its chain.
  static let clockTolerance: TimeInterval = 900

  /// Looks at the whole study for what should not be.
  ///
  /// It writes nothing. A study whose people are simulated has no scheduler; there, messages count as
  /// unsent only once one has been sent.
  ///
  /// - Parameters:
  ///   - channels: the ways that messages go here, or none where nobody is written to; nil where nothing
  ///     says how they go, although the study may send some.
  ///   - contacts: the database of contacts, whose key is not needed; nil where it is not to be looked at.
  ///   - ledger: the ledger of erasures beside the keys; nil where it is not to be looked at.
  /// - Returns: what was found, by kind; empty when all is well.
  /// - Throws: `StorageError` when the database cannot be read.
  package func examine(
    now: Date, channels: [Channel]?, contacts: URL? = nil, ledger: ErasureLedger? = nil
  ) async throws -> [Finding] {
    let chains = try await database.verify().map {
      Finding(.chain, $0.chain, $0.description)
    }
    let findings = try await database.read { snapshot in
      try (channels == nil ? wayFindings(in: snapshot) : [])
        + messageFindings(now: now, channels: channels ?? [], in: snapshot)
        + recordFindings(now: now, in: snapshot) + planFindings(now: now, in: snapshot)
        + enrolmentFindings(now: now, in: snapshot) + ledgerFindings(ledger, in: snapshot)
    }
    return findings + (try await contactFindings(now: now, contacts: contacts)) + chains
  }

  /// That a study of real people sends messages and nothing says how.
  private func wayFindings(in snapshot: ResearchSnapshot) throws -> [Finding] {
    guard database.kind == .real, versions.values.contains(where: { !$0.study.messages.isEmpty }),
      try snapshot.participants().contains(where: { $0.status == .enrolled && $0.wantsReminders })
    else { return [] }
    return [Finding(.unsent, "any message", "there is no messages.yaml to say how they leave")]
  }

  private func messageFindings(
    now: Date, channels: [Channel], in snapshot: ResearchSnapshot
  ) throws -> [Finding] {
    let records = try snapshot.messages()
    func name(_ record: MessageRecord) throws -> String {
      let about =
        try record.occasion.flatMap { try snapshot.occasion($0)?.name }
        ?? pseudonym(of: record.person, in: snapshot)
      return "\(record.kind.rawValue) for \(about) (\(record.uuid.uuidString.lowercased()))"
    }
    var findings: [Finding] = []
    if database.kind == .real || !records.isEmpty {
      let late = now.addingTimeInterval(-Self.messageDelay)
      var reported: Set<UUID> = []
      for due in try messageAgenda(at: now, channels: channels, in: snapshot).due {
        let since = due.record.next ?? due.record.due
        guard since <= late else { continue }
        if let occasion = due.record.occasion { reported.insert(occasion) }
        findings.append(Finding(.unsent, try name(due.record), "due since \(since.utcText)"))
      }
      if !channels.isEmpty {
        findings += try silenceFindings(now: now, except: reported, in: snapshot)
      }
    }
    for record in records where record.state == .uncertain || record.state == .claimed {
      // A claim of this minute is being sent.
      let claimed = record.claimed ?? record.due
      guard now.timeIntervalSince(claimed) > Self.messageDelay || record.state == .uncertain
      else { continue }
      findings.append(
        Finding(.uncertain, try name(record), "since \(claimed.utcText); see longwell messages"))
    }
    for record in records where record.state == .failed {
      findings.append(Finding(.failed, try name(record), record.failure ?? ""))
    }
    for uuid in try snapshot.messagesSentTwice() {
      let record = records.first { $0.uuid == uuid }
      findings.append(
        Finding(.sentTwice, try record.map(name) ?? uuid.uuidString.lowercased(), ""))
    }
    return findings
  }

  private func recordFindings(now: Date, in snapshot: ResearchSnapshot) throws -> [Finding] {
    var findings = try snapshot.occasionsAnsweredOutside().map {
      Finding(.outsideWindow, $0.name, "open \($0.opens.utcText) to \($0.closes.utcText)")
    }
    findings += try scoreFindings(in: snapshot)
    let people = Dictionary(
      try snapshot.participants().map { ($0.uuid.uuidString.lowercased(), $0.pseudonym) },
      uniquingKeysWith: { $1 })
    findings += try snapshot.clockJumps(
      since: now.addingTimeInterval(-Self.clockMemory), tolerance: Self.clockTolerance
    ).map {
      Finding(
        .clockJump, people[$0.chain] ?? $0.chain,
        "from \($0.expected.utcText) to \($0.found.utcText)")
    }
    return findings
  }

  /// Scores that the latest version of their instrument computes otherwise, and those that their
  /// answers do not give by the version that they were computed under.
  private func scoreFindings(in snapshot: ResearchSnapshot) throws -> [Finding] {
    let outdated = try staleScores(in: snapshot).map {
      Finding(
        .staleScore, "\($0.pseudonym) \($0.plan) \($0.index + 1)",
        "\($0.instrument) \($0.names.sorted().joined(separator: ", ")); see longwell rescore")
    }
    let current = try snapshot.scoreRows(includingTests: true).filter(\.isCurrent)
    let wrong = try Dictionary(grouping: current, by: \.score.session).compactMap {
      (session, rows) -> Finding? in
      let names = try unfounded(rows.map(\.score), of: session, in: snapshot)
      guard let row = rows.first, !names.isEmpty else { return nil }
      return Finding(
        .staleScore, "\(row.pseudonym) \(row.plan) \(row.index + 1)",
        "not what the answers give: \(names.joined(separator: ", "))")
    }
    return (outdated + wrong).sorted { ($0.subject, $0.detail) < ($1.subject, $1.detail) }
  }

  /// Erasures that the ledger beside the keys has lost: a backup from before them would bring people back.
  private func ledgerFindings(
    _ ledger: ErasureLedger?, in snapshot: ResearchSnapshot
  ) throws -> [Finding] {
    guard let ledger else { return [] }
    let noted = Set(try ledger.wishes().map(\.uuid))
    return try snapshot.erasures().filter { $0.completed != nil && !noted.contains($0.uuid) }.map {
      Finding(
        .ledgerShort, $0.pseudonym, "erased \($0.completed?.utcText ?? ""); \(ledger.url.path)")
    }
  }

  private func enrolmentFindings(now: Date, in snapshot: ResearchSnapshot) throws -> [Finding] {
    try snapshot.participants().filter {
      $0.status == .pending && now.timeIntervalSince($0.enrolled) > Self.enrolmentTime
    }.map { Finding(.enrolmentPending, $0.pseudonym, "since \($0.enrolled.utcText)") }
      + snapshot.pendingErasures().map {
        Finding(.erasurePending, $0.pseudonym, "asked for \($0.requested.utcText)")
      }
  }
}
