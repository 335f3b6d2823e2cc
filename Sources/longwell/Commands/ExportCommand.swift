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
    abstract: "Write participants, occasions, responses and scores for R, SPSS, Stata and others.",
    discussion: """
      occasions has a row for each planned occasion, missed ones included; responses a row for each
      item asked, with the reason where there is no answer; items and scores a column for each item
      and score; consents who agreed to what. codebook.csv says what each column, item and code
      means; with CSV come datapackage.json (Frictionless), dataset_description.json (Psych-DS) and
      load.R. SPSS and Stata files hold labels and the reasons for missing values; names.csv says
      what their variables are called. People are in them by pseudonym only; what they typed in their
      own words (items of the types text and own, such as goals) is in responses and items as it was
      typed, and can name somebody: read it before you share it. An export is an event of the study's
      chain.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Option(help: ArgumentHelp("The folder to write to; files of the same names are replaced."))
  var out: String

  @Option(
    help: ArgumentHelp(
      "csv, jsonl, sav (SPSS), dta (Stata); several joined by commas.", valueName: "formats"))
  var format = ExportFormats(formats: [.csv])

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
    let tables = try await ExportDoor.write(
      door.desk, into: folder, formats: format.formats, isBlinded: blinded,
      at: try await door.moment(clock))
    let files = format.formats.flatMap { format in
      tables.map { ExportedTable(file: "\($0.name).\(format.rawValue)", rows: $0.rowCount) }
    }
    if json {
      try Console.json(files)
    } else {
      for file in files { Console.out("\(folder.path)/\(file.file)  \(file.rows) rows") }
    }
  }
}

/// The formats of an export, each once.
struct ExportFormats: ExpressibleByArgument {
  var formats: [ExportFormat]

  init(formats: [ExportFormat]) { self.formats = formats }

  /// Formats joined by commas; nil if one of them is unknown or there is none.
  init?(argument: String) {
    let named = argument.split(separator: ",").map { ExportFormat(rawValue: String($0)) }
    let formats = named.compactMap(\.self)
    guard !formats.isEmpty, formats.count == named.count else { return nil }
    self.formats = ExportFormat.allCases.filter(formats.contains)
  }

  var defaultValueDescription: String { formats.map(\.rawValue).joined(separator: ",") }
}

/// One written file, for programs.
struct ExportedTable: Encodable {
  var file: String
  var rows: Int
}
