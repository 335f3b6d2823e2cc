import Definitions
import Statistics
import Tables

/// Everything that was computed, before it is written in any form.
struct AnalysisResults: Sendable {
  let plan: AnalysisPlan
  let study: StudyOutline
  /// Whether simulated people answered.
  let isSimulated: Bool
  /// The version of Longwell.
  let version: String
  let flow: ParticipantFlow
  let data: AnalysisTable
  /// SHA-256 of the analysis table as written.
  let dataHash: String
  let descriptives: [Descriptive]
  /// The columns described: the responses of the models, then other scores of the plan.
  let outcomes: [String]
  /// At which planned measurements each of them is asked.
  let asked: [String: AskedSlots]
  let baseline: BaselineCharacteristics
  let models: [ModelResult]
  let contrasts: [ContrastResult]
  let comparisons: [ModelComparison]
  let margins: [MarginResult]
  let reliabilities: [ScoreReliability]
  let itemFunctioning: [ItemFunctioning]
  let changes: [ChangeResult]
  let trends: [TrendResult]
  /// Who leaves; nil where the plan does not ask.
  let attrition: AttritionResult?
  /// Of the first outcome; nil where the plan does not ask, or there is nothing to see.
  let patterns: MissingPatterns?
  let exclusion: ExclusionResult?
  let delta: DeltaResult?
  /// In whose words the instruments of the analysed scores were read, and in how many sessions each.
  let wordings: [WordingUse]
  /// Whether the plan was locked, and what has become of it since.
  let lock: PlanLockStatus

  /// Computes what the plan asks for.
  init(
    plan: AnalysisPlan, study: StudyOutline, data rows: StudyRows, isSimulated: Bool,
    version: String
  ) throws {
    let table = try AnalysisTable(plan: plan, study: study, data: rows)
    self.plan = plan
    self.study = study
    self.isSimulated = isSimulated
    self.version = version
    data = table
    dataHash = Hashing.hexadecimal(table.table.csv())
    flow = ParticipantFlow(study: study, slots: table.slots, data: rows)
    lock = PlanLockStatus(of: plan, among: rows.locks)
    wordings = WordingUse.all(of: rows, plan: plan, study: study)
    let outcomes = Self.outcomes(plan, study)
    self.outcomes = outcomes
    let asked = Dictionary(
      outcomes.map { ($0, AskedSlots(of: $0, plan: plan, study: study, table: table)) },
      uniquingKeysWith: { first, _ in first })
    self.asked = asked
    descriptives = outcomes.flatMap { column in
      Self.describe(
        column, asked: asked[column], table: table, study: study, plan: plan)
    }
    baseline = BaselineCharacteristics(
      columns: outcomes, asked: asked, study: study, table: table,
      participants: rows.participants)
    attrition =
      plan.describe.attrition
      ? AttritionResult(columns: outcomes, study: study, table: table, data: rows) : nil
    patterns =
      plan.describe.missing
      ? outcomes.first.flatMap { column in
        asked[column].flatMap {
          MissingPatterns(column: column, asked: $0, study: study, table: table)
        }
      } : nil
    let scores = study.scoresByName
    reliabilities = plan.reliabilities.compactMap { wanted in
      scores[wanted.score.value].map {
        ScoreReliability(wanted, score: $0, table: table, data: rows)
      }
    }
    itemFunctioning = plan.reliabilities.flatMap { wanted in
      wanted.groupings.compactMap { grouping in
        scores[wanted.score.value].map {
          ItemFunctioning(
            by: grouping, name: wanted.score.value, score: $0, table: table, data: rows)
        }
      }
    }
    func label(_ column: Located<String>) -> String {
      table.table[column.value]?.label ?? column.value
    }
    changes = plan.changes.map { change in
      ChangeResult(
        change, label: label(change.column), study: study, table: table,
        reliability: Self.reliability(of: change, plan: plan, study: study, table, rows))
    }
    trends = plan.trends.map { TrendResult($0, label: label($0.column), table: table) }
    let factors = ["arm": study.arms, "occasion": study.occasions.map(\.id)]
    let modelData = Result(catching: { () throws(ModelError) in
      try Self.modelData(table.table, factors: factors)
    })
    let models = plan.models.map { model in
      switch modelData {
      case .success(let data):
        ModelResult(
          model, data: data, factors: factors, lagged: plan.lags(of: model.formula.responseName),
          seed: plan.seed)
      case .failure(let error): ModelResult(model, error: error)
      }
    }
    self.models = models
    let contrasts = ContrastResult.all(of: plan, models: models)
    self.contrasts = contrasts
    exclusion = plan.exclusion.map { exclusion in
      ExclusionResult(
        exclusion, plan: plan, table: table, quality: SessionQuality(rows, study: study),
        modelData: { (kept) throws(ModelError) in try Self.modelData(kept, factors: factors) },
        factors: factors)
    }
    delta = plan.delta.flatMap { delta in
      guard let model = plan.missingModel,
        let result = models.first(where: { $0.model.id.value == model.id.value }),
        case .success(let data) = modelData
      else { return nil }
      return DeltaResult(
        delta, plan: plan, study: study, result: result, contrasts: contrasts,
        asked: asked[model.formula.responseName], table: table, data: data)
    }
    comparisons = plan.comparisons.compactMap { ModelComparison($0, among: models) }
    margins = plan.margins.compactMap { margin in
      guard let model = models.first(where: { $0.model.id.value == margin.model.value }),
        case .success(let data) = modelData
      else { return nil }
      return MarginResult(margin, model: model, data: data)
    }
  }

  /// The reliability that a change is judged by: the one given, or this sample's at the first of its
  /// moments.
  private static func reliability(
    of change: PlanChange, plan: AnalysisPlan, study: StudyOutline, _ table: AnalysisTable,
    _ rows: StudyRows
  ) -> Result<Double, ReliabilityError> {
    if case .value(let value) = change.reliability { return .success(value) }
    let source = plan.columns.first { $0.name.value == change.column.value }?.source ?? ""
    guard let score = study.scoresByName[source] else {
      return .failure(.tooFewItems(items: 0, needed: 2))
    }
    let wanted = PlanReliability(
      score: Located(source, at: change.column.place), wantsAlpha: true, isWithinPerson: false)
    let found = ScoreReliability(
      wanted, score: score, table: table, data: rows,
      at: ChangeResult.slot(change.before, of: table))
    guard let coefficient = found.coefficient else {
      return .failure(.noFit(found.notes.first ?? "nobody answered its items"))
    }
    return .success(coefficient)
  }

  /// The responses of the models in order, then the other columns that are scores as they stand.
  private static func outcomes(_ plan: AnalysisPlan, _ study: StudyOutline) -> [String] {
    let names = plan.columns.map(\.name.value)
    let responses = plan.models.map(\.formula.responseName).filter(names.contains)
    let known = study.scoresByName
    let scores = plan.columns.filter { known[$0.source] != nil }.map(\.name.value)
    var seen: Set<String> = []
    return (responses + scores).filter { seen.insert($0).inserted }
  }

  private static func describe(
    _ column: String, asked: AskedSlots?, table: AnalysisTable, study: StudyOutline,
    plan: AnalysisPlan
  ) -> [Descriptive] {
    guard let values = table.table[column]?.values.doubles else { return [] }
    let isByArm = plan.describe.byArm && !study.arms.isEmpty
    let groups: [String?] = isByArm ? study.arms.map(Optional.some) : [nil]
    let cells = Dictionary(grouping: table.rows.indices) { row in
      Cell(arm: isByArm ? table.rows[row].arm : nil, slot: table.rows[row].slot)
    }
    return groups.flatMap { group in
      table.slots.indices.filter { asked?.contains($0) == true }.map { slot in
        Descriptive(
          column: column, arm: group, slot: slot,
          values: (cells[Cell(arm: group, slot: slot)] ?? []).map { values[$0] })
      }
    }
  }

  /// One arm at one planned measurement.
  private struct Cell: Hashable {
    var arm: String?
    var slot: Int
  }

  /// The table as a model reads it: arms and occasions in the order of the study.
  private static func modelData(
    _ table: Table, factors: [String: [String]]
  ) throws(ModelError) -> ModelData {
    var columns: [(name: String, column: ModelData.Column)] = []
    for column in table.columns {
      if let numbers = column.values.doubles {
        columns.append((column.name, .numeric(numbers)))
      } else if case .text(let cells) = column.values {
        columns.append((column.name, .factor(text: cells, levels: factors[column.name])))
      }
    }
    return try ModelData(columns)
  }

  /// The model with this id.
  func model(_ id: String) -> ModelResult? { models.first { $0.model.id.value == id } }

  /// What a person should read before the numbers: what could not be computed, and why.
  var warnings: [String] {
    let unfitted = models.compactMap { result -> String? in
      guard case .failure(let error) = result.outcome else { return nil }
      return "model \(result.model.id.value) was not fitted: \(error.description)"
    }
    let uncompared = comparisons.compactMap { comparison -> String? in
      guard case .failure(let error) = comparison.test else { return nil }
      return
        "\(comparison.smaller) and \(comparison.larger) were not compared: \(error.description)"
    }
    let unknown = margins.compactMap { margin -> String? in
      guard case .failure(let error) = margin.sets else { return nil }
      return "margins of \(margin.plan.model.value) could not be had: \(error.description)"
    }
    let unjudged = changes.compactMap { change -> String? in
      guard case .failure(let error) = change.rule else { return nil }
      return "no rule for a reliable change of \(change.plan.column.value): \(error.description)"
    }
    var untried: [String] = []
    if case .failure(let error) = delta?.outcome {
      untried.append("missing answers were not drawn: \(error.description)")
    }
    return unfitted + uncompared + unknown + unjudged + untried
  }

  /// Why the question of the plan is not answered: its primary model could not be fitted (where none
  /// is primary, any), or does not estimate a contrast.
  var failures: [String] {
    let primary = models.filter(\.model.isPrimary)
    let asked = primary.isEmpty ? models : primary
    return asked.flatMap { result -> [String] in
      let id = result.model.id.value
      if case .failure(let error) = result.outcome {
        let kind = result.model.isPrimary ? "primary model" : "model"
        return ["the \(kind) \(id) was not fitted: \(error.description)"]
      }
      return contrasts.filter { $0.plan.model.value == id && $0.effect == nil }.map {
        "the model \(id) does not estimate the contrast \($0.plan.coefficient.value)"
      }
    }
  }

  /// The column's label for people.
  func label(of column: String) -> String { data.table[column]?.label ?? column }
}
