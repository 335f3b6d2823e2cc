import ArgumentParser
import Foundation
import Interchange

/// `longwell import`: instruments of other programs as files of ours.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Bring instruments from REDCap, XLSForm, FHIR, ReproSchema or formr.",
    discussion: """
      Writes one YAML file for each form, which 'longwell check' accepts, and an overlay for each
      translation below overlays/imported. What could not be carried over is listed with the reason;
      conditions and calculations are translated where that is possible, and never run.

        longwell import DataDictionary.csv --out instruments
        longwell import phq9.xlsx --from xlsform --language es
      """)

  @Argument(
    help: ArgumentHelp(
      "The file; for ReproSchema the activity's folder or its schema.", valueName: "file"))
  var file: String

  @Option(
    help: ArgumentHelp(
      "\(ForeignFormat.allCases.map(\.rawValue).joined(separator: ", ")); recognised if not said.",
      valueName: "format"))
  var from: String?

  @Option(help: ArgumentHelp("The folder to write to.", valueName: "dir"))
  var out = "."

  @Option(
    help: ArgumentHelp("The id of one instrument for all forms of the file.", valueName: "id"))
  var id: String?

  @Option(
    help: ArgumentHelp("The language of a file that states none.", valueName: "language"))
  var language = "und"

  @Flag(help: "Print the summary as JSON.")
  var json = false

  func run() throws {
    let format = try from.map { name in
      guard let format = ForeignFormat(rawValue: name.lowercased()) else {
        throw CommandFailure(
          .usage,
          "there is no format \(TerminalText.safe(name)); expected one of "
            + ForeignFormat.allCases.map(\.rawValue).joined(separator: ", "))
      }
      return format
    }
    let outcome = try ForeignImport.read(
      ForeignFile.open(URL(filePath: file)), as: format,
      options: ImportOptions(date: today, language: language, id: id))
    try write(outcome.files)
    if json {
      try Console.json(ImportDocument(outcome))
    } else {
      for line in summary(outcome) { Console.out(TerminalText.safe(line)) }
    }
  }

  private var today: String {
    Date.now.formatted(.iso8601.year().month().day())
  }

  /// Writes the files, or none if one of them is there already.
  private func write(_ files: [ImportOutcome.File]) throws {
    let folder = URL(filePath: out, directoryHint: .isDirectory)
    for file in files {
      let url = folder.appending(path: file.path)
      guard !FileManager.default.fileExists(atPath: url.path) else {
        throw CommandFailure(
          .refused, "\(url.relativePath) exists already; say another --out, or take it away")
      }
    }
    for file in files {
      let url = folder.appending(path: file.path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.bytes).write(to: url, options: .atomic)
    }
  }

  private func summary(_ outcome: ImportOutcome) -> [String] {
    func count(_ number: Int, _ noun: String) -> String {
      "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
    var lines = outcome.files.map { "wrote \(out == "." ? "" : out + "/")\($0.path)" }
    lines.append(
      "\(count(outcome.instruments.count, "instrument")): \(count(outcome.items, "item")), "
        + "\(count(outcome.scores, "score")), \(count(outcome.branching, "condition")), "
        + count(outcome.translations.count, "translation"))
    guard !outcome.notCarried.isEmpty else { return lines + ["everything was carried over"] }
    lines.append("not carried over, or not unchanged (\(outcome.notCarried.count)):")
    lines += outcome.notCarried.map { "  \($0.item): \($0.what): \($0.why)" }
    return lines
  }
}

/// What an import came to, for programs.
struct ImportDocument: Encodable {
  struct Entry: Encodable {
    var item, what, why: String
  }

  enum CodingKeys: String, CodingKey {
    case instruments, items, scores, branching, translations
    case notCarried = "not_carried"
  }

  var instruments: [String]
  var items, scores, branching: Int
  var translations: [String]
  var notCarried: [Entry]

  init(_ outcome: ImportOutcome) {
    instruments = outcome.instruments
    items = outcome.items
    scores = outcome.scores
    branching = outcome.branching
    translations = outcome.translations
    notCarried = outcome.notCarried.map { Entry(item: $0.item, what: $0.what, why: $0.why) }
  }
}
