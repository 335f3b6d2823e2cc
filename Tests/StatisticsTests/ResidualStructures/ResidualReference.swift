import Statistics
import Testing

/// A reference fit with a residual structure, and the model as we write it.
struct ResidualReference: Sendable, CustomTestStringConvertible {
  let name: String
  let formula: String
  let structure: ResidualStructure

  var testDescription: String { name }

  init(_ name: String, _ formula: String, _ structure: ResidualStructure) {
    self.name = name
    self.formula = formula
    self.structure = structure
  }

  func values() throws -> JSONValue { try Reference(name: name).values() }

  func data() throws -> ModelData { try Reference(name: name).data() }

  func fit() throws -> ResidualModelFit {
    try LinearMixedModel.fit(
      ModelFormula.parse(formula), data: data(),
      method: values()["REML"].truth == false ? .ml : .reml, residuals: structure)
  }
}

extension ResidualReference {
  static let ovary = "follicles ~ s1 + c1"
  static let diary = "y ~ t + x"

  static let autoregressive = [
    ResidualReference("nlme01_ovary_ar1_reml", ovary + " + (s1 || Mare)", .ar1()),
    ResidualReference("nlme02_ovary_intercept_ar1_ml", ovary + " + (1 | Mare)", .ar1()),
    ResidualReference("nlme09_ema_ar1_slope_reml", diary + " + (t | id)", .ar1(time: "t")),
    ResidualReference("nlme10_ema_ar1_intercept_reml", diary + " + (1 | id)", .ar1(time: "t")),
    ResidualReference("nlme11_ema_no_correlation_reml", diary + " + (t | id)", .independent),
    ResidualReference(
      "nlme08_orthodont_slope_reml", "distance ~ age * Sex + (age | Subject)", .independent),
    ResidualReference(
      "gls03_orthodont_ar1_reml", "distance ~ age * Sex", .ar1(within: "Subject")),
    ResidualReference("gls05_ovary_ar1_reml", ovary, .ar1(within: "Mare")),
  ]

  static let rowwise = [
    ResidualReference("nlme04_ovary_arma11_reml", ovary + " + (1 | Mare)", .arma11())
  ]

  static let marginal = [
    ResidualReference(
      "gls01_orthodont_unstructured_reml", "distance ~ age * Sex",
      .unstructured(wave: "age", within: "Subject")),
    ResidualReference(
      "gls02_orthodont_cs_reml", "distance ~ age * Sex", .compoundSymmetry(within: "Subject")),
  ]

  static let power = [
    ResidualReference(
      "nlme06_bodyweight_varpower_reml", "weight ~ Time * Diet + (Time | Rat)", .variancePower())
  ]

  static let strata = [
    ResidualReference(
      "nlme05_orthodont_varident_reml", "distance ~ age * Sex + (age | Subject)",
      .variance(per: "Sex")),
    ResidualReference(
      "nlme12_ema_ar1_varident_reml", diary + " + (1 | id)",
      .ar1(time: "t").variance(per: "late")),
  ]
}
