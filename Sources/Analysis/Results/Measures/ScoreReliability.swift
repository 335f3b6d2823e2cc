import Definitions
import Statistics

/// How reliable a score is in this sample: of one measurement, and of a person's ups and downs.
struct ScoreReliability: Sendable {
  let plan: PlanReliability
  /// The score's name for people.
  let label: String
  let itemCount: Int
  /// The measurement that alpha and omega are of: the first at which the score was asked.
  let moment: String?
  let alpha: CronbachAlpha?
  /// ω total from one factor; nil for two items, or where the fit failed.
  let omega: Double?
  let levels: Levels?
  /// What could not be had, and why.
  let notes: [String]

  /// Reliability within persons and between them, over all occasions of the table.
  struct Levels: Sendable {
    var persons: Int
    var rows: Int
    var omegaWithin: Double?
    var omegaBetween: Double?
    var diary: DiaryReliability?
  }

  /// The reliability to use for one measurement: Spearman and Brown's of two items, else alpha.
  var coefficient: Double? { alpha.map { $0.spearmanBrown ?? $0.alpha } }

  init(
    _ plan: PlanReliability,
    score: (instrument: StudyOutline.Instrument, score: StudyOutline.Score),
    table: AnalysisTable, data: StudyRows, at slot: Int? = nil
  ) {
    self.plan = plan
    label = StudyOutline.label(score.score, of: score.instrument)
    itemCount = score.score.items.count
    let answers = ItemAnswers(
      of: score.score.items, in: score.instrument, table: table, data: data)
    let first = slot ?? answers.rows.map { table.rows[$0].slot }.min()
    moment = first.map { table.slots[$0].label }
    var notes: [String] = []
    func tried<Value>(
      _ what: String, _ body: () throws(ReliabilityError) -> Value
    ) -> Value? {
      do throws(ReliabilityError) { return try body() } catch {
        notes.append("\(what): \(error)")
        return nil
      }
    }
    alpha =
      plan.wantsAlpha
      ? tried("alpha") { () throws(ReliabilityError) in
        try CronbachAlpha(try answers.scores { table.rows[$0].slot == first })
      } : nil
    omega =
      plan.wantsAlpha && itemCount > 2
      ? tried("omega") { () throws(ReliabilityError) in
        try OneFactorModel(try answers.scores { table.rows[$0].slot == first }).omega
      } : nil
    if plan.isWithinPerson {
      var people: [String: Int] = [:]
      let persons = answers.rows.map { row in
        let name = table.rows[row].participant
        let code = people[name] ?? people.count
        people[name] = code
        return code
      }
      let times = answers.rows.map { Double(table.rows[$0].slot) }
      var levels = Levels(persons: people.count, rows: answers.rows.count)
      if itemCount > 2 {
        let found = tried("omega within and between persons") { () throws(ReliabilityError) in
          try TwoLevelFactorModel(try answers.scores { _ in true }, persons: persons)
        }
        levels.omegaWithin = found?.within.omega
        levels.omegaBetween = found?.between.omega
      } else {
        notes.append("omega within and between persons: it needs three items")
      }
      levels.diary = tried("the coefficients of Shrout and Lane") {
        () throws(ReliabilityError) in
        try DiaryReliability(try answers.scores { _ in true }, persons: persons, times: times)
      }
      self.levels = levels
    } else {
      levels = nil
    }
    self.notes = notes
  }
}
