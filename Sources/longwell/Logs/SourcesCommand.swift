import ArgumentParser
import InteractionLogs

extension LogsCommand {
  /// `longwell logs sources`: the capability table.
  struct SourcesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "sources",
      abstract: "List the exports that can be read, and what each can give.",
      discussion: """
        What a source cannot give is missing in every result: null in JSON, never 0.
        """)

    @Flag(help: "Print the table as JSON.")
    var json = false

    func run() throws {
      guard !json else {
        return try Console.json(LogSource.allCases.map(SourceDocument.init))
      }
      var table = TextTable(
        header: ["can give"] + LogSource.allCases.map(\.rawValue),
        leftColumns: Set(0...LogSource.allCases.count))
      table.rows = LogCapability.allCases.map { capability in
        [capability.rawValue] + LogSource.allCases.map { $0.gives(capability) ? "yes" : "-" }
      }
      for line in table.lines { Console.out(line) }
    }
  }

  /// One source, for programs.
  private struct SourceDocument: Encodable {
    var source: String
    var title: String
    var gives: [String: Bool]

    init(_ source: LogSource) {
      self.source = source.rawValue
      title = source.title
      gives = Dictionary(
        uniqueKeysWithValues: LogCapability.allCases.map { ($0.rawValue, source.gives($0)) })
    }
  }
}
