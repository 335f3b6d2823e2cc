package import Definitions
import Expressions
import Statistics

/// What is to be computed from a study's data, written down before they are seen.
///
/// A plan that was read cannot be wrong in itself: its formulas and expressions parse, its ids are
/// unique. Whether its names exist in a study is checked against that study.
package struct AnalysisPlan: Sendable {
  /// The plan's id: the stem of its file.
  package let id: String
  /// The id of the study it is for.
  package let study: Located<String>
  /// What is asked, in a sentence.
  package let question: String
  /// What quantity answers it.
  package let estimand: String?
  /// The occasions whose rows the table holds, in the order given; all of the study if none.
  package let occasions: [Located<String>]
  /// The derived columns, in the order given.
  let columns: [PlanColumn]
  /// What is described before anything is modelled.
  let describe: PlanDescription
  /// The scores whose reliability is wanted.
  let reliabilities: [PlanReliability]
  /// The changes that are judged person by person.
  let changes: [PlanChange]
  /// The columns whose trends are wanted person by person.
  let trends: [PlanTrend]
  /// The models, in the order given.
  let models: [PlanModel]
  /// Coefficients, and combinations of them, that answer the question.
  let contrasts: [PlanContrast]
  /// Pairs of models to compare by their likelihoods.
  let comparisons: [PlanComparison]
  /// Means and slopes that models imply.
  let margins: [PlanMargin]
  /// The contrasts that are one family of tests, and how their p values are adjusted.
  let adjustment: PlanAdjustment?
  /// The rows that are doubted, and left out once to see what comes of it.
  let exclusion: PlanExclusion?
  /// What is added to missing outcomes to see what comes of it.
  let delta: PlanDelta?
  /// Which figures the report shows.
  let figures: [PlanFigure]
  /// Fixes everything that is drawn at random.
  let seed: UInt64
  /// Where the plan was read from, for messages.
  package let file: String
  /// The exact bytes that were read.
  package let source: [UInt8]
  /// SHA-256 of the bytes, in hexadecimal.
  package let hash: String
}

extension AnalysisPlan {
  /// The ids of the models, in the order given.
  package var modelNames: [String] { models.map(\.id.value) }

  /// The columns that hold a column's value at an occasion before.
  func lags(of name: String) -> Set<String> {
    let source = columns.first { $0.name.value == name }?.source
    return Set(
      columns.filter { column in
        column.functions.values.contains {
          $0.kind == .lag && ($0.argument == name || $0.argument == source)
        }
      }.map(\.name.value))
  }
}

/// One column of the analysis table, computed row by row.
struct PlanColumn: Sendable {
  let name: Located<String>
  /// As written: `needs-24.need_satisfaction`, `days_since(enrolment) / 7`.
  let source: String
  let node: DefinitionNode
  /// With each function of other rows as one name: see ``ColumnSource``.
  let expression: Expression
  /// The functions of other rows, by the name that stands for each in the expression.
  let functions: [String: ColumnFunction]

  /// Every column, score and exposure that it rests on.
  var names: Set<String> {
    expression.names.subtracting(functions.keys).union(
      functions.values.filter { $0.kind != .daysSince }.map(\.argument))
  }
}

/// What the plan asks to be described.
struct PlanDescription: Hashable, Sendable {
  /// Whether tables are by arm.
  var byArm = true
  /// Whether submitted out of due is reported.
  var compliance = true
  /// Whether leaving is reported.
  var attrition = true
  /// Whether missing values are counted by reason.
  var missing = true
}

/// A figure of the report.
enum PlanFigure: String, CaseIterable, Sendable {
  /// Outcomes over occasions by arm.
  case course
  /// Fixed effects with intervals.
  case coefficients
  /// Residuals and random effects against what the models take them to be.
  case residuals
  /// What became of everybody's planned occasions.
  case compliance
  /// Outcomes against covariates within persons and between them, of models that tell these apart.
  case exposure
}

/// The names that every row has without a column of the plan.
enum RowName {
  /// The planned index of the occasion among those of the table: 0, 1, 2 …
  static let index = "index"
  /// Which repetition of a repeated occasion, from 0.
  static let repetition = "repetition"
  /// The study day, from 1.
  static let day = "day"
  /// Columns that a formula may use and a plan may not redefine.
  static let given = [
    "participant", "site", "arm", "occasion", "repetition", "index", "day", "state",
  ]
  /// Those of them that are numbers.
  static let numbers = [index, repetition, day]
}
