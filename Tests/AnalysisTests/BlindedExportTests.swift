import Foundation
import Storage
import Tables
import Testing

@testable import Analysis

struct BlindedExportTests {
  @Test func aBlindedExportHasLettersWhereArmsWere() throws {
    let sample = SampleStudy()
    let arms = sample.outline.arms
    let labels = Dictionary(
      zip(arms.reversed(), ["A", "B"]).map { ($0, $1) }, uniquingKeysWith: { $1 })
    let export = StudyExport(study: sample.outline, data: sample.rows)
    let open = try export.tables()
    let blinded = try export.blinded(by: labels).tables()
    #expect(open.map(\.rowCount) == blinded.map(\.rowCount))
    for (table, other) in zip(open, blinded) {
      for (column, hidden) in zip(table.columns, other.columns) where column.name == "arm" {
        guard case .text(let names) = column.values, case .text(let letters) = hidden.values else {
          Issue.record("an arm is no text")
          continue
        }
        #expect(letters == names.map { $0.flatMap { labels[$0] } })
        #expect(!String(describing: hidden).contains(arms[0]))
      }
    }
  }
}
