import Definitions
import Instruments

/// The scores that a study file can name, as far as its instruments could be read.
struct ScoreNames {
  /// The scores of the instruments that are there, such as `needs-6.satisfaction`, in order.
  let known: [String]
  private let there: Set<String>
  private let named: Set<String>
  private let namesAll: Bool

  init(of draft: StudyDraft, instruments: [String: Instrument]) {
    known = instruments.values.flatMap { instrument in
      instrument.scores.map { "\(instrument.id).\($0.name)" }
    }.sorted()
    there = Set(instruments.keys)
    named = Set(draft.instruments.map(\.value))
    namesAll = draft.namesAllInstruments
  }

  /// Whether nothing can be said about a name, because its instrument is missing: that is a problem
  /// of its own, and one is enough.
  func isBeyondReach(_ name: String) -> Bool {
    guard let dot = name.firstIndex(of: ".") else { return false }
    let instrument = String(name[..<dot])
    return !there.contains(instrument) && (named.contains(instrument) || !namesAll)
  }
}
