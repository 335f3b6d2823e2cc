import Definitions
import Statistics
import Tables

/// How much each person changed between two measurements, and whether by more than the scale's error.
struct ChangeResult: Sendable {
  let plan: PlanChange
  /// The column's label for people.
  let label: String
  /// The two measurements.
  let before, after: String
  /// The rule, or why there is none.
  let rule: Result<ReliableChange, ReliabilityError>
  /// By arm, in the order of the study; everyone together where it has none.
  let groups: [Group]

  /// The changes of one arm.
  struct Group: Sendable {
    var arm: String?
    /// Those with both values, and those with the first alone.
    var pairs: Int
    var withoutSecond: Int
    /// Of the changes; NaN without pairs.
    var mean: Double
    var deviation: Double
    /// Ends of the 95 % interval of the mean by Student's t; NaN below two pairs.
    var lower: Double
    var upper: Double
    /// The mean over the standard deviation before, of everyone.
    var standardised: Double
    var risen: Int
    var unchanged: Int
    var fallen: Int
  }

  init(
    _ plan: PlanChange, label: String, study: StudyOutline, table: AnalysisTable,
    reliability: Result<Double, ReliabilityError>
  ) {
    self.plan = plan
    self.label = label
    let first = Self.slot(plan.before, of: table)
    let second = Self.slot(plan.after, of: table)
    before = first.map { table.slots[$0].label } ?? plan.before.text.value
    after = second.map { table.slots[$0].label } ?? plan.after.text.value
    let values = table.table[plan.column.value]?.values.doubles ?? []
    func byPerson(_ slot: Int?) -> [String: Double] {
      var found: [String: Double] = [:]
      for (position, row) in table.rows.enumerated()
      where row.slot == slot && !values[position].isNaN {
        found[row.participant] = values[position]
      }
      return found
    }
    let start = byPerson(first)
    let end = byPerson(second)
    // In the order of the table, so that sums do not hang on the order of a dictionary.
    var seen: Set<String> = []
    let people = table.rows.filter {
      start[$0.participant] != nil && seen.insert($0.participant).inserted
    }
    let spread = Descriptive.deviation(of: people.compactMap { start[$0.participant] })
    rule = Result(catching: { () throws(ReliabilityError) in
      try ReliableChange(reliability: try reliability.get(), standardDeviation: spread)
    })
    let found = try? rule.get()
    let arms: [String?] = study.arms.isEmpty ? [nil] : study.arms.map(Optional.some)
    groups = arms.map { arm in
      let own = people.filter { study.arms.isEmpty || $0.arm == arm }
      let pairs = own.compactMap { row -> (before: Double, after: Double)? in
        guard let first = start[row.participant], let second = end[row.participant] else {
          return nil
        }
        return (first, second)
      }
      let description = Descriptive(
        column: plan.column.value, arm: arm, slot: second ?? 0,
        values: pairs.map { $0.after - $0.before })
      let directions = pairs.compactMap { found?.direction(before: $0.before, after: $0.after) }
      return Group(
        arm: arm, pairs: pairs.count, withoutSecond: own.count - pairs.count,
        mean: description.mean, deviation: description.deviation, lower: description.lower,
        upper: description.upper, standardised: description.mean / spread,
        risen: directions.count { $0 == .risen },
        unchanged: directions.count { $0 == .unchanged },
        fallen: directions.count { $0 == .fallen })
    }
  }

  /// The position of a measurement among the table's.
  static func slot(_ moment: PlanMoment, of table: AnalysisTable) -> Int? {
    table.slots.firstIndex { $0.plan == moment.occasion && $0.index == moment.repetition }
  }
}
