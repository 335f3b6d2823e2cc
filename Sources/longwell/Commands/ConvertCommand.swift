import ArgumentParser
import Foundation
import Instruments
import Interchange

/// `longwell convert`: an instrument of ours in other programs' formats.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Take an instrument to REDCap, FHIR or paper.",
    discussion: """
      Prints a REDCap data dictionary (CSV), a FHIR R4 Questionnaire (JSON) or a page of HTML. What the
      format cannot say is listed on standard error. A Questionnaire has all languages in it: those that
      come with Longwell, or those of a file's overlays/<community>/<id>.<language>.yaml.

        longwell convert needs-24 --to redcap --out needs-24.csv
        longwell convert needs-24 --to html --language nl > needs-24.html
      """)

  /// What can be written.
  enum Target: String, CaseIterable, ExpressibleByArgument { case redcap, fhir, html }

  @Argument(help: ArgumentHelp("The id of an instrument, or a YAML file.", valueName: "id"))
  var id: String

  @Option(help: ArgumentHelp("The format.", valueName: "format"))
  var to: Target

  @Option(help: ArgumentHelp("The language to write it in.", valueName: "language"))
  var language: String?

  @Option(help: ArgumentHelp("The file to write, instead of standard output.", valueName: "file"))
  var out: String?

  func run() throws {
    let instrument = try InstrumentDoor.open(id, language: language)
    let bytes: Data
    switch to {
    case .html: bytes = Data((InstrumentPage.html(instrument) + "\n").utf8)
    case .redcap: bytes = try converted(instrument, .redcap)
    case .fhir: bytes = try converted(instrument, .fhir)
    }
    if let out {
      try bytes.write(to: URL(filePath: out), options: .atomic)
    } else {
      Console.bytes(bytes)
    }
  }

  /// The file, after listing what is not in it.
  private func converted(_ instrument: Instrument, _ format: ExportFormat) throws -> Data {
    let wordings = try InstrumentDoor.wordings(of: id)
    let outcome = ForeignExport.write(
      instrument, wordings: wordings.filter { $0.language != instrument.language }, as: format)
    for loss in outcome.notCarried {
      Console.error(
        "not carried over: \(TerminalText.safe("\(loss.item): \(loss.what): \(loss.why)"))")
    }
    return Data(outcome.bytes)
  }
}
