import Foundation
import Tables

/// A folder that results or exports are written to.
struct ResultsFolder {
  private let url: URL

  init(_ url: URL) { self.url = url }

  /// Writes one file, making its folder first.
  func write(_ bytes: some Sequence<UInt8>, to path: String) throws(AnalysisProblem) {
    let file = url.appending(path: path)
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file, options: .atomic)
    } catch {
      throw .notWritable(path: file.path)
    }
  }

  /// Writes text as UTF-8.
  func write(_ text: String, to path: String) throws(AnalysisProblem) {
    try write(text.utf8, to: path)
  }

  /// Writes each table as CSV into `tables/`, and the codebook of all.
  func write(tables: [Table], in folder: String = "tables/") throws(AnalysisProblem) {
    for table in tables { try write(table.csv(), to: "\(folder)\(table.name).csv") }
    try write(Table.codebook(of: tables).csv(), to: "\(folder)codebook.csv")
  }
}
