import Definitions
import Statistics
import Tables

/// The trends of a column, person by person, and of all of them together.
struct TrendResult: Sendable {
  let plan: PlanTrend
  /// The column's label for people.
  let label: String
  /// Everyone with at least three values, in the order of the table.
  let persons: [Person]
  /// How many have fewer.
  let tooShort: Int
  /// All persons taken together (Helsel & Frans 2006), those with too few values for a test left out.
  let together: MannKendallTest?
  /// What a reader should know, in words.
  let notes: [String]

  /// The trend of one person.
  struct Person: Sendable {
    var participant: String
    var arm: String?
    var test: MannKendallTest
    /// Whether there are enough values for a p value.
    var isTested: Bool
    /// Benjamini-Hochberg's over the persons tested; nil without a test.
    var adjusted: Double?
    var variability: WithinPersonVariability
    /// The likeliest place of a change of level; nil below four values.
    var change: PettittTest?
  }

  init(_ plan: PlanTrend, label: String, table: AnalysisTable) {
    self.plan = plan
    self.label = label
    let values = table.table[plan.column.value]?.values.doubles ?? []
    let times =
      table.table[plan.time?.value ?? RowName.index]?.values.doubles
      ?? [Double](repeating: .nan, count: values.count)
    var order: [String] = []
    var rows: [String: [Int]] = [:]
    for (position, row) in table.rows.enumerated() {
      if rows[row.participant] == nil { order.append(row.participant) }
      // A value without a time is nowhere.
      guard !times[position].isNaN else { continue }
      rows[row.participant, default: []].append(position)
    }
    var persons: [Person] = []
    var series: [TrendSeries] = []
    var tooShort = 0
    var problems: [String] = []
    for name in order {
      let own = rows[name] ?? []
      do throws(TrendError) {
        let course = try TrendSeries(own.map { values[$0] }, times: own.map { times[$0] })
        guard course.count >= 3 else {
          tooShort += 1
          continue
        }
        let test = try MannKendallTest(course, method: plan.method)
        let isTested = course.count >= plan.least && test.pValue.isFinite
        if isTested { series.append(course) }
        persons.append(
          Person(
            participant: name, arm: own.first.flatMap { table.rows[$0].arm }, test: test,
            isTested: isTested, variability: WithinPersonVariability(course),
            change: isTested ? try? PettittTest(course) : nil))
      } catch {
        problems.append(error.description)
        tooShort += 1
      }
    }
    let adjusted = Adjustment.benjaminiHochberg.adjusted(
      persons.map { $0.isTested ? $0.test.pValue : nil })
    for (place, value) in (adjusted ?? []).enumerated() { persons[place].adjusted = value }
    self.persons = persons
    self.tooShort = tooShort
    together = series.count > 1 ? try? MannKendallTest(regional: series) : nil
    notes = Set(persons.flatMap(\.test.notes) + problems).sorted()
  }

  /// Those of an arm; everyone for nil.
  func persons(of arm: String?) -> [Person] { persons.filter { arm == nil || $0.arm == arm } }

  /// The median of the slopes of some persons and the middle half of them; NaN of none.
  static func slopes(of persons: [Person]) -> (median: Double, lower: Double, upper: Double) {
    let slopes = persons.map(\.test.slope.slope)
    let half = ParametricBootstrap.percentileInterval(of: slopes, level: 0.5)
    return (
      ParametricBootstrap.percentileInterval(of: slopes, level: 0).lower, half.lower, half.upper
    )
  }
}
