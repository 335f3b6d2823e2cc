import Definitions
import Statistics
import Storage
import Tables

/// One model of a plan with everything in it that is known before anybody answers: which rows there are,
/// and their times, sites and occasions. Arms and responses are drawn anew for each fit.
///
/// The columns come from the table that an analysis builds (``AnalysisTable``), so that a plan means the
/// same to both.
package struct ModelDesign: Sendable {
  /// The score that the model explains, `needs-6.satisfaction`.
  package let response: String
  /// The model's id.
  package let model: String
  /// Its formula as written.
  package let formula: String
  /// Who each row belongs to: a position among the participants.
  package let participants: [Int]
  let arms: [String]
  let plan: PlanModel
  /// The columns of the formula but the response and the arm.
  private let columns: [(name: String, column: ModelData.Column)]
  private let usesArm: Bool

  /// How many rows there are.
  package var rowCount: Int { participants.count }

  /// - Parameters:
  ///   - rows: people with all their occasions, submitted and without scores.
  ///   - id: the model's; nil for the primary one, or the only one.
  /// - Throws: ``PowerProblem``; `Table.Problem` only for plans that were not checked.
  package init(
    _ plan: AnalysisPlan, study: StudyOutline, rows: StudyRows, model id: String?
  ) throws {
    let known = plan.models.map(\.id.value)
    let wanted = id ?? plan.missingModel?.id.value ?? known.first ?? ""
    guard let model = plan.models.first(where: { $0.id.value == wanted }) else {
      throw PowerProblem.unknownModel(wanted, known: known)
    }
    let name = model.formula.responseName
    let source = plan.columns.first { $0.name.value == name }?.source ?? name
    guard study.scoresByName[source] != nil else {
      throw PowerProblem.unsettableTerm(name, reason: "\(quoted(source)) is no score as it stands")
    }
    let table = try AnalysisTable(plan: plan, study: study, data: rows)
    guard table.table.rowCount > 0 else { throw PowerProblem.noOccasions }
    let names = model.formula.variableNames.filter { $0 != name && $0 != "arm" }
    for column in names {
      if let reason = Self.obstacle(to: column, plan, study) {
        throw PowerProblem.unsimulatedColumn(column, model: wanted, reason: reason)
      }
    }
    let people = Dictionary(
      rows.participants.enumerated().map { ($1.participant.pseudonym, $0) },
      uniquingKeysWith: { first, _ in first })
    participants = table.rows.map { people[$0.participant] ?? 0 }
    columns = names.compactMap { column -> (name: String, column: ModelData.Column)? in
      guard let found = table.table[column] else { return nil }
      if let numbers = found.values.doubles { return (column, .numeric(numbers)) }
      guard case .text(let cells) = found.values else { return nil }
      let levels = column == "occasion" ? study.occasions.map(\.id) : nil
      return (column, .factor(text: cells, levels: levels))
    }
    usesArm = model.formula.variableNames.contains("arm")
    response = source
    self.plan = model
    self.model = wanted
    formula = model.written
    arms = study.arms
  }

  /// Why a column of the formula is not known before anybody answers; nil if it is.
  private static func obstacle(
    to column: String, _ plan: AnalysisPlan, _ study: StudyOutline
  ) -> String? {
    if column == "state" { return "says what became of an occasion" }
    guard let position = plan.columns.firstIndex(where: { $0.name.value == column }) else {
      return nil
    }
    var needed = plan.columns[position].names
    for earlier in plan.columns[..<position].reversed() where needed.contains(earlier.name.value) {
      needed.formUnion(earlier.names)
    }
    let known = study.scoresByName
    if let score = needed.sorted().first(where: { known[$0] != nil }) {
      return "rests on the score \(quoted(score))"
    }
    if let use = needed.sorted().first(where: { ExposureName($0) != nil }) {
      return "rests on logs (\(quoted(use)))"
    }
    return nil
  }

  // MARK: Effects

  /// What a term adds to each row's response for one unit of its coefficient.
  package struct Column: Sendable {
    /// The coefficient's name in the fit.
    package let name: String
    /// The arm in which it adds anything; nil for all.
    package let arm: String?
    /// Whether it is about time or another number of the table.
    package let hasNumber: Bool
    /// Whether it is about sites.
    package let hasSite: Bool
    /// By row; in other arms 0.
    package let values: [Double]
  }

  /// The column of a coefficient as a plan writes it; `arm` without a level is the second of two arms.
  ///
  /// - Parameter names: the coefficients of the model.
  /// - Throws: ``PowerProblem`` for a term that the model does not have, or that is no product of columns.
  package func column(of term: String, among names: [String]) throws(PowerProblem) -> Column {
    guard var parts = CoefficientName.parts(term) else {
      throw .unknownTerm(term, model: model, known: written(names))
    }
    for position in parts.indices where parts[position].variable == "arm" && arms.count == 2 {
      parts[position].level = parts[position].level ?? arms[1]
    }
    guard let name = CoefficientName.modelName(parts, among: names) else {
      throw .unknownTerm(term, model: model, known: written(names))
    }
    if name == "(Intercept)" {
      throw .unsettableTerm(term, reason: "the start is what simulation.yaml says")
    }
    var values = [Double](repeating: 1, count: rowCount)
    var arm: String?
    var hasNumber = false
    for part in parts {
      if part.variable == "arm" {
        arm = part.level
        continue
      }
      guard let column = columns.first(where: { $0.name == part.variable })?.column else {
        throw .unsettableTerm(
          term, reason: "\(quoted(part.variable)) is a function of the rows that a fit uses")
      }
      switch column {
      case .numeric(let numbers):
        hasNumber = true
        for row in values.indices { values[row] *= numbers[row].isNaN ? 0 : numbers[row] }
      case .factor(let levels, let codes):
        for row in values.indices {
          let code = Int(codes[row])
          let isLevel = levels.indices.contains(code) && levels[code] == part.level
          values[row] *= isLevel ? 1 : 0
        }
      }
    }
    return Column(
      name: name, arm: arm, hasNumber: hasNumber, hasSite: parts.contains { $0.variable == "site" },
      values: values)
  }

  /// Coefficients as a plan writes them: `week:arm[supportive]`.
  private func written(_ names: [String]) -> [String] {
    var levels = columns.flatMap { column -> [(variable: String, level: String)] in
      guard case .factor(let levels, _) = column.column else { return [] }
      return levels.map { (column.name, $0) }
    }
    levels += arms.map { ("arm", $0) }
    return names.filter { $0 != "(Intercept)" }.map { name in
      PersonTerm.written(name).split(separator: ":").map { piece in
        levels.first { piece == $0.variable + $0.level }.map { "\($0.variable)[\($0.level)]" }
          ?? String(piece)
      }.joined(separator: ":")
    }
  }

  // MARK: Fits

  /// What a fit says of its coefficients.
  package struct Fit: Sendable {
    /// An estimate with its interval, as the plan's degrees of freedom have it.
    package struct Estimate: Sendable {
      package let name: String
      package let value, standardError, lower, upper: Double
    }

    package let estimates: [Estimate]
    /// The rows with a response and an arm.
    package let observations: Int
    package let isSingular: Bool
  }

  /// Fits the model of the plan.
  ///
  /// Intervals are the estimate and its standard error, whatever the plan says of profiles.
  ///
  /// - Parameters:
  ///   - arms: by participant; nil for who was not allocated.
  ///   - responses: by row; NaN where there is none.
  /// - Throws: `ModelError` where the model cannot be fitted.
  package func fit(arms allocated: [String?], responses: [Double]) throws -> Fit {
    var data = columns
    data.append((plan.formula.responseName, .numeric(responses)))
    if usesArm {
      let codes = allocated.map { arm in
        arm.flatMap { arms.firstIndex(of: $0) }.map(Int32.init) ?? -1
      }
      data.append(("arm", .factor(levels: arms, codes: participants.map { codes[$0] })))
    }
    let fit = try plan.fit(to: ModelData(data))
    return Fit(
      estimates: fit.fixedEffects.map {
        .init(
          name: $0.name, value: $0.estimate, standardError: $0.standardError, lower: $0.lower,
          upper: $0.upper)
      }, observations: fit.observations, isSingular: fit.isSingular)
  }
}
