import Testing

@testable import Statistics

/// The pieces that lme4 makes its criterion of, at its own θ, so that nothing depends on where a
/// search stopped.
@Suite("The parts of the criterion are lme4's")
struct CriterionPartsTests {
  @Test("determinants, penalised and plain sums of squares", arguments: ReferenceFitTests.all)
  func parts(_ reference: Reference) throws {
    let values = try reference.values()
    let model = try reference.model()
    let method: EstimationMethod = values["REML"].truth == false ? .ml : .reml
    let fit = try model.fit(
      atTheta: values["theta"].list.map(\.number), method, degreesOfFreedom: .none)
    let value = fit.optimum.value
    let scales = BackTransform(model)
    let square = scales.responseScale * scales.responseScale
    #expect(
      isClose(value.logDeterminant, values["logdet_L2"].number, relative: 1e-7, absolute: 1e-7))
    let stretch = scales.fixedScales.reduce(0) { $0 + 2 * logarithm($1) }
    #expect(
      isClose(
        value.precision.logDeterminant + stretch, values["logdet_RX2"].number, relative: 1e-7,
        absolute: 1e-7))
    let penalised = value.penalisedSum * square
    #expect(isClose(penalised, values["pwrss"].number, relative: 1e-7))
    let weights = fit.tables.frame.weights
    let residuals = fit.residuals()
    let plain = fit.usedRows.enumerated().reduce(0) { sum, row in
      sum + residuals[row.element] * residuals[row.element] * (weights?[row.offset] ?? 1)
    }
    #expect(isClose(plain, values["wrss"].number, relative: 1e-6))
    #expect(
      isClose(
        penalised - plain, values["u_sq"].number, relative: 1e-5, absolute: 1e-7 * penalised))
    let likelihood = try model.fit(
      atTheta: values["theta"].list.map(\.number), .ml, degreesOfFreedom: .none)
    #expect(
      isClose(
        likelihood.criterion, values["deviance_ml_at_estimate"].number, relative: 0,
        absolute: 1e-6))
  }

  @Test(
    "no criterion is above the one that lme4 stops at by default",
    arguments: ReferenceFitTests.all)
  func defaultFit(_ reference: Reference) throws {
    let values = try reference.values()
    #expect(try reference.fit().criterion <= values["criterion_default_fit"].number + 1e-9)
  }

  @Test(
    "log-likelihoods of the models compared",
    arguments: ["lrt01_sleepstudy_days", "lrt02_sleepstudy_slope"])
  func comparedModels(name: String) throws {
    let values = try Reference(name: name).values()
    let data = try Reference.data("data/sleepstudy.csv")
    for number in ["0", "1"] {
      let fit = try fit(values["formula\(number)"].text ?? "", data, .ml)
      #expect(
        isClose(
          fit.logLikelihood, values["logLik\(number)"].number, relative: 0, absolute: 1e-6))
    }
  }
}
