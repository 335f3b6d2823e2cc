package import Foundation
import Instruments
package import Storage
import Studies

/// What computing scores again came to.
package struct Rescoring: Hashable, Sendable {
  /// The version of each instrument under which scores were computed, by id.
  package var versions: [String: String] = [:]
  /// How many times an instrument was looked at in a submitted session.
  package var looked = 0
  /// How many of these were scored differently before, and now have other current scores.
  package var rescored = 0
  /// How many scores have another value than before, or one where there was none, or none.
  package var changed = 0
  /// How many answers are off the response scales of the stated version, and so count as unanswered.
  package var offScale = 0
}

/// Scores of one submitted session that are not those of the version that holds now.
package struct StaleScores: Hashable, Sendable {
  /// The session's UUID.
  package let session: UUID
  /// The participant's name in research data.
  package let pseudonym: String
  /// The occasion's id in the study file, and its repetition from 0.
  package let plan: String
  package let index: Int
  /// The instrument's id.
  package let instrument: String
  /// The names of the scores, in order.
  package let names: [String]
}

extension StudyDesk {
  /// Computes scores of submitted sessions again, under a stated version; what was computed before is
  /// kept, no longer current. Each session's new scores are an event of its participant's chain.
  ///
  /// Nothing is done where the current scores were computed alike, whatever the version was called.
  /// Answers that were hidden at submission are not scored, also where the version would show their
  /// items.
  ///
  /// - Parameters:
  ///   - instrument: one alone; by default all.
  ///   - version: of the instrument, as a publication had it; by default the latest.
  /// - Throws: ``CollectionError`` `unknownInstrument` when no publication has it.
  package func rescore(
    instrument: String? = nil, version: String? = nil, now: Date
  ) async throws -> Rescoring {
    try await database.write {
      try rescore(instrument: instrument, version: version, now: now, in: $0)
    }
  }

  /// The same within a transaction; see ``rescore(instrument:version:now:)``.
  ///
  /// - Throws: ``CollectionError``.
  package func rescore(
    instrument id: String? = nil, version: String? = nil, now: Date,
    in transaction: ResearchTransaction
  ) throws -> Rescoring {
    if let id { _ = try stated(id, version: version) }
    var result = Rescoring()
    for scored in try transaction.scoredSessions(of: id) {
      let (source, instrument) = try stated(scored.instrument, version: version)
      result.versions[instrument.id] = instrument.version
      result.looked += 1
      guard !staleNames(of: scored, in: source, instrument).isEmpty else { continue }
      let session = try session(scored.session, in: transaction)
      // What ended up hidden is kept and never scored.
      let answers = answers(
        in: try transaction.responses(ofSession: scored.session).filter { $0.reason == nil })
      let asked = session.instruments.map { $0.id == instrument.id ? instrument : $0 }
      let carried = try carried(
        in: session.session, asking: asked, answers: answers, in: transaction)
      let given = answers[instrument.id] ?? [:]
      let scores = source.scores(
        of: scored.session, instrument, answers: given, carried: carried[instrument.id] ?? [:],
        now: now.wholeMilliseconds)
      let before = Dictionary(
        try transaction.scores(ofSession: scored.session)
          .filter { $0.instrument == instrument.id }.map { ($0.name, $0.value) },
        uniquingKeysWith: { first, _ in first })
      result.rescored += 1
      result.changed += scores.count { before[$0.name] != .some($0.value) }
      result.offScale += given.count { item, answer in
        instrument.item(item) != nil && (try? instrument.check(answer, for: item)) == nil
      }
      try transaction.rescore(
        scored.session, instrument: instrument.id, scores: scores, at: now.wholeMilliseconds)
    }
    return result
  }

  /// The scores that are out of date: computed otherwise than the latest version of their instrument
  /// does. ``rescore(instrument:version:now:)`` brings them up to date.
  package func staleScores() async throws -> [StaleScores] {
    try await database.read { try staleScores(in: $0) }
  }

  /// The same within a snapshot; see ``staleScores()``.
  package func staleScores(in snapshot: ResearchSnapshot) throws -> [StaleScores] {
    try snapshot.scoredSessions().compactMap { scored in
      let (source, instrument) = try stated(scored.instrument, version: nil)
      let names = staleNames(of: scored, in: source, instrument)
      guard !names.isEmpty else { return nil }
      return StaleScores(
        session: scored.session, pseudonym: scored.pseudonym, plan: scored.plan,
        index: scored.index, instrument: scored.instrument, names: names)
    }
  }

  /// The names of scores that the answers of their session do not give, by the version under which
  /// they were computed.
  func unfounded(
    _ scores: [ScoreRecord], of uuid: UUID, in snapshot: ResearchSnapshot
  ) throws -> [String] {
    let session = try session(uuid, in: snapshot)
    return try Dictionary(grouping: scores, by: \.instrument).flatMap { id, scores -> [String] in
      guard let hash = scores.first?.scoringHash,
        let source = versions.values.first(where: { $0.scoringHashes[id] == hash }),
        let instrument = source.definitions.instruments[id]
      else { return scores.map { "\(id) \($0.name)" } }
      let asked = session.instruments.map { $0.id == id ? instrument : $0 }
      let carried = try carried(
        in: session.session, asking: asked, answers: session.answers, in: snapshot)
      let computed = Dictionary(
        source.scores(
          of: uuid, instrument, answers: session.answers[id] ?? [:], carried: carried[id] ?? [:],
          now: session.session.lastActive
        ).map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
      return scores.filter { computed[$0.name] != .some($0.value) }.map { "\(id) \($0.name)" }
    }.sorted()
  }

  /// The latest publication that has an instrument, in a version if one is stated.
  private func stated(
    _ id: String, version: String?
  ) throws -> (StudyVersion, Instrument) {
    let all = versions.sorted { $0.key > $1.key }.compactMap { version in
      version.value.definitions.instruments[id].map { (version.value, $0) }
    }
    if let found = all.first(where: { version == nil || $0.1.version == version }) { return found }
    let published = Set(all.map { $0.1.version }).sorted().joined(separator: ", ")
    throw CollectionError(
      .unknownInstrument, version.map { "\(id) \($0)" } ?? id,
      detail: published.isEmpty ? "no publication has it" : "published: \(published)")
  }

  /// The names of scores that a version computes otherwise than the current ones were.
  private func staleNames(
    of scored: ScoredSession, in version: StudyVersion, _ instrument: Instrument
  ) -> [String] {
    let hash = version.scoringHashes[instrument.id]
    return instrument.scoreNames.filter { scored.hashes[$0] != hash }
  }
}

extension Instrument {
  /// The names of all that is computed: scores, and computed items.
  fileprivate var scoreNames: [String] {
    scores.map(\.name)
      + items.compactMap { item in if case .computed = item.kind { item.id } else { nil } }
  }
}
