import Foundation
import Instruments
package import Storage
import Studies

/// A sign that a session may have been answered without reading. It is a reason to look, not to exclude:
/// that is for the analysis plan, which was locked before anybody saw these.
package struct QualityFlag: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// One answer to every item of one response scale: the long string (Johnson, 2005,
    /// doi:10.1016/j.jrp.2004.09.009) at its longest.
    case straightLining = "straight_lining"
    /// Less than two seconds an item (Huang et al., 2012, doi:10.1007/s10869-011-9231-8).
    case tooFast = "too_fast"
    /// An item with a known right answer that got another.
    case failedCheck = "failed_check"
  }

  package let kind: Kind
  package let session: SubmittedSession
  /// The instrument that shows it; nil where the whole session does.
  package let instrument: String?
}

extension QualityFlag {
  /// How many items of one scale must have the same answer: with fewer, people often mean it.
  static let fewestItems = 6
  /// How many seconds an item takes who reads it.
  static let secondsPerItem = 2.0

  /// What the answers of one instrument show.
  static func kinds(_ instrument: Instrument, _ answers: [String: Answer]) -> [Kind] {
    var kinds: [Kind] = []
    let checked = Set(instrument.checks.map(\.item))
    var given: [String: [Answer]] = [:]
    for item in instrument.items where !checked.contains(item.id) {
      guard case .likert(let scale) = item.kind, let answer = answers[item.id] else { continue }
      given["\(scale.options.map(\.value))", default: []].append(answer)
    }
    if given.values.contains(where: { $0.count >= fewestItems && Set($0).count == 1 }) {
      kinds.append(.straightLining)
    }
    let isFailed = instrument.checks.contains { check in
      answers[check.item].map { $0 != check.expected } ?? false
    }
    return isFailed ? kinds + [.failedCheck] : kinds
  }

  /// Whether a session was answered faster than it can be read.
  static func isTooFast(_ session: SubmittedSession, answered: Int) -> Bool {
    !session.isImported && answered > 0
      && session.submitted.timeIntervalSince(session.begun) < Double(answered) * secondsPerItem
  }
}

extension StudyDesk {
  /// How many of the latest submissions are looked at for flags: what fits a page and a second.
  package static let flaggedSessions = 200

  /// The flags of the latest submissions, newest first.
  ///
  /// - Throws: ``CollectionError`` `notAllowed`.
  package func qualityFlags(for researcher: Researcher) async throws -> [QualityFlag] {
    try researcher.check(.answers)
    return try await database.read { snapshot in
      try snapshot.submittedSessions(at: researcher.sites, limit: Self.flaggedSessions)
        .flatMap { session in
          let responses = try snapshot.responses(ofSession: session.uuid)
            .filter { $0.reason == nil }
          let version = try version(session.publication)
          var flags: [QualityFlag] = []
          if QualityFlag.isTooFast(session, answered: responses.count) {
            flags.append(QualityFlag(kind: .tooFast, session: session, instrument: nil))
          }
          for (id, own) in Dictionary(grouping: responses, by: \.instrument)
            .sorted(by: { $0.key < $1.key })
          {
            let answers = Dictionary(
              own.compactMap { row in Answer(row.answer).map { (row.item, $0) } },
              uniquingKeysWith: { $1 })
            flags += QualityFlag.kinds(try version.instrument(id), answers).map {
              QualityFlag(kind: $0, session: session, instrument: id)
            }
          }
          return flags
        }
    }
  }
}
