import Definitions
import Statistics
import Storage
import Tables

/// Who leaves: a logistic regression of leaving on the arm and on what was answered at first.
struct AttritionResult: Sendable {
  /// The people with anything due, and those of them who left: who withdrew, or left the last occasion
  /// that was due unanswered.
  let persons: Int
  let left: Int
  /// The columns of first answers that were used.
  let predictors: [String]
  /// The regression, or why there is none.
  let regression: Result<OrdinalRegression, ModelError>

  /// The people who left for every predictor below which odds ratios are too large and too sure
  /// (Peduzzi et al. 1996, *A simulation study of the number of events per variable in logistic
  /// regression analysis*).
  static let leaversPerPredictor = 10

  /// Whether there are too few leavers, or too few others, for so many predictors.
  var isThin: Bool {
    guard let effects = try? regression.get().effects.count else { return false }
    return min(left, persons - left) < Self.leaversPerPredictor * effects
  }

  /// - Parameter columns: Whose values at the first measurement are predictors.
  init(columns: [String], study: StudyOutline, table: AnalysisTable, data: StudyRows) {
    let gone = Set(
      data.participants.filter {
        $0.participant.status == .withdrawn || $0.participant.status == .erased
      }.map(\.participant.pseudonym))
    var order: [String] = []
    var arm: [String: String] = [:]
    var last: [String: OccasionState] = [:]
    var first: [String: Int] = [:]
    for (position, row) in table.rows.enumerated() {
      // Whoever was never allocated cannot leave an arm.
      if !study.arms.isEmpty, row.arm == nil { continue }
      if last[row.participant] == nil { order.append(row.participant) }
      last[row.participant] = row.state
      arm[row.participant] = row.arm
      if row.slot == 0 { first[row.participant] = position }
    }
    let isLeft = order.map { gone.contains($0) || last[$0] == .missed }
    persons = order.count
    left = isLeft.count { $0 }
    let starts = order.map { first[$0] }
    let measured = columns.compactMap { name -> (String, [Double])? in
      guard let values = table.table[name]?.values.doubles else { return nil }
      let own = starts.map { $0.map { values[$0] } ?? .nan }
      return own.contains { !$0.isNaN } ? (name, own) : nil
    }
    predictors = measured.map(\.0)
    let isByArm = study.arms.count > 1
    guard left > 0, left < persons else {
      regression = .failure(
        .unsupported(
          left == 0 ? "nobody left" : "everybody left, so that there is nobody to compare with"))
      return
    }
    let terms = (isByArm ? ["arm"] : []) + predictors
    guard !terms.isEmpty else {
      regression = .failure(
        .unsupported("nothing was measured at first that could tell who leaves"))
      return
    }
    regression = Result(catching: { () throws(ModelError) in
      let formula: ModelFormula
      do throws(FormulaError) {
        formula = try ModelFormula.parse(
          "left ~ " + terms.map { "`\($0)`" }.joined(separator: " + "))
      } catch { throw .formula(error) }
      return try OrdinalRegression(
        formula,
        data: try ModelData(
          [("left", .numeric(isLeft.map { $0 ? 1 : 0 }))]
            + (isByArm ? [("arm", .factor(text: order.map { arm[$0] }, levels: study.arms))] : [])
            + measured.map { ($0.0, ModelData.Column.numeric($0.1)) }))
    })
  }
}

/// Which measurements of a column each person has, and how many people share each pattern.
struct MissingPatterns: Sendable {
  /// What there is of one measurement.
  enum Mark: String, Sendable {
    case observed = "●"
    case missing = "○"
    /// Not due, or not yet.
    case notDue = "·"
  }

  /// Some people's pattern.
  struct Pattern: Sendable {
    var marks: [Mark]
    var persons: Int
    /// By arm, in the order of the study.
    var byArm: [Int]
  }

  let column: String
  let slots: [String]
  /// The most frequent first.
  let patterns: [Pattern]
  /// The people of patterns that are not listed.
  let others: Int

  /// Beyond so many measurements hardly two people share a pattern.
  static let mostSlots = 12
  /// More rows than this tell a reader no more.
  static let mostPatterns = 12

  /// - Returns: nil for a column with a single measurement, or too many.
  init?(column: String, asked: AskedSlots, study: StudyOutline, table: AnalysisTable) {
    let positions = table.slots.indices.filter(asked.contains)
    guard (2...Self.mostSlots).contains(positions.count),
      let values = table.table[column]?.values.doubles
    else { return nil }
    var order: [String] = []
    var marks: [String: [Mark]] = [:]
    var arm: [String: String] = [:]
    for (position, row) in table.rows.enumerated() {
      if marks[row.participant] == nil {
        order.append(row.participant)
        marks[row.participant] = [Mark](repeating: .notDue, count: table.slots.count)
      }
      marks[row.participant]?[row.slot] = values[position].isNaN ? .missing : .observed
      arm[row.participant] = row.arm
    }
    var patterns: [[Mark]: Pattern] = [:]
    for name in order {
      guard let all = marks[name] else { continue }
      let own = positions.map { all[$0] }
      var pattern =
        patterns[own]
        ?? Pattern(marks: own, persons: 0, byArm: [Int](repeating: 0, count: study.arms.count))
      pattern.persons += 1
      if let position = arm[name].flatMap(study.arms.firstIndex) { pattern.byArm[position] += 1 }
      patterns[own] = pattern
    }
    let sorted = patterns.values.sorted { first, second in
      first.persons == second.persons
        ? first.marks.map(\.rawValue).joined() > second.marks.map(\.rawValue).joined()
        : first.persons > second.persons
    }
    self.column = column
    slots = positions.map { table.slots[$0].label }
    self.patterns = Array(sorted.prefix(Self.mostPatterns))
    others = sorted.dropFirst(Self.mostPatterns).reduce(0) { $0 + $1.persons }
  }
}
