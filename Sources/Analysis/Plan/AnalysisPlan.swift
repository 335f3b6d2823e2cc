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
  /// The models, in the order given.
  let models: [PlanModel]
  /// Coefficients that answer the question.
  let contrasts: [PlanContrast]
  /// Which figures the report shows.
  let figures: [PlanFigure]
  /// Where the plan was read from, for messages.
  package let file: String
  /// The exact bytes that were read.
  package let source: [UInt8]
  /// SHA-256 of the bytes, in hexadecimal.
  package let hash: String
}

/// One column of the analysis table, computed row by row.
struct PlanColumn: Sendable {
  let name: Located<String>
  /// As written: `needs-24.need_satisfaction`, `days_since(enrolment) / 7`.
  let source: String
  let node: DefinitionNode
  /// With `days_since(enrolment)` as one name: see ``RowName/daysSinceEnrolment``.
  let expression: Expression
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

/// One model of the plan.
struct PlanModel: Sendable {
  enum Method: String, CaseIterable, Sendable {
    case restricted = "REML"
    case full = "ML"
  }

  let id: Located<String>
  let formula: ModelFormula
  let formulaNode: DefinitionNode
  let method: Method
  let degreesOfFreedom: DegreesOfFreedom
  let isPrimary: Bool
}

/// One coefficient of one model that the report puts first.
struct PlanContrast: Sendable {
  let id: Located<String>
  let model: Located<String>
  /// As written: `week:arm[supportive]`.
  let coefficient: Located<String>
}

/// A figure of the report.
enum PlanFigure: String, CaseIterable, Sendable {
  /// Outcomes over occasions by arm.
  case course
  /// Fixed effects with intervals.
  case coefficients
}

/// The names that every row has without a column of the plan.
enum RowName {
  /// The expression language has no column functions: `days_since(enrolment)` is read as this name,
  /// which is equally long, so that columns in messages stay right.
  static let daysSinceEnrolment = "days_since_enrolment_"
  /// The planned index of the occasion among those of the table: 0, 1, 2 …
  static let index = "index"
  /// Columns that a formula may use and a plan may not redefine.
  static let given = ["participant", "site", "arm", "occasion", "repetition", "index", "state"]
}
