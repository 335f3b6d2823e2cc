import Storage
import Tables

/// Who the participants were at the start, arm by arm: the first table of most trials' reports.
///
/// Nothing is tested: after a random allocation, differences at the start are by chance.
struct BaselineCharacteristics: Sendable {
  /// One line: a share of people, or the mean of a column that the first measurement asks for.
  struct Line: Sendable {
    /// `Site` or a column's label.
    var name: String
    /// A site's id, or the label of the measurement.
    var at: String
    /// By group.
    var cells: [Cell]
  }

  /// What one group is like.
  enum Cell: Hashable, Sendable {
    /// How many of how many people.
    case people(Int, of: Int)
    /// Of the values that are there; NaN where there are too few.
    case values(count: Int, mean: Double, deviation: Double)
  }

  /// The arms and then nil for everybody in one of them; nil alone in a study without arms.
  let groups: [String?]
  let lines: [Line]

  init(
    columns: [String], asked: [String: AskedSlots], study: StudyOutline, table: AnalysisTable,
    participants: [ParticipantRow]
  ) {
    let groups = study.arms.map(Optional.some) + [nil]
    let people = participants.filter { study.arms.isEmpty || $0.arm != nil }
    func members(_ group: String?) -> [ParticipantRow] {
      people.filter { group == nil || $0.arm == group }
    }
    self.groups = groups
    let sites = Set(people.map(\.participant.site)).sorted()
    let bySite = sites.map { site in
      Line(
        name: "Site", at: site,
        cells: groups.map { group in
          let own = members(group)
          return .people(own.count { $0.participant.site == site }, of: own.count)
        })
    }
    let byColumn = columns.compactMap { column -> Line? in
      guard let values = table.table[column]?.values.doubles,
        let slot = table.slots.indices.first, asked[column]?.contains(slot) == true
      else { return nil }
      return Line(
        name: table.table[column]?.label ?? column, at: table.slots[slot].label,
        cells: groups.map { group in
          let own = table.rows.indices.filter { row in
            let arm = table.rows[row].arm
            return table.rows[row].slot == slot
              && (group == nil ? study.arms.isEmpty || arm != nil : arm == group)
          }
          let described = Descriptive(
            column: column, arm: group, slot: slot, values: own.map { values[$0] })
          return .values(
            count: described.count, mean: described.mean, deviation: described.deviation)
        })
    }
    lines = (sites.count > 1 ? bySite : []) + byColumn
  }
}
