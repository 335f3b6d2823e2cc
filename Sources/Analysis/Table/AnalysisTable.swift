import Definitions
import Expressions
import Foundation
import Storage
import Tables

/// One row per due occasion, missed ones included, with the columns that a plan names.
struct AnalysisTable: Sendable {
  /// What stands beside each row that the report needs and no model uses.
  struct Row: Sendable {
    var participant: String
    var arm: String?
    var site: String
    /// The position in ``slots``.
    var slot: Int
    var state: OccasionState
  }

  let table: Table
  let rows: [Row]
  /// The planned measurements that have rows, in the order of the study.
  let slots: [OccasionSlot]
  /// How many submitted occasions came after their window and grace, and so count as missing.
  let lateCount: Int

  /// Builds the table.
  ///
  /// - Throws: `Table.Problem` only if a plan's columns are not unique, which checking excludes.
  init(plan: AnalysisPlan, study: StudyOutline, data: StudyRows) throws {
    let plans = Set(
      plan.occasions.isEmpty ? study.occasions.map(\.id) : plan.occasions.map(\.value))
    let selected = data.occasions.filter { plans.contains($0.occasion.plan) }
    let ranks = Self.plannedRanks(selected)
    let due = selected.filter(\.occasion.state.isDue)
    let slots = Self.slots(study: study, plans: plans, occasions: selected)
    let positions = Dictionary(
      slots.enumerated().map { (SlotKey(plan: $1.plan, index: $1.index), $0) },
      uniquingKeysWith: { first, _ in first })
    var rows: [Row] = []
    var kept: [OccasionRow] = []
    for row in due {
      let key = SlotKey(plan: row.occasion.plan, index: row.occasion.index)
      guard let slot = positions[key] else { continue }
      rows.append(
        Row(
          participant: row.occasion.pseudonym, arm: row.arm, site: row.site, slot: slot,
          state: row.occasion.state))
      kept.append(row)
    }
    self.rows = rows
    self.slots = slots
    lateCount = kept.count(where: \.isLate)
    let names = plan.columns.reduce(into: Set<String>()) { $0.formUnion($1.names) }
    var days = StudyDayNumbers()
    let dayNumbers = kept.map { days.number(of: $0) }
    let evaluator = RowEvaluator(
      occasions: kept, ranks: ranks, scores: data.scores, names: names,
      exposures: ExposureEvaluator(data.logs, study: study),
      others: OtherRows(kept, days: dayNumbers, all: data.occasions, study: study),
      days: dayNumbers)
    table = try Table(
      name: "analysis", title: "One row per due occasion, missed ones included",
      columns: Self.givenColumns(kept, ranks, dayNumbers, study)
        + evaluator.columns(plan, study: study))
  }

  private struct SlotKey: Hashable {
    var plan: String
    var index: Int
  }

  /// The slots with their mean days from enrolment; those that nobody was planned for are left out.
  private static func slots(
    study: StudyOutline, plans: Set<String>, occasions: [OccasionRow]
  ) -> [OccasionSlot] {
    var days: [SlotKey: (sum: Double, count: Int)] = [:]
    for row in occasions {
      let key = SlotKey(plan: row.occasion.plan, index: row.occasion.index)
      let since = row.occasion.opens.timeIntervalSince(row.enrolled) / 86_400
      days[key, default: (0, 0)].sum += since
      days[key, default: (0, 0)].count += 1
    }
    return OccasionSlot.slots(of: study, plans: plans).compactMap { slot in
      guard let entry = days[SlotKey(plan: slot.plan, index: slot.index)] else { return nil }
      var slot = slot
      slot.days = entry.sum / Double(entry.count)
      return slot
    }
  }

  /// The planned index of each occasion among the participant's of this table, from 0.
  private static func plannedRanks(_ rows: [OccasionRow]) -> [OccasionKey: Int] {
    var ranks: [OccasionKey: Int] = [:]
    var next: [String: Int] = [:]
    for row in rows {
      let rank = next[row.occasion.pseudonym, default: 0]
      ranks[row.key] = rank
      next[row.occasion.pseudonym] = rank + 1
    }
    return ranks
  }

  private static func givenColumns(
    _ rows: [OccasionRow], _ ranks: [OccasionKey: Int], _ days: [Int?], _ study: StudyOutline
  ) -> [Column] {
    [
      Column(
        "participant", .text(rows.map(\.occasion.pseudonym)), label: "participant",
        definition: "pseudonym"),
      Column("site", .text(rows.map(\.site)), label: "site", definition: "site of enrolment"),
      Column(
        "arm", .text(rows.map(\.arm)), label: "arm", definition: "as allocated",
        codes: ColumnCodes.arms(study),
        missingReasons: rows.map { $0.arm == nil ? .notApplicable : nil }),
      Column(
        "occasion", .text(rows.map(\.occasion.plan)), label: "occasion",
        definition: "id in the study file", codes: ColumnCodes.occasions(study)),
      Column(
        "repetition", .integer(rows.map(\.occasion.index)), label: "repetition",
        definition: "of a repeated occasion, from 0"),
      Column(
        "index", .integer(rows.map { ranks[$0.key] }), label: "planned index",
        definition: "of the occasion among the participant's in this table, from 0"),
      Column(
        "day", .integer(days), label: "study day",
        definition: "of the planned opening, from 04:00 to 04:00; day 1 is the date of enrolment",
        missingReasons: days.map { $0 == nil ? .notDefined : nil }),
      Column(
        "state", .text(rows.map(\.occasion.state.rawValue)), label: "state",
        definition: "what became of the occasion", codes: ColumnCodes.dueStates),
    ]
  }
}

extension OccasionRow {
  /// Who and which.
  var key: OccasionKey {
    OccasionKey(
      participant: occasion.pseudonym, plan: occasion.plan, index: occasion.index)
  }
}
