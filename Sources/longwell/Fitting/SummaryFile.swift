import Foundation
import Statistics

/// Summaries of rows in files: JSON, as `SufficientStatistics` writes it.
enum SummaryFile {
  /// The summaries of some files as one; `nil` without files.
  ///
  /// - Parameters:
  ///   - same: Grouping factors whose groups of one name are the same whatever the file.
  ///   - separate: Grouping factors whose groups are others in each file.
  /// - Throws: `CommandFailure` that names the file which cannot be read, is not like the others, or
  ///   has groups of which nothing says whether another's of their name are the same.
  static func merged(
    _ files: [String], same: Set<String> = [], separate: Set<String> = []
  ) throws -> SufficientStatistics? {
    var merged: SufficientStatistics?
    var earlier: [(file: String, statistics: SufficientStatistics)] = []
    let names = siteNames(files)
    for (file, name) in zip(files, names) {
      let whole = try read(file)
      try check(same.union(separate), areGroupsOf: whole, file: file)
      if let twin = earlier.first(where: { $0.statistics == whole }) {
        throw CommandFailure(
          .problems,
          "\(file): the same summary as \(twin.file); its rows would count twice. Leave one out")
      }
      earlier.append((file, whole))
      let next = whole.naming(groupsOf: separate, after: name)
      if files.count > 1, let merged { try check(next, file: file, against: merged, same: same) }
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

  private static func check(
    _ factors: Set<String>, areGroupsOf statistics: SufficientStatistics, file: String
  ) throws {
    let known = statistics.groups.map(\.name)
    guard let stray = factors.sorted().first(where: { !known.contains($0) }) else { return }
    throw CommandFailure(
      .usage,
      "\(file) has no grouping factor \(TerminalText.safe(stray)); it has "
        + TerminalText.safe(known.joined(separator: ", ")))
  }

  /// Refuses groups that are in several files where nobody said that they are the same.
  private static func check(
    _ next: SufficientStatistics, file: String, against merged: SufficientStatistics,
    same: Set<String>
  ) throws {
    guard
      // Summaries that are not alike are refused as such.
      next.formula.source == merged.formula.source,
      let shared = next.sharedGroups(with: merged).first(where: {
        !$0.levels.isEmpty && !same.contains($0.factor)
      })
    else { return }
    let factor = TerminalText.safe(shared.factor)
    let shown = shared.levels.prefix(3).map { TerminalText.safe($0) }.joined(separator: ", ")
    throw CommandFailure(
      .problems,
      "\(file): \(shared.levels.count) groups of \(factor) have names that the files before have too "
        + "(\(shown)\(shared.levels.count > 3 ? ", …" : "")). If they are the same groups, say "
        + "--same-groups \(factor); if each file numbers its own, say --separate-groups \(factor)")
  }

  /// What tells files apart: their names without folder and extensions, or their places.
  private static func siteNames(_ files: [String]) -> [String] {
    let names = files.map { file in
      String(URL(filePath: file).lastPathComponent.prefix { $0 != "." })
    }
    return Set(names).count == names.count && !names.contains("")
      ? names : files.indices.map { "\($0 + 1)" }
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
