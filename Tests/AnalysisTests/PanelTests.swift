import Definitions
import Figures
import Foundation
import Statistics
import Tables
import Testing

@testable import Analysis

/// Figures of points: residuals, random effects, covariates within and between persons.
@Suite struct PanelTests {
  private static let plan = SampleStudy.plan
    .replacing("wave: index", with: "wave: index\n    load: needs-3.need * index")
    .replacing(
      "need ~ week + arm + (1 | participant)",
      with: "need ~ within(load) + between(load) + (1 | participant)"
    )
    .replacing("[course, coefficients]", with: "[residuals, exposure]")

  @Test func everyModelHasItsResiduals() async throws {
    try await withFolder { folder in
      let plan = try #require(SampleStudy.load(Self.plan).plan)
      let outcome = try await AnalysisRun(version: "test").carryOut(
        plan, study: SampleStudy().outline, data: SampleStudy().rows, isSimulated: false,
        into: folder, now: Date(timeIntervalSince1970: 0))
      #expect(outcome.warnings.isEmpty, "\(outcome.warnings)")
      for stem in ["residuals-growth", "residuals-simple", "exposure-simple-load"] {
        for width in ["", "-narrow"] {
          let path = folder.appending(path: "figures/\(stem)\(width).svg").path
          #expect(FileManager.default.fileExists(atPath: path), "\(stem)\(width)")
        }
      }
      let page = try String(contentsOf: outcome.report, encoding: .utf8)
      #expect(
        page.contains("against normal quantiles") && page.contains("within persons and between"))
      // Need is no use of AI.
      #expect(!page.contains("Use comes after allocation"))
    }
  }

  /// A partial residual less its line is the residual again.
  @Test func pointsAreTheModelsResidualsWithTheirCovariate() throws {
    let results = try AnalysisResults(
      plan: try #require(SampleStudy.load(Self.plan).plan), study: SampleStudy().outline,
      data: SampleStudy().rows, isSimulated: true, version: "test")
    let model = try #require(results.model("simple"))
    let figure = try #require(results.exposures(model).first)
    let residuals = try #require(model.fit).residuals().filter(\.isFinite)
    #expect(figure.panels[0].points.count == residuals.count)
    for (point, residual) in zip(figure.panels[0].points, residuals) {
      #expect(abs(point.y - figure.panels[0].line.slope * point.x - residual) < 1e-12)
    }
    #expect(figure.panels[1].points.count == 80)
    #expect(abs(figure.panels[1].points.reduce(0) { $0 + $1.x }) < 1e-9)
    let checks = try #require(results.residuals(model))
    #expect(checks.panels.count == 3)
    // Quantiles ascend together.
    for panel in checks.panels.dropFirst() {
      #expect(panel.points.map(\.x) == panel.points.map(\.x).sorted())
      #expect(panel.points.map(\.y) == panel.points.map(\.y).sorted())
    }
  }
}
