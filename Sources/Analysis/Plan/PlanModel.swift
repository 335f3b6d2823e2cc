import Definitions
import Statistics

/// One model of the plan.
struct PlanModel: Sendable {
  enum Method: String, CaseIterable, Sendable {
    case restricted = "REML"
    case full = "ML"

    /// As the engine calls it.
    var estimation: EstimationMethod { self == .full ? .ml : .reml }

    /// In words.
    var words: String { self == .full ? "maximum likelihood" : "restricted maximum likelihood" }
  }

  /// How intervals of the fixed effects and of the variances are found.
  enum Intervals: String, CaseIterable, Sendable {
    case wald, profile, bootstrap
  }

  let id: Located<String>
  /// As the engine reads it: `within(minutes, participant)`.
  let formula: ModelFormula
  /// As it was written: `within(minutes)`.
  let written: String
  let formulaNode: DefinitionNode
  let method: Method
  let degreesOfFreedom: DegreesOfFreedom
  let intervals: Intervals
  /// How many data sets a bootstrap draws.
  let replicates: Int
  /// How residuals relate; nil where they are independent and of one size.
  let residuals: PlanResiduals?
  let isPrimary: Bool

  /// The fit to some data, with standard errors and degrees of freedom as the plan has them.
  func fit(to data: ModelData) throws(ModelError) -> any LinearModelFit {
    guard let residuals else {
      return try LinearMixedModel.fit(
        formula, data: data, method: method.estimation, degreesOfFreedom: degreesOfFreedom)
    }
    return try LinearMixedModel.fit(
      formula, data: data, method: method.estimation, residuals: residuals.structure,
      degreesOfFreedom: degreesOfFreedom)
  }
}

/// A residual structure with the places of the columns that it names.
struct PlanResiduals: Sendable {
  let structure: ResidualStructure
  let columns: [Located<String>]
}

/// A combination of coefficients of one model that the report puts first.
struct PlanContrast: Sendable {
  let id: Located<String>
  let model: Located<String>
  /// As written: `week:arm[supportive]`, `arm[supportive] + 4 * week:arm[supportive]`.
  let coefficient: Located<String>
}

/// Two models that are compared by their likelihoods.
struct PlanComparison: Sendable {
  let first: Located<String>
  let second: Located<String>
}

/// Means of the groups of a model, or slopes on a covariate, at values of other covariates.
struct PlanMargin: Sendable {
  let model: Located<String>
  /// The covariate whose slopes are wanted; nil for means.
  let slopes: Located<String>?
  /// The factors whose levels are told apart.
  let factors: [Located<String>]
  /// The covariates with the values to hold them at.
  let values: [(name: Located<String>, values: [Double])]
}

/// A family of contrasts whose p values are adjusted for each other.
struct PlanAdjustment: Sendable {
  enum Method: String, CaseIterable, Sendable {
    case holm
    case benjaminiHochberg = "bh"

    /// As the engine calls it.
    var adjustment: Adjustment { self == .holm ? .holm : .benjaminiHochberg }

    /// In words.
    var words: String { self == .holm ? "Holm" : "Benjamini and Hochberg" }
  }

  let family: [Located<String>]
  let method: Method
}
