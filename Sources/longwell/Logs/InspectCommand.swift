import ArgumentParser
import Figures
import Foundation
import InteractionLogs
import LocalTime

extension LogsCommand {
  /// `longwell logs inspect`: what would be kept of an export.
  struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "inspect",
      abstract: "Show what an export is and what would be kept of it.",
      discussion: """
        Reads the file in memory and prints counts, times and rates. Nothing is stored, and no
        text, title or name is shown. Days are study days, 04:00 to 04:00 by the clocks of --zone.

        A session ends after a pause of --gap minutes. Tokens name conversations in this output
        only; donated rows are named by a key of the participant's own.
        """)

    @Argument(
      help: ArgumentHelp(
        "The export: a zip, JSON, JSON lines or CSV; 'longwell logs sources' lists them.",
        valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("The person's time zone, an IANA name.", valueName: "zone"))
    var zone = "UTC"

    @Option(help: ArgumentHelp("Minutes of pause that end a session.", valueName: "60|30"))
    var gap = 60

    @Flag(help: "Print every number as JSON.")
    var json = false

    @Flag(help: "Leave the words alone: counts, lengths and times only.")
    var structure = false

    @Flag(help: "Draw minutes and messages by day into interaction-log.svg.")
    var figure = false

    @Option(help: ArgumentHelp("The folder of the figure.", valueName: "folder"))
    var out = "."

    func validate() throws {
      guard gap == 60 || gap == 30 else { throw ValidationError("--gap takes 60 or 30") }
    }

    func run() async throws {
      let log = try read()
      if figure { try await draw(log) }
      if json { return try Console.json(LogDocument(log)) }
      for line in LogSummary(log: log).lines { Console.out(line) }
    }

    private func read() throws -> InteractionLog {
      let zone: TimeZone
      do { zone = try timeZone(named: self.zone) } catch {
        let hint = error.suggestion.map { "; did you mean \($0)?" } ?? ""
        throw CommandFailure(
          .usage,
          "--zone: found \(TerminalText.safe(self.zone)), expected an IANA time zone\(hint)")
      }
      return try LogFile.read(
        file, zone: zone, gapMinutes: gap, text: structure ? nil : TextReader(lists: .shipped))
    }

    private func draw(_ log: InteractionLog) async throws {
      let figure = UseFigure(
        name: "interaction-log",
        days: (log.days ?? []).map {
          UseFigure.Day(
            number: $0.date.dayNumber, label: $0.date.description,
            value: log.source.gives(.minutes)
              ? $0.minutes : $0.totals.map { Double($0.userMessages) })
        },
        label: log.source.gives(.minutes) ? "minutes" : "messages of the person")
      let folder = URL(filePath: out)
      _ = try await FigureDrawer().draw(figure.drawing(), into: folder)
      Console.raw("Drawn: \(folder.appending(path: "interaction-log.svg").path)")
    }
  }
}
