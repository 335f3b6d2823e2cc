import Figures
import Foundation
import Tables

/// A folder that results or exports are written to.
struct ResultsFolder {
  private let url: URL

  init(_ url: URL) { self.url = url }

  /// Writes one file, making its folder first; others than its owner cannot read it.
  func write(_ bytes: some Sequence<UInt8>, to path: String) throws(AnalysisProblem) {
    do {
      try PrivateFolder(url).write(bytes, to: path)
    } catch {
      throw .notWritable(path: url.appending(path: path).path)
    }
  }

  /// Whether there is a file at this path.
  func holds(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: url.appending(path: path).path)
  }

  /// What an earlier run into this folder wrote, by its own list; nothing if there was none.
  func filesOfEarlierRun() -> [String] {
    guard let data = try? Data(contentsOf: url.appending(path: RunFiles.name)),
      let run = try? JSONDecoder().decode(RunFiles.self, from: data)
    else { return [] }
    return run.files.filter(RunFiles.canBeResult)
  }

  /// Removes files; what is not there, or is a folder, stays as it is.
  func remove(_ paths: [String]) {
    for path in paths {
      let file = url.appending(path: path)
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder),
        !isFolder.boolValue
      else { continue }
      try? FileManager.default.removeItem(at: file)
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

/// What `run.json` says that a run wrote.
struct RunFiles: Decodable {
  static let name = "run.json"

  /// Paths within the folder of results.
  var files: [String]

  /// Whether a run can have written this path: the list is a file that anyone can change, and must
  /// never lead to another file.
  static func canBeResult(_ path: String) -> Bool {
    if ["check.R", "report.html", "results.json"].contains(path) { return true }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let folder = parts.first, let name = parts.last else { return false }
    let pieces = name.split(separator: ".", omittingEmptySubsequences: false)
    guard pieces.count == 2, let stem = pieces.first, let ending = pieces.last, !stem.isEmpty,
      stem.utf8.allSatisfy({ isPlain($0) })
    else { return false }
    switch folder {
    case "tables": return ending == "csv"
    case "figures": return FigureDrawer.endings.contains(String(ending))
    default: return false
    }
  }

  /// Lower-case letters, digits and hyphens.
  private static func isPlain(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
  }
}
