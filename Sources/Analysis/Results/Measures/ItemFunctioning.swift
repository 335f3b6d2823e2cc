import Definitions
import Statistics
import Storage

/// Whether items of a score mean the same to people who read other words, at other sites, or at other
/// times: ordinal logistic regression of each answer on the score, then on the group, then on both together
/// (Swaminathan & Rogers 1990; Zumbo 1999, *A handbook on the theory and methods of differential item
/// functioning*).
struct ItemFunctioning: Sendable {
  /// What people are told apart by.
  enum Grouping: String, CaseIterable, Sendable {
    case overlay, site, wave

    /// `wordings`, as in “across wordings”.
    var words: String {
      switch self {
      case .overlay: "wordings"
      case .site: "sites"
      case .wave: "waves"
      }
    }
  }

  /// One item.
  struct Item: Sendable {
    var item: String
    var rows: Int
    /// The group added to the score: the same difference for everybody.
    var uniform: Test
    /// Their product added to both: a difference that depends on the score.
    var nonUniform: Test
    /// How much of McFadden's R² the group and the product add.
    var gain: Double
    /// The uniform test's p adjusted over the items by Benjamini and Hochberg.
    var adjusted = 1.0

    /// More than chance, and enough to matter.
    var isFlagged: Bool {
      min(adjusted, nonUniform.pValue) < 0.05 && gain >= ItemFunctioning.leastGain
    }
  }

  /// A likelihood-ratio test.
  struct Test: Sendable {
    var statistic: Double
    var degreesOfFreedom: Int
    var pValue: Double
  }

  /// A gain of R² that counts: lordif's (Choi, Gibbons & Crane 2011), between Zumbo's 0.13 and the 0.01 that
  /// any large sample finds.
  static let leastGain = 0.02
  /// Groups with fewer rows are left out: their thresholds are guesses.
  static let leastRows = 20
  /// With more different answers an item is no ordered category.
  static let mostCategories = 20

  let score: String
  let label: String
  let grouping: Grouping
  /// The groups compared, the first the reference.
  let groups: [String]
  let items: [Item]
  /// What could not be had, and why.
  let notes: [String]

  init(
    by grouping: Grouping, name: String,
    score: (instrument: StudyOutline.Instrument, score: StudyOutline.Score), table: AnalysisTable,
    data: StudyRows
  ) {
    self.score = name
    self.grouping = grouping
    label = StudyOutline.label(score.score, of: score.instrument)
    let answers = ItemAnswers(
      of: score.score.items, in: score.instrument, table: table, data: data)
    let first = answers.rows.map { table.rows[$0].slot }.min()
    let words = grouping == .overlay ? Self.wordings(of: score.instrument.id, data) : [:]
    // Each person once, but for waves, which are compared within persons.
    let rows = answers.complete.filter { grouping == .wave || table.rows[$0.row].slot == first }
    let names = rows.map { entry -> String? in
      let row = table.rows[entry.row]
      let slot = table.slots[row.slot]
      switch grouping {
      case .site: return row.site
      case .wave: return slot.label
      case .overlay:
        return words[
          OccasionKey(participant: row.participant, plan: slot.plan, index: slot.index)]
      }
    }
    var counts: [String: Int] = [:]
    for name in names.compactMap(\.self) { counts[name, default: 0] += 1 }
    let order =
      grouping == .wave
      ? table.slots.map(\.label).filter { counts[$0] != nil } : counts.keys.sorted()
    let large = order.filter { counts[$0, default: 0] >= Self.leastRows }
    groups = large
    var notes: [String] = []
    let small = order.filter { counts[$0, default: 0] < Self.leastRows }
    if !small.isEmpty {
      notes.append(
        "left out with fewer than \(Self.leastRows) complete answers: \(small.joined(separator: ", "))"
      )
    }
    guard large.count > 1, score.score.items.count > 2 else {
      notes.append(
        score.score.items.count > 2
          ? "fewer than two \(grouping.words) with enough answers, so that nothing is compared"
          : "a score of two items has nothing to hold an item against")
      items = []
      self.notes = notes
      return
    }
    let kept = rows.indices.filter { names[$0].map(large.contains) == true }
    let total = kept.map { rows[$0].values.reduce(0, +) / Double(score.score.items.count) }
    let codes = kept.map { names[$0] }
    var items: [Item] = []
    for (position, item) in score.score.items.enumerated() {
      let values = kept.map { rows[$0].values[position] }
      do throws(ModelError) {
        guard Set(values).count <= Self.mostCategories else {
          throw .unsupported("more than \(Self.mostCategories) different answers")
        }
        items.append(
          try Self.item(item, values: values, total: total, groups: codes, levels: large))
      } catch { notes.append("\(item): \(error.description)") }
    }
    let adjusted = Adjustment.benjaminiHochberg.adjusted(items.map(\.uniform.pValue)) ?? []
    for (place, value) in adjusted.enumerated() { items[place].adjusted = value }
    self.items = items
    self.notes = notes
  }

  private static func item(
    _ item: String, values: [Double], total: [Double], groups: [String?], levels: [String]
  ) throws(ModelError) -> Item {
    let data = try ModelData([
      ("answer", .numeric(values)), ("total", .numeric(total)),
      ("group", .factor(text: groups, levels: levels)),
    ])
    func fit(_ source: String) throws(ModelError) -> OrdinalRegression {
      let formula: ModelFormula
      do throws(FormulaError) { formula = try ModelFormula.parse(source) } catch {
        throw .formula(error)
      }
      return try OrdinalRegression(formula, data: data)
    }
    let alone = try fit("answer ~ total")
    let shifted = try fit("answer ~ total + group")
    let crossed = try fit("answer ~ total * group")
    func test(_ large: OrdinalRegression, _ small: OrdinalRegression) throws(ModelError) -> Test {
      let found = try large.likelihoodRatioTest(against: small)
      return Test(
        statistic: found.statistic, degreesOfFreedom: found.degreesOfFreedom,
        pValue: found.pValue)
    }
    return Item(
      item: item, rows: alone.observations, uniform: try test(shifted, alone),
      nonUniform: try test(crossed, shifted),
      gain: crossed.pseudoRSquared - alone.pseudoRSquared)
  }

  /// The wording that each session read an instrument in.
  private static func wordings(of instrument: String, _ data: StudyRows) -> [OccasionKey: String] {
    var words: [OccasionKey: String] = [:]
    for row in data.asked where row.instrument.id == instrument {
      let key = OccasionKey(participant: row.pseudonym, plan: row.plan, index: row.index)
      words[key] = row.instrument.overlay?.id ?? "own words (\(row.instrument.language))"
    }
    return words
  }
}
