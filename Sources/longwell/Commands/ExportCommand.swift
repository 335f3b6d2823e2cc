import Analysis
import ArgumentParser
import Collection
import Foundation
import Storage
import Tables

/// `longwell export`: the study's data as CSV with a codebook.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write participants, occasions, responses and scores as CSV, with a codebook.",
    discussion: """
      occasions.csv has a row for each planned occasion, missed ones included; responses.csv a row
      for each item asked, with the reason where there is no answer; scores.csv a column for each
      score; consents.csv who agreed to what. codebook.csv says what each column, item and code
      means. Nothing in them identifies a person. An export is an event of the study's chain.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Option(help: ArgumentHelp("The folder to write to; files of the same names are replaced."))
  var out: String

  @Flag(help: "Letters for the arms, for analysts who must not know which is which.")
  var blinded = false

  @Flag(help: "Print the files and their rows as JSON.")
  var json = false

  @OptionGroup var clock: ClockOption

  func run() async throws {
    let folder = URL(filePath: out, directoryHint: .isDirectory)
    let door = try await StudyDoor.open(
      directory, for: blinded ? .answering : .reading, now: try clock.moment())
    guard !folder.standardizedFileURL.path.hasPrefix(door.places.data.standardizedFileURL.path)
    else {
      throw CommandFailure(.refused, "--out: \(out) is the study's data folder; name another one")
    }
    try await door.closeWhatExpired(clock)
    let tables = try await StudyExport.write(
      from: door.desk.database, into: folder,
      blindedBy: blinded ? door.desk.blindedLabels : nil)
    try await door.desk.database.recordExport(
      of: Dictionary(tables.map { ($0.name, $0.rowCount) }) { $1 }, at: try clock.moment())
    if json {
      try Console.json(tables.map { ExportedTable(file: "\($0.name).csv", rows: $0.rowCount) })
    } else {
      for table in tables {
        Console.out("\(folder.path)/\(table.name).csv  \(table.rowCount) rows")
      }
    }
  }
}

/// One written file, for programs.
struct ExportedTable: Encodable {
  var file: String
  var rows: Int
}
