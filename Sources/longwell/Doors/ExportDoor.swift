import Analysis
import Collection
import Foundation
import Storage
import Tables

/// Writes a study's tables, and records in the study's chain that they were written.
enum ExportDoor {
  /// - Returns: the tables that were written, in each of the formats.
  /// - Throws: what `Analysis` and `Storage` refuse.
  static func write(
    _ desk: StudyDesk, into folder: URL, formats: [ExportFormat], isBlinded: Bool, at now: Date
  ) async throws -> [Table] {
    let tables = try await StudyExport.write(
      from: desk.database, into: folder, blindedBy: isBlinded ? desk.blindedLabels : nil,
      formats: formats, at: now)
    try await desk.database.recordExport(
      of: Dictionary(tables.map { ($0.name, $0.rowCount) }) { $1 }, at: now)
    return tables
  }
}
