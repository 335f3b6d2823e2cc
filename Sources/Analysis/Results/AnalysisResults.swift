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
  let models: [ModelResult]
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
    descriptives = outcomes.flatMap { Self.describe($0, table: table, study: study, plan: plan) }
    let factors = ["arm": study.arms, "occasion": study.occasions.map(\.id)]
    let modelData = Result<ModelData, ModelError> { () throws(ModelError) in
      try Self.modelData(table.table, factors: factors)
    }
    models = plan.models.map { model in
      switch modelData {
      case .success(let data): ModelResult(model, data: data, factors: factors)
      case .failure(let error): ModelResult(model, error: error)
      }
    }
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
    _ column: String, table: AnalysisTable, study: StudyOutline, plan: AnalysisPlan
  ) -> [Descriptive] {
    guard let values = table.table[column]?.values.doubles else { return [] }
    let isByArm = plan.describe.byArm && !study.arms.isEmpty
    let groups: [String?] = isByArm ? study.arms.map(Optional.some) : [nil]
    let cells = Dictionary(grouping: table.rows.indices) { row in
      Cell(arm: isByArm ? table.rows[row].arm : nil, slot: table.rows[row].slot)
    }
    return groups.flatMap { group in
      table.slots.indices.map { slot in
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

  /// What a person should read before the numbers: models that could not be fitted.
  var warnings: [String] {
    models.compactMap { result in
      guard case .failure(let error) = result.outcome else { return nil }
      return "model \(result.model.id.value) was not fitted: \(error.description)"
    }
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
      return plan.contrasts.filter { $0.model.value == id && result.effect($0) == nil }.map {
        "the model \(id) does not estimate the contrast \($0.coefficient.value)"
      }
    }
  }

  /// The column's label for people.
  func label(of column: String) -> String { data.table[column]?.label ?? column }
}

extension ModelResult {
  /// A model that could not be tried.
  init(_ model: PlanModel, error: ModelError) {
    self.model = model
    outcome = .failure(error)
    intraclassCorrelation = nil
    factors = [:]
  }
}

extension Result {
  /// Catches a typed error.
  fileprivate init(_ body: () throws(Failure) -> Success) {
    do throws(Failure) { self = .success(try body()) } catch { self = .failure(error) }
  }
}
