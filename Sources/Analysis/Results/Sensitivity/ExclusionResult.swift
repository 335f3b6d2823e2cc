import Definitions
import Expressions
import Statistics
import Tables

/// The models once more without the rows that a plan doubts, beside those of everybody.
struct ExclusionResult: Sendable {
  let plan: PlanExclusion
  /// How many rows each part of the condition holds for, and of how many people; a row may count
  /// under several.
  let reasons: [Reason]
  /// Rows left out, and the people they are of.
  let rows: Int
  let persons: Int
  /// The models of the plan on the rows that remain.
  let models: [ModelResult]
  /// The contrasts of the plan on them.
  let contrasts: [ContrastResult]

  /// One part of the condition.
  struct Reason: Sendable {
    var words: String
    var rows: Int
    var persons: Int
  }

  init(
    _ exclusion: PlanExclusion, plan: AnalysisPlan, table: AnalysisTable, quality: SessionQuality,
    modelData: (Table) throws(ModelError) -> ModelData, factors: [String: [String]]
  ) {
    self.plan = exclusion
    let cells = RowValues(table, quality: quality)
    func found(_ expression: Expression) -> [Int] {
      table.rows.indices.filter { row in expression.isTrue { cells.value(of: $0, row: row) } }
    }
    func persons(_ rows: [Int]) -> Int { Set(rows.map { table.rows[$0].participant }).count }
    let alternatives = exclusion.expression.alternatives
    reasons = alternatives.map { part in
      let rows = found(part)
      return Reason(words: part.description, rows: rows.count, persons: persons(rows))
    }
    let excluded = found(exclusion.expression)
    rows = excluded.count
    self.persons = persons(excluded)
    let gone = Set(excluded)
    let kept = table.rows.indices.filter { !gone.contains($0) }
    models = plan.models.map { model in
      do throws(ModelError) {
        guard !kept.isEmpty else {
          throw .unsupported("the condition leaves no row")
        }
        return ModelResult(
          model, data: try modelData(table.table.keeping(rows: kept)), factors: factors,
          seed: plan.seed)
      } catch { return ModelResult(model, error: error) }
    }
    contrasts = ContrastResult.all(of: plan, models: models)
  }
}

/// The cells of a table as an expression reads them, and how carefully each session was answered.
struct RowValues {
  private let columns: [String: ColumnValues]
  private let table: AnalysisTable
  private let quality: SessionQuality

  init(_ table: AnalysisTable, quality: SessionQuality) {
    columns = Dictionary(
      table.table.columns.map { ($0.name, $0.values) }, uniquingKeysWith: { first, _ in first })
    self.table = table
    self.quality = quality
  }

  /// The value of a column or of the session's quality in a row.
  func value(of name: String, row: Int) -> Value {
    if let name = SessionQuality.Name(rawValue: name) {
      let own = table.rows[row]
      let slot = table.slots[own.slot]
      let key = OccasionKey(participant: own.participant, plan: slot.plan, index: slot.index)
      return quality.value(name, of: key).map(Value.number) ?? .missing
    }
    switch columns[name] {
    case .number(let cells): return cells[row].map(Value.number) ?? .missing
    case .integer(let cells): return cells[row].map { .number(Double($0)) } ?? .missing
    case .text(let cells): return cells[row].map(Value.text) ?? .missing
    case .truth(let cells): return cells[row].map(Value.truth) ?? .missing
    case .instant, .date, nil: return .missing
    }
  }
}
