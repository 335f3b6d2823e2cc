import Foundation
import Instruments
import Storage
import Studies

extension StudyDesk {
  /// What stands from before in a session, by instrument: first answers to items that are asked once,
  /// and what instruments use of answers to others.
  ///
  /// Only what was submitted when the session began counts, so that nothing changes while somebody
  /// answers, nor when scores are computed again years later. An instrument that the session itself asked
  /// before counts as answered there.
  ///
  /// - Parameter answers: those of the session, by instrument and item.
  func carried(
    in session: SessionRecord, asking instruments: [Instrument],
    answers: [String: [String: Answer]], in snapshot: ResearchSnapshot
  ) throws -> [String: [String: Answer]] {
    let sources = instruments.reduce(into: Set<String>()) { sources, instrument in
      if instrument.items.contains(where: \.isOnce) { sources.insert(instrument.id) }
      sources.formUnion(instrument.earlier.map(\.instrument))
    }
    guard !sources.isEmpty else { return [:] }
    let before = Standing(
      try snapshot.answers(
        of: session.pseudonym, to: sources, submittedBy: session.begun, except: session.uuid))
    let version = try version(session.publication)
    var carried: [String: [String: Answer]] = [:]
    var asked: [String: [String: Answer]] = [:]
    for instrument in instruments {
      var standing: [String: Answer] = [:]
      for item in instrument.items where item.isOnce {
        standing[item.id] = before.first(instrument.id, item.id)
      }
      for wanted in instrument.earlier {
        let isOnce = version.definitions.instruments[wanted.instrument]?.item(wanted.item)?.isOnce
        standing[wanted.name] =
          if let now = asked[wanted.instrument] { now[wanted.item] } else if isOnce == true {
            before.first(wanted.instrument, wanted.item)
          } else { before.last(wanted.instrument, wanted.item) }
      }
      carried[instrument.id] = standing.isEmpty ? nil : standing
      asked[instrument.id] = instrument.standing(
        answers: answers[instrument.id] ?? [:], carried: standing)
    }
    return carried
  }
}

/// The answers of submitted sessions, oldest first.
private struct Standing {
  private var firsts: [[String]: Answer] = [:]
  /// Those of the last session that answered the instrument, so that a goal which was dropped there does
  /// not come back.
  private var lasts: [String: (session: UUID, answers: [String: Answer])] = [:]

  init(_ rows: [StandingAnswer]) {
    for row in rows {
      guard let answer = Answer(row.answer) else { continue }
      if firsts[[row.instrument, row.item]] == nil { firsts[[row.instrument, row.item]] = answer }
      if lasts[row.instrument]?.session != row.session {
        lasts[row.instrument] = (row.session, [:])
      }
      lasts[row.instrument]?.answers[row.item] = answer
    }
  }

  func first(_ instrument: String, _ item: String) -> Answer? { firsts[[instrument, item]] }

  func last(_ instrument: String, _ item: String) -> Answer? {
    lasts[instrument]?.answers[item]
  }
}
