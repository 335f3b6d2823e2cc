import Foundation
import Testing

@Suite("The table of clock changes, from the command")
struct TimesCommandTests {
  @Test("the table of the documentation is what the command prints")
  func documentation() throws {
    let article = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/Studies/Studies.docc/Time.md")
    let table = try String(contentsOf: article, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("|") }
    let scratch = try ScratchFolder()
    let printed = try Command.run(["times"], in: scratch.url)
    #expect(printed.status == 0)
    #expect(printed.output.split(separator: "\n") == table)
  }

  @Test("the changes of a zone between two dates, at any time of day")
  func zone() throws {
    let scratch = try ScratchFolder()
    let printed = try Command.run(
      [
        "times", "Africa/Cairo", "--from", "2026-01-01", "--until", "2026-12-31", "--at", "00:30",
      ], in: scratch.url)
    // The clocks go from 00:00 to 01:00 on 24 April and from 24:00 to 23:00 on 29 October.
    let dates = printed.output.split(separator: "\n").dropFirst(2)
      .map { $0.split(separator: "|")[1...2].map { $0.trimmingCharacters(in: .whitespaces) } }
    #expect(
      dates.map { $0[0] } == [
        "2026-04-23", "2026-04-24", "2026-04-25", "2026-10-28", "2026-10-29", "2026-10-30",
      ])
    #expect(dates[1][1] == "2026-04-24T01:00:00+03:00")
    #expect(dates[5][1] == "2026-10-30T00:30:00+02:00")
  }

  @Test(
    "what is no zone, date or time is refused with what would be one",
    arguments: [
      (["times", "Europe/Berln"], "Europe/Berlin"),
      (["times", "Asia/Tokyo", "--at", "8"], "08:00"),
      (["times", "Asia/Tokyo", "--from", "2026-02-30"], "2026-03-29"),
      (["times", "Asia/Tokyo", "--from", "2026-01-01", "--until", "2025-01-01"], "century"),
      (["times", "--from", "2026-01-01"], "time zones"),
    ])
  func refused(arguments: [String], expected: String) throws {
    let scratch = try ScratchFolder()
    let printed = try Command.run(arguments, in: scratch.url)
    #expect(printed.status == 2)
    #expect(printed.errors.contains(expected), "\(printed.errors)")
  }
}
