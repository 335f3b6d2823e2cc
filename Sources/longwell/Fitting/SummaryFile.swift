import Foundation
import Statistics

/// Summaries of rows in files: JSON, as `SufficientStatistics` writes it.
enum SummaryFile {
  /// The summaries of some files as one; `nil` without files.
  ///
  /// - Throws: `CommandFailure` that names the file which cannot be read or is not like the others.
  static func merged(_ files: [String]) throws -> SufficientStatistics? {
    var merged: SufficientStatistics?
    for file in files {
      let next = try read(file)
      do {
        if merged == nil { merged = next } else { try merged?.merge(next) }
      } catch {
        throw CommandFailure(
          .problems,
          "\(file): not like \(files[0]): \(TerminalText.safe(error.description))")
      }
    }
    return merged
  }

  private static func read(_ file: String) throws -> SufficientStatistics {
    let bytes: Data
    do { bytes = try Data(contentsOf: URL(filePath: file)) } catch {
      throw CommandFailure(.unreadable, "\(file): the file could not be read")
    }
    do { return try JSONDecoder().decode(SufficientStatistics.self, from: bytes) } catch {
      throw CommandFailure(
        .problems, "\(file): not a summary that can be used: \(TerminalText.safe(words(error)))")
    }
  }

  private static func words(_ error: any Error) -> String {
    func place(_ context: DecodingError.Context) -> String {
      context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    switch error as? DecodingError {
    case .dataCorrupted(let context):
      return context.codingPath.isEmpty
        ? context.debugDescription : "\(place(context)): \(context.debugDescription)"
    case .keyNotFound(let key, _): return "it lacks \(key.stringValue)"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "\(place(context)) is not what a summary has there"
    default: return "it is damaged"
    }
  }

  /// Writes a summary, whole or not at all.
  static func write(_ statistics: SufficientStatistics, to file: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let bytes = try encoder.encode(statistics) + Data("\n".utf8)
    try bytes.write(to: URL(filePath: file), options: .atomic)
  }

  /// What was written, in one line.
  static func line(about statistics: SufficientStatistics, file: String) -> String {
    let groups = statistics.groups.map { "\(TerminalText.safe($0.name)) \($0.levels)" }
    let aside =
      statistics.excludedRows > 0 ? " (\(statistics.excludedRows) set aside)" : ""
    return "\(file): \(statistics.observations) rows\(aside); \(groups.joined(separator: ", "))"
  }
}
