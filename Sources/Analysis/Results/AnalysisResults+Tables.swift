import Definitions
import Statistics
import Tables

extension AnalysisResults {
  /// The tables that are written as CSV: the analysis table first, then what the report shows.
  func tables() throws -> [Table] {
    [
      data.table, try baselineTable(), try completenessTable(), try descriptiveTable(),
      try fixedEffectsTable(),
      try varianceTable(),
    ] + (try modelTables()) + (try measureTables())
      + (try sensitivityTables())
  }

  private func baselineTable() throws -> Table {
    let entries = baseline.lines.flatMap { line in
      zip(baseline.groups, line.cells).map { (line: line, arm: $0, cell: $1) }
    }
    func number(_ cell: BaselineCharacteristics.Cell) -> (
      share: Double?, mean: Double?, sd: Double?
    ) {
      switch cell {
      case .people(let count, let all): (all == 0 ? nil : Double(count) / Double(all), nil, nil)
      case .values(_, let mean, let deviation): (nil, mean.ifFinite, deviation.ifFinite)
      }
    }
    return try Table(
      name: "baseline", title: "Participants at the start, by arm",
      columns: [
        Column("characteristic", .text(entries.map(\.line.name)), definition: "what is described"),
        Column("at", .text(entries.map(\.line.at)), definition: "site, or planned measurement"),
        Column("arm", .text(entries.map(\.arm)), definition: "as allocated; empty for everyone"),
        Column(
          "n",
          .integer(
            entries.map { entry in
              switch entry.cell {
              case .people(let count, _): count
              case .values(let count, _, _): count
              }
            }), definition: "people, or values that are there"),
        Column("share", .number(entries.map { number($0.cell).share }), definition: "of the arm"),
        Column(
          "mean", .number(entries.map { number($0.cell).mean }), definition: "arithmetic mean"),
        Column(
          "standard_deviation", .number(entries.map { number($0.cell).sd }),
          definition: "with n − 1"),
      ])
  }

  private func completenessTable() throws -> Table {
    let entries = flow.arms.flatMap { arm in arm.slots.map { (arm: arm.arm, slot: $0) } }
    func count(
      _ name: String, _ definition: String, _ value: (ParticipantFlow.Slot) -> Int
    ) -> Column {
      Column(name, .integer(entries.map { value($0.slot) }), definition: definition)
    }
    return try Table(
      name: "completeness", title: "What became of the planned occasions, by arm",
      columns: [
        Column("arm", .text(entries.map(\.arm)), definition: "as allocated"),
        Column("occasion", .text(entries.map(\.slot.label)), definition: "planned measurement"),
        count("submitted", "sessions submitted", \.submitted),
        count("partial", "sessions begun and not submitted", \.partial),
        count("missed", "occasions closed without a session", \.missed),
        count("cancelled", "occasions cancelled or skipped", \.cancelled),
        count("not_yet", "occasions not closed when the data were read", \.notYet),
        Column(
          "compliance", .number(entries.map(\.slot.compliance)), definition: "submitted out of due"
        ),
      ])
  }

  private func descriptiveTable() throws -> Table {
    func number(
      _ name: String, _ definition: String, _ value: (Descriptive) -> Double
    ) -> Column {
      Column(
        name, .number(descriptives.map { value($0).isNaN ? nil : value($0) }),
        definition: definition)
    }
    return try Table(
      name: "descriptives", title: "Scores by arm and planned measurement",
      columns: [
        Column("column", .text(descriptives.map(\.column)), definition: "column of the plan"),
        Column("arm", .text(descriptives.map(\.arm)), definition: "as allocated"),
        Column(
          "occasion", .text(descriptives.map { data.slots[$0.slot].label }),
          definition: "planned measurement"),
        Column("n", .integer(descriptives.map(\.count)), definition: "rows with a value"),
        Column(
          "missing", .integer(descriptives.map(\.missing)), definition: "due rows without a value"),
        number("mean", "arithmetic mean", \.mean),
        number("standard_deviation", "with n − 1", \.deviation),
        number("lower", "95 % interval of the mean by Student's t", \.lower),
        number("upper", "95 % interval of the mean by Student's t", \.upper),
        number("minimum", "least value", \.least),
        number("maximum", "greatest value", \.most),
      ])
  }
}
