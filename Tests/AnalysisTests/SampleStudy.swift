import Definitions
import Foundation
import Studies
import Tables

@testable import Analysis
@testable import Storage

/// A study in memory: two arms, a baseline and two follow-ups, one instrument, with a true effect.
struct SampleStudy {
  static let enrolled = Date(timeIntervalSince1970: 1_768_208_400)  // 2026-01-12T09:00Z

  /// Text that stands wherever an author's text can.
  var text = "Sample"
  var participants = 80
  /// The true difference of slopes per week.
  var effect = 0.05
  var spread = 0.3

  static let plan = """
    id: sample
    study: sample
    question: Does it grow faster?
    estimand: difference in weekly slope
    table:
      rows: occasion
      occasions: [baseline, followup]
      columns:
        need: needs-3.need
        wave: index
        week: days_since(enrolment) / 7
    describe: { by: arm }
    models:
      - id: growth
        formula: need ~ week * arm + (week | participant)
        primary: true
      - id: simple
        formula: need ~ week + arm + (1 | participant)
        method: ML
    contrasts:
      - { id: slope, model: growth, of: "week:arm[supportive]" }
    figures: [course, coefficients]
    """

  /// A plan without problems, or the problems.
  static func load(_ text: String) -> (plan: AnalysisPlan?, problems: Problems) {
    var problems = Problems()
    let plan = AnalysisPlan.load(Array(text.utf8), file: "plan.yaml", problems: &problems)
    return (plan, problems)
  }

  var outline: StudyOutline {
    StudyOutline(
      id: "sample", version: "1.0.0", title: text, contentHash: "0",
      arms: ["usual", "supportive"],
      occasions: [
        .init(id: "baseline", times: 1, instruments: ["needs-3"]),
        .init(id: "followup", times: 2, instruments: ["needs-3"]),
      ],
      instruments: [
        .init(
          id: "needs-3", version: "1.0.0", title: text, wording: "adapted",
          basis: "Scale (\(text))", contentHash: "0",
          items: ["a", "b", "c"].map { id in
            .init(
              id: id, text: text, kind: .likert,
              valueLabels: (1...5).map { Column.ValueLabel($0, text) }, isReversed: id == "c",
              range: 1...5)
          },
          scores: [
            {
              var score = StudyOutline.Score(
                name: "need", definition: "mean of a, b, c", range: 1...5)
              score.items = ["a", "b", "c"]
              return score
            }()
          ])
      ],
      consentParts: [
        .init(version: 1, id: "taking_part", question: "Do you take part?", isRequired: true),
        .init(version: 1, id: "news", question: text, isRequired: false),
      ])
  }

  /// Rows as `Storage` would give them: everyone's three occasions, one in nine follow-ups missed.
  var rows: StudyRows {
    var people: [ParticipantRow] = []
    var occasions: [OccasionRow] = []
    var responses: [ResponseRow] = []
    var scores: [ScoreRow] = []
    var random = SeededGenerator(seed: 7)
    func draw() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + random.uniform() } }
    for number in 0..<participants {
      let pseudonym = "P-" + String(number + 1000)
      let arm = number % 2 == 0 ? "usual" : "supportive"
      people.append(
        ParticipantRow(
          participant: ParticipantRecord(
            uuid: UUID(), pseudonym: pseudonym, enrolled: Self.enrolled, zone: "Europe/Amsterdam",
            publication: 1), arm: arm, allocated: Self.enrolled))
      let start = 3 + spread * draw()
      let slope = 0.01 + (arm == "supportive" ? effect : 0) + 0.01 * draw()
      for wave in 0..<3 {
        let isMissed = wave > 0 && (number + wave) % 9 == 0
        let row = Self.occasion(pseudonym, arm, wave: wave, isMissed: isMissed)
        occasions.append(row)
        guard let session = row.session else { continue }
        let value = min(5, max(1, start + slope * Double(4 * wave) + 0.2 * draw()))
        scores.append(
          ScoreRow(
            pseudonym: pseudonym, plan: row.occasion.plan, index: row.occasion.index,
            isLate: false, isCurrent: true,
            score: ScoreRecord(
              session: session, instrument: "needs-3", name: "need", version: "1.0.0",
              scoringHash: "0", value: value, answered: 3, items: 3, isProrated: false,
              computed: Self.enrolled)))
        responses += ["a", "b", "c"].map { item in
          ResponseRow(
            pseudonym: pseudonym, plan: row.occasion.plan, index: row.occasion.index,
            sessionState: .submitted, isLate: false, instrumentVersion: "1.0.0",
            instrumentHash: "0",
            response: ResponseRecord(
              session: session, instrument: "needs-3", item: item,
              answer: item == "b" && number == 0 ? .none : .number(value.rounded()),
              reason: item == "b" && number == 0 ? .leftBlank : nil, serverTime: Self.enrolled))
        }
      }
    }
    return StudyRows(
      participants: people, occasions: occasions, responses: responses, scores: scores,
      consents: people.flatMap { person in
        [("taking_part", true), ("news", false)].map { part, isAgreed in
          ConsentRow(
            pseudonym: person.participant.pseudonym,
            consent: ConsentRecord(
              version: 1, part: part, isAgreed: isAgreed, textHash: "0", language: "en",
              decided: Self.enrolled))
        }
      })
  }

  private static func occasion(
    _ pseudonym: String, _ arm: String, wave: Int, isMissed: Bool
  ) -> OccasionRow {
    let opens = enrolled.addingTimeInterval(Double(wave) * 28 * 86_400)
    let closes = opens.addingTimeInterval(5 * 86_400)
    let begun = isMissed ? nil : opens.addingTimeInterval(3600)
    return OccasionRow(
      occasion: OccasionRecord(
        uuid: UUID(), pseudonym: pseudonym, plan: wave == 0 ? "baseline" : "followup",
        index: max(0, wave - 1), opens: opens, opensLocal: "", offsetSeconds: 3600,
        zone: "Europe/Amsterdam", zoneDataVersion: "2025b", closes: closes, graceEnds: closes,
        instruments: ["needs-3"], state: isMissed ? .missed : .submitted, stateSince: closes),
      site: "main", language: "en", enrolled: enrolled, isTest: false, arm: arm,
      session: isMissed ? nil : UUID(), sessionState: isMissed ? nil : .submitted, begun: begun,
      lastActive: begun, submitted: begun?.addingTimeInterval(600), isLate: false)
  }
}

/// A folder that goes when the test is over.
func withFolder(_ body: (URL) async throws -> Void) async throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "analysis-\(UUID())")
  defer { try? FileManager.default.removeItem(at: folder) }
  try await body(folder)
}
