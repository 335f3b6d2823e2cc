import Definitions
import Foundation
import Testing

@testable import Analysis

/// R fits the models of a run again on its tables, where R is present.
@Suite struct CheckScriptTests {
  private static let r = "/usr/bin/Rscript"

  /// Whether R is here with the packages that the script needs.
  private static let canCheck: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: r)
    process.arguments = [
      "--vanilla", "-e",
      "quit(status = !all(sapply(c('lme4', 'nlme'), requireNamespace, quietly = TRUE)))",
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  /// Models of every kind that the script knows.
  private static let plan = SampleStudy.plan
    .replacing("wave: index", with: "wave: index\n    load: needs-3.need * index")
    .replacing(
      "contrasts:",
      with: """
          - { id: persons, formula: need ~ within(load) + between(load) + (1 | participant) }
          - { id: small, formula: need ~ week * arm + (1 | participant), df: kenward-roger }
          - id: autoregressive
            formula: need ~ week * arm + (1 | participant)
            residuals: { ar1: wave }
          - id: continuous
            formula: need ~ week + (1 | participant)
            residuals: { car1: week }
            method: ML
          - id: marginal
            formula: need ~ week * arm
            residuals: { cs: true, within: participant }
          - id: unstructured
            formula: need ~ factor(wave) * arm
            residuals: { un: wave, within: participant }
        contrasts:
        """)

  private func written(into folder: URL, _ text: String = plan) async throws {
    let (plan, problems) = SampleStudy.load(text)
    let read = try #require(plan, "\(problems.list.map(\.description))")
    let outcome = try await AnalysisRun(version: "test", gnuplot: "no-gnuplot").carryOut(
      read, study: SampleStudy().outline, data: SampleStudy().rows, isSimulated: true,
      into: folder, now: Date(timeIntervalSince1970: 0))
    #expect(!outcome.warnings.contains { $0.contains("not fitted") }, "\(outcome.warnings)")
  }

  @Test(
    .enabled(if: canCheck, "R with lme4 and nlme is not there to check the models with"))
  func rComesToTheSame() async throws {
    try await withFolder { folder in
      try await written(into: folder)
      let process = Process()
      process.executableURL = URL(filePath: Self.r)
      process.arguments = ["--vanilla", "check.R"]
      process.currentDirectoryURL = folder
      let pipe = Pipe()
      process.standardOutput = pipe
      process.standardError = pipe
      try process.run()
      let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(output)")
      for id in [
        "growth", "simple", "persons", "small", "autoregressive", "continuous", "marginal",
      ] {
        #expect(output.contains(id + " "), "\(id): \(output)")
      }
      #expect(output.contains("unstructured             has no counterpart"))
      #expect(output.contains("largest difference"))
    }
  }

  /// A name of an arm is text in the script, whatever it says.
  @Test func levelsAreQuoted() throws {
    var outline = SampleStudy().outline
    outline.arms = ["a\"; system(\"x\"); \"", "b`\\"]
    let plan = try #require(SampleStudy.load(SampleStudy.plan).plan)
    let results = try AnalysisResults(
      plan: plan, study: outline, data: SampleStudy().rows, isSimulated: true, version: "test")
    let script = CheckScript(results: results).text()
    #expect(script.contains(#"levels = c("a\"; system(\"x\"); \"", "b`\\"))"#))
  }
}
