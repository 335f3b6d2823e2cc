import ArgumentParser
import Foundation
import LocalTime
import Rehearsal

extension LogsCommand {
  /// `longwell logs simulate`: exports of people who do not exist.
  struct SimulateExportsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "simulate",
      abstract: "Write exports of simulated people, to try donations and analyses with.",
      discussion: """
        The same seed writes the same files. The sentences are English, put together by chance; the
        shape is a service's own: branches, hidden places, answers stopped. Use rises by --rise a
        week in its logarithm, an effect that an analysis should find again.

        With --use the conversations are those of a simulated study's people, from its file
        data/simulated-use.jsonl, with the effects of its plan.

          longwell logs simulate exports --people 3 --days 60 --seed 1
          longwell logs inspect exports/person-1.chatgpt.json
        """)

    @Argument(help: ArgumentHelp("The folder for the files.", valueName: "folder"))
    var folder: String

    @Option(
      help: ArgumentHelp("chatgpt or claude.", valueName: "service"),
      transform: { try OptionWord.read($0) })
    var format = SimulatedExport.Format.chatGPT

    @Option(help: ArgumentHelp("How many people.", valueName: "n"))
    var people = 1

    @Option(help: ArgumentHelp("How many days each.", valueName: "n"))
    var days = 60

    @Option(help: ArgumentHelp("The first day.", valueName: "date"))
    var from = "2026-01-01"

    @Option(help: ArgumentHelp("Their time zone, an IANA name.", valueName: "zone"))
    var zone = "UTC"

    @Option(help: ArgumentHelp("Conversations a day of the median person.", valueName: "n"))
    var conversations = 1.5

    @Option(help: ArgumentHelp("Minutes of a conversation, on average.", valueName: "minutes"))
    var minutes = 12.0

    @Option(help: ArgumentHelp("What a week adds to the logarithm of use.", valueName: "number"))
    var rise = 0.0

    @Option(help: ArgumentHelp("The seed.", valueName: "s"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("A simulated study's simulated-use.jsonl.", valueName: "file"))
    var use: String?

    func validate() throws {
      guard (1...10_000).contains(people), (1...36_500).contains(days) else {
        throw ValidationError("--people takes 1 to 10000, --days 1 to 36500")
      }
      guard (0...200).contains(conversations), (1...720).contains(minutes), abs(rise) <= 5 else {
        throw ValidationError(
          "--conversations takes 0 to 200, --minutes 1 to 720, --rise -5 to 5")
      }
    }

    func run() throws {
      let folder = URL(filePath: folder)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let export = SimulatedExport(format, seed: seed)
      for record in try records() {
        let file = folder.appending(path: "\(record.pseudonym).\(format.rawValue).json")
        guard FileManager.default.createFile(atPath: file.path, contents: nil) else {
          throw CommandFailure(.unreadable, "\(file.path): the file cannot be written")
        }
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        let counts = try export.write(record.conversations, of: record.pseudonym) {
          try handle.write(contentsOf: $0)
        }
        Console.out(
          "\(file.path): \(counts.conversations) conversations, \(counts.userMessages) messages")
      }
    }

    private func records() throws -> [UseRecord] {
      if let use { return try SimulatedUseFile.read(URL(filePath: use)) }
      guard let zone = try? timeZone(named: zone) else {
        throw CommandFailure(
          .usage, "--zone: found \(TerminalText.safe(zone)), expected an IANA time zone")
      }
      guard let first = LocalDate(from) else {
        throw CommandFailure(
          .usage, "--from: found \(TerminalText.safe(from)), expected a date such as 2026-01-01")
      }
      return (0..<people).map {
        SimulatedUse.record(
          ofPerson: $0, seed: seed, conversations: conversations, minutes: minutes, rise: rise,
          days: days, from: first, in: zone)
      }
    }
  }
}
