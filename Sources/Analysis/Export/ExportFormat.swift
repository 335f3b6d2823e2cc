import Tables

/// How the tables of an export are written.
package enum ExportFormat: String, Hashable, Sendable, CaseIterable {
  /// CSV, with `datapackage.json` (Frictionless), `dataset_description.json` (Psych-DS) and `load.R`.
  case csv
  /// JSON Lines.
  case jsonl
  /// SPSS.
  case sav
  /// Stata.
  case dta

  /// The format as a statistics package's, if it is one.
  var statistical: StatisticalFile.Format? {
    switch self {
    case .csv, .jsonl: nil
    case .sav: .sav
    case .dta: .dta
    }
  }
}

/// The folder of one export.
struct ExportFolder {
  var folder: ResultsFolder
  var study: StudyOutline
  var tables: [Table]
  /// The moment of the export, in seconds since 1970.
  var written: Int

  /// Writes the tables in each of these formats, and always the codebook.
  ///
  /// - Throws: ``AnalysisProblem``.
  func write(_ formats: [ExportFormat]) throws(AnalysisProblem) {
    for format in ExportFormat.allCases where formats.contains(format) {
      for table in tables {
        try folder.write(try bytes(of: table, as: format), to: "\(table.name).\(format.rawValue)")
      }
    }
    try folder.write(Table.codebook(of: tables).csv(), to: "codebook.csv")
    if formats.contains(.csv) { try describe() }
    if formats.contains(where: { $0.statistical != nil }) {
      try folder.write(Table.portableNames(of: tables).csv(), to: "names.csv")
    }
  }

  private func bytes(
    of table: Table, as format: ExportFormat
  ) throws(AnalysisProblem) -> [UInt8] {
    guard let statistical = format.statistical else {
      return format == .csv ? table.csv() : table.jsonLines()
    }
    do {
      return try StatisticalFile(format: statistical, written: written).bytes(of: table)
    } catch {
      throw .notExportable(error)
    }
  }

  private func describe() throws(AnalysisProblem) {
    let package = DataPackage(
      name: study.id, title: study.title, version: study.version,
      description:
        "Pseudonymised data of the study \(study.id), version \(study.version): one table"
        + " per file, each column explained in codebook.csv.",
      tables: tables)
    try folder.write(package.frictionless(), to: "datapackage.json")
    try folder.write(package.psychDS(), to: "dataset_description.json")
    try folder.write(RLoader(tables: tables).script(), to: "load.R")
  }
}
