import Definitions
import Tables

/// The planned measurements that ask for what a column of a plan rests on.
///
/// By the study's occasions as they are now, and by what was answered: where an earlier version of the
/// study asked, its answers count. What an occasion does not ask is not missing from it.
struct AskedSlots: Hashable, Sendable {
  private let positions: Set<Int>

  /// - Parameter column: a column of the plan; one that rests on no score is had everywhere.
  init(of column: String, plan: AnalysisPlan, study: StudyOutline, table: AnalysisTable) {
    let instruments = Self.instruments(of: column, plan: plan, study: study)
    let asking = Set(study.occasions.filter { instruments.isSubset(of: $0.instruments) }.map(\.id))
    var positions = Set(table.slots.indices.filter { asking.contains(table.slots[$0].plan) })
    for (row, value) in (table.table[column]?.values.doubles ?? []).enumerated()
    where !value.isNaN {
      positions.insert(table.rows[row].slot)
    }
    self.positions = positions
  }

  /// Whether the measurement at a position among the table's slots asks for the column.
  func contains(_ slot: Int) -> Bool { positions.contains(slot) }

  /// The instruments whose scores a column rests on, directly or through earlier columns.
  private static func instruments(
    of column: String, plan: AnalysisPlan, study: StudyOutline
  ) -> Set<String> {
    guard let position = plan.columns.firstIndex(where: { $0.name.value == column }) else {
      return []
    }
    let known = study.scoresByName
    var needed = plan.columns[position].names
    for earlier in plan.columns[..<position].reversed() where needed.contains(earlier.name.value) {
      needed.formUnion(earlier.names)
    }
    return Set(needed.compactMap { known[$0]?.instrument.id })
  }
}
