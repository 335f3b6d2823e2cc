import Definitions
import Expressions
import Foundation
import Storage
import Tables

/// Computes the columns of a plan, row by row.
struct RowEvaluator {
  private let occasions: [OccasionRow]
  private let ranks: [OccasionKey: Int]
  private let scores: [OccasionKey: [String: ScoreRow]]
  /// The names that are scores and not columns of the plan.
  private let scoreNames: Set<String>
  private let exposures: ExposureEvaluator

  /// - Parameter names: The scores that the plan uses; a study has many that it does not.
  init(
    occasions: [OccasionRow], ranks: [OccasionKey: Int], scores: [ScoreRow], names: Set<String>,
    exposures: ExposureEvaluator
  ) {
    self.exposures = exposures
    self.occasions = occasions
    self.ranks = ranks
    var byOccasion: [OccasionKey: [String: ScoreRow]] = [:]
    for row in scores {
      let name = "\(row.score.instrument).\(row.score.name)"
      guard names.contains(name) else { continue }
      let key = OccasionKey(participant: row.pseudonym, plan: row.plan, index: row.index)
      byOccasion[key, default: [:]][name] = row
    }
    self.scores = byOccasion
    scoreNames = names.filter { $0.contains(".") && !ExposureName.isMeant($0) }
  }

  /// The plan's columns, in its order; each may use those before it.
  func columns(_ plan: AnalysisPlan, study: StudyOutline) -> [Column] {
    var earlier: [String: [Value]] = [:]
    var earlierReasons: [String: [Tables.MissingReason?]] = [:]
    var types: [String: ValueType] = [
      RowName.index: .number, RowName.daysSinceEnrolment: .number,
    ]
    let known = study.scoresByName
    for name in known.keys { types[name] = .number }
    for name in plan.exposureNames { types[name] = .number }
    return plan.columns.map { column in
      let values = occasions.indices.map { row in
        column.expression.evaluate { name in
          earlier[name]?[row] ?? value(of: name, row: row)
        }
      }
      let type = column.expression.resultType(names: types) ?? .number
      let names = column.expression.names.sorted()
      let inherited = names.compactMap { earlierReasons[$0] }
      let reasons = zip(occasions.indices, values).map { row, value in
        value.isMissing ? reason(names, row: row, inherited: inherited) : nil
      }
      earlierReasons[column.name.value] = reasons
      earlier[column.name.value] = values
      types[column.name.value] = type
      let source = column.source.trimmingCharacters(in: .whitespaces)
      let score = known[source]
      let exposure = ExposureName(source)?.feature
      return Column(
        column.name.value, Self.cells(values, type),
        label: score.map { StudyOutline.label($0.score, of: $0.instrument) } ?? exposure?.label
          ?? column.source,
        definition: (score?.score.definition ?? exposure?.definition)
          .map { "\(column.source): \($0)" } ?? column.source,
        unit: exposure?.unit,
        valueLabels: score?.score.valueLabels ?? [], range: score?.score.range,
        missingReasons: reasons)
    }
  }

  private func value(of name: String, row: Int) -> Value {
    let occasion = occasions[row]
    switch name {
    case RowName.index: return ranks[occasion.key].map { .number(Double($0)) } ?? .missing
    case RowName.daysSinceEnrolment:
      // A missed occasion happened, if at all, when it was planned.
      let moment = occasion.begun ?? occasion.occasion.opens
      return .number(moment.timeIntervalSince(occasion.enrolled) / 86_400)
    default:
      if let exposure = ExposureName(name) {
        return exposures.result(exposure, for: occasion).value.map(Value.number) ?? .missing
      }
      guard !occasion.isLate, let score = scores[occasion.key]?[name]?.score.value else {
        return .missing
      }
      return .number(score)
    }
  }

  /// Why a row has no value: the occasion's own reason, else that of the first score or earlier column
  /// without one, else that the expression has none for what is there.
  private func reason(
    _ names: [String], row: Int, inherited: [[Tables.MissingReason?]]
  ) -> Tables.MissingReason {
    let occasion = occasions[row]
    // What came before a missed occasion is known all the same.
    for name in names.compactMap(ExposureName.init) {
      if let reason = exposures.result(name, for: occasion).reason { return reason }
    }
    if occasion.isLate { return .expired }
    if let reason = occasion.occasion.state.missingReason,
      let shared = Tables.MissingReason(rawValue: reason.rawValue)
    {
      return shared
    }
    for name in names where scoreNames.contains(name) {
      guard let score = scores[occasion.key]?[name] else { return .notShown }
      if let reason = StudyExport.reason(score.score.absence) { return reason }
    }
    return inherited.lazy.compactMap { $0[row] }.first ?? .notDefined
  }

  private static func cells(_ values: [Value], _ type: ValueType) -> ColumnValues {
    switch type {
    case .number: .number(values.map(\.number))
    case .truth: .truth(values.map(\.truth))
    case .text: .text(values.map(\.text))
    }
  }
}
