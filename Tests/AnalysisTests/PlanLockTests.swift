import Foundation
import Storage
import Tables
import Testing

@testable import Analysis

struct PlanLockTests {
  private func lock(_ source: String, submissions: Int = 0, exports: Int = 0) -> PlanLock {
    PlanLock(
      plan: "sample", hash: Hashing.hexadecimal(Array(source.utf8)), source: source,
      locked: Date(timeIntervalSince1970: 1_772_352_000), participants: 12,
      submissions: submissions, exports: exports)
  }

  private func results(_ source: String, locks: [PlanLock]) throws -> AnalysisResults {
    let sample = SampleStudy()
    var rows = sample.rows
    rows.locks = locks
    return try AnalysisResults(
      plan: try #require(SampleStudy.load(source).plan), study: sample.outline, data: rows,
      isSimulated: true, version: "test")
  }

  private func page(_ results: AnalysisResults) -> String {
    var report = Report(results, figures: [:], missing: nil)
    return report.page()
  }

  @Test func `a plan that was never locked says so`() throws {
    let other = PlanLock(
      plan: "another", hash: "", source: "", locked: .now, participants: 0, submissions: 0,
      exports: 0)
    let results = try results(SampleStudy.plan, locks: [other])
    #expect(results.lock.lock == nil && !results.lock.isAsLocked)
    #expect(page(results).contains("<strong>Not locked.</strong>"))
  }

  @Test func `a plan runs as locked, whatever its comments and the order of its fields`() throws {
    let results = try results(
      "# A comment\n" + SampleStudy.plan, locks: [lock(SampleStudy.plan)])
    #expect(results.lock.isAsLocked && results.lock.times == 1)
    #expect(page(results).contains("when nobody had answered anything, and was carried out"))
    #expect(results.json().document.contains("\"as_locked\": true"))
  }

  @Test func `what changed, was added and left out is named by its place`() throws {
    let models = try #require(SampleStudy.plan.firstMatch(of: #/(?m)^models:\n/#))
    let contrasts = try #require(SampleStudy.plan.firstMatch(of: #/(?m)^question: .*$/#))
    var changed = SampleStudy.plan
    changed.replaceSubrange(contrasts.range, with: "question: Another one?")
    changed = changed.replacing(
      "models:\n", with: "models:\n  - { id: later, formula: \"need ~ 1\" }\n")
    #expect(models.output.isEmpty == false)
    let old = SampleStudy.plan + "\nnotes: old\n"
    let status = PlanLockStatus(
      of: try #require(SampleStudy.load(changed).plan),
      among: [lock("id: sample\n"), lock(old, submissions: 3, exports: 2)])
    #expect(status.changed == ["question"])
    #expect(status.added == ["model later"])
    #expect(status.removed == ["notes"])
    #expect(status.times == 2 && !status.isAsLocked)
  }
}
