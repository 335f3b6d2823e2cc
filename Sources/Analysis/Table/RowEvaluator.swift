import Definitions
import Expressions
import Foundation
import Statistics
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
  private let others: OtherRows
  private let days: [Int?]

  /// - Parameter names: The scores that the plan uses; a study has many that it does not.
  init(
    occasions: [OccasionRow], ranks: [OccasionKey: Int], scores: [ScoreRow], names: Set<String>,
    exposures: ExposureEvaluator, others: OtherRows, days: [Int?]
  ) {
    self.exposures = exposures
    self.days = days
    self.others = others
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

  /// A column of the plan while the others are computed.
  private struct Cells {
    var values: [Value]
    var reasons: [Tables.MissingReason?]
  }

  /// The plan's columns, in its order; each may use those before it.
  func columns(_ plan: AnalysisPlan, study: StudyOutline) -> [Column] {
    var earlier: [String: Cells] = [:]
    var types: [String: ValueType] = [:]
    for name in RowName.numbers { types[name] = .number }
    let known = study.scoresByName
    for name in known.keys { types[name] = .number }
    for name in plan.exposureNames { types[name] = .number }
    return plan.columns.map { column in
      var named = earlier
      for (name, function) in column.functions {
        named[name] = cells(of: function, earlier: earlier)
        types[name] = .number
      }
      let values = occasions.indices.map { row in
        column.expression.evaluate { name in
          named[name]?.values[row] ?? value(of: name, row: row)
        }
      }
      let type = column.expression.resultType(names: types) ?? .number
      for name in column.functions.keys { types[name] = nil }
      let names = column.expression.names.sorted()
      let moved = names.filter { column.functions[$0] != nil }.compactMap { named[$0]?.reasons }
      let plain = names.filter { column.functions[$0] == nil }
      let inherited = plain.compactMap { earlier[$0]?.reasons }
      let reasons = zip(occasions.indices, values).map { row, value -> Tables.MissingReason? in
        guard value.isMissing else { return nil }
        return moved.lazy.compactMap { $0[row] }.first
          ?? reason(plain, row: row, inherited: inherited)
      }
      earlier[column.name.value] = Cells(values: values, reasons: reasons)
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

  /// What a function of other rows comes to, and where it has no value, why.
  private func cells(of function: ColumnFunction, earlier: [String: Cells]) -> Cells {
    if function.kind == .daysSince {
      let days = occasions.map { row in
        others.moment(of: function.argument, for: row).map { event in
          // A missed occasion happened, if at all, when it was planned.
          (row.begun ?? row.occasion.opens).timeIntervalSince(event) / 86_400
        }
      }
      return Cells(
        values: days.map { $0.map(Value.number) ?? .missing },
        reasons: days.map { $0 == nil ? .notApplicable : nil })
    }
    let plain = occasions.indices.map { row in
      earlier[function.argument]?.values[row] ?? value(of: function.argument, row: row)
    }
    func reason(_ row: Int) -> Tables.MissingReason? {
      guard plain[row].isMissing else { return nil }
      return earlier[function.argument]?.reasons[row]
        ?? self.reason([function.argument], row: row, inherited: [])
    }
    switch function.kind {
    case .within, .between:
      let centred = PersonCentring(plain.map { $0.number ?? .nan }, persons: others.persons)
      let values = function.kind == .within ? centred.within : centred.between
      return Cells(
        values: values.map { $0.isNaN ? .missing : .number($0) },
        reasons: values.indices.map { values[$0].isNaN ? reason($0) ?? .notDefined : nil })
    case .lag, .lead, .daysSince:
      let rows = occasions.indices.map { others.neighbour(of: $0, function.kind) }
      return Cells(
        values: rows.map { $0.map { plain[$0] } ?? .missing },
        reasons: rows.map { $0.map(reason) ?? .notApplicable })
    }
  }

  private func value(of name: String, row: Int) -> Value {
    let occasion = occasions[row]
    switch name {
    case RowName.index: return ranks[occasion.key].map { .number(Double($0)) } ?? .missing
    case RowName.repetition: return .number(Double(occasion.occasion.index))
    case RowName.day: return days[row].map { .number(Double($0)) } ?? .missing
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
