import Definitions
import Expressions
import Storage

/// How many sessions read an instrument in one wording.
struct WordingUse: Hashable, Sendable {
  /// The instrument's id.
  var instrument: String
  /// The language read.
  var language: String
  /// The overlay with its version, and where it comes from; `nil` for the instrument's own words.
  var overlay: String?
  var provenance: String?
  var sessions: Int

  /// The wordings of the instruments whose scores a plan uses, by instrument, most read first.
  static func all(
    of rows: StudyRows, plan: AnalysisPlan, study: StudyOutline
  ) -> [WordingUse] {
    let names = plan.columns.reduce(into: Set<String>()) { $0.formUnion($1.names) }
    let known = study.scoresByName
    let instruments = Set(names.compactMap { known[$0]?.instrument.id })
    let plans = Set(plan.occasions.map(\.value))
    let asked = rows.asked.filter {
      instruments.contains($0.instrument.id) && (plans.isEmpty || plans.contains($0.plan))
    }
    return Dictionary(grouping: asked) { row in
      [row.instrument.id, row.instrument.language, row.instrument.overlay?.hash ?? ""]
    }.values.compactMap { rows -> WordingUse? in
      guard let first = rows.first?.instrument else { return nil }
      let wording = first.overlay.flatMap { overlay in
        study.wordings.first { $0.id == overlay.id && $0.hash == overlay.hash }
      }
      return WordingUse(
        instrument: first.id, language: first.language,
        overlay: first.overlay.map { "\($0.id) \($0.version)" },
        provenance: wording?.provenance
          ?? first.overlay.map { $0.isReviewed ? "reviewed" : "not reviewed" },
        sessions: rows.count)
    }.sorted {
      ($0.instrument, -$0.sessions, $0.overlay ?? "")
        < ($1.instrument, -$1.sessions, $1.overlay ?? "")
    }
  }

  /// `Dutch words…` as a report lists it.
  var words: String {
    let whose = overlay.map { "overlay \($0)" } ?? "the instrument’s own words"
    return "\(whose) (\(language)): \(NumberText.counted(sessions, "session", "sessions"))"
      + (provenance.map { "; \($0)" } ?? "")
  }
}
