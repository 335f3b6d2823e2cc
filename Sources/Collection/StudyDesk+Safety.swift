package import Foundation
import Instruments
import LocalTime
package import Storage
import Studies

/// What a participant is shown who may not be well.
package struct SafetyNotice: Hashable, Sendable {
  /// The study's text, in the language of the session.
  package let text: String
  /// Whom to turn to, in one line.
  package let contact: String
}

/// An answer after which somebody of the study must look after a participant.
package struct Concern: Hashable, Sendable {
  /// The participant's name in research data.
  package let pseudonym: String
  /// The occasion's id in the study file, and its repetition from 0.
  package let plan: String
  package let index: Int
  /// The instrument's id.
  package let instrument: String
  /// The item's id.
  package let item: String
  /// When the answer arrived.
  package let answered: Date
  /// By when the study has promised to look at it.
  package let due: Date
  /// Whom the study has named to do so.
  package let alert: String
}

extension StudyDesk {
  /// What a session's participant is shown when an answer gives concern, and at the end; nil where nothing
  /// in the session asks about distress.
  ///
  /// - Throws: ``CollectionError`` when the session's publication is missing.
  package func safetyNotice(for session: SessionInProgress) throws -> SafetyNotice? {
    guard session.instruments.contains(where: { $0.items.contains(where: \.isDistress) }) else {
      return nil
    }
    let definitions = try version(session.session.publication).definitions
    guard let safety = definitions.study.safety else { return nil }
    let language = session.session.instruments.first?.language ?? ""
    let text = definitions.safetyTexts[language] ?? definitions.safetyTexts.values.first
    return text.map { SafetyNotice(text: $0.text, contact: safety.contact.line) }
  }

  /// The answers of concern that stand, oldest first, submitted or not, of test participants too.
  ///
  /// - Parameter since: answers before this moment are left out.
  package func concerns(since: Date = .distantPast) async throws -> [Concern] {
    try await database.read { try concerns(since: since, in: $0) }
  }

  /// The same within a snapshot; see ``concerns(since:)``.
  package func concerns(
    since: Date = .distantPast, in snapshot: ResearchSnapshot
  ) throws -> [Concern] {
    var items: [String: Set<String>] = [:]
    for version in versions.values {
      for (id, instrument) in version.definitions.instruments {
        items[id, default: []]
          .formUnion(instrument.items.filter { $0.concernedFrom != nil }.map(\.id))
      }
    }
    guard items.values.contains(where: { !$0.isEmpty }) else { return [] }
    return try snapshot.responseRows(to: items).compactMap { row in
      let response = row.response
      guard response.serverTime >= since, response.reason == nil,
        let answer = Answer(response.answer),
        let session = try snapshot.session(response.session)
      else { return nil }
      let version = try version(session.publication)
      guard let safety = version.study.safety,
        version.definitions.instruments[response.instrument]?.item(response.item)?
          .isConcerning(answer) == true
      else { return nil }
      let zone = TimeZone.gmt
      let due = LocalMoment(response.serverTime, in: zone).adding(safety.alertWithin, in: zone)
      return Concern(
        pseudonym: row.pseudonym, plan: row.plan, index: row.index,
        instrument: response.instrument, item: response.item, answered: response.serverTime,
        due: due.instant, alert: safety.alertEmail)
    }
  }
}
