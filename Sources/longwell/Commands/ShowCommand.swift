import ArgumentParser
import Instruments

/// `longwell show`: one instrument to read.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print one instrument: for reading, on paper, or for programs.",
    discussion: """
      'longwell instruments' lists the ids. A path to an instrument's YAML file is understood too.

        longwell show needs-24
        longwell show needs-24 --html > needs-24.html
      """)

  @Argument(help: ArgumentHelp("The id of an instrument, or a YAML file.", valueName: "id"))
  var id: String

  @Option(help: ArgumentHelp("The language to show it in.", valueName: "language"))
  var language: String?

  @Flag(help: "Print it as JSON.")
  var json = false

  @Flag(help: "Print it as a page of HTML.")
  var html = false

  func validate() throws {
    if json, html { throw ValidationError("--json and --html are two forms: choose one") }
  }

  func run() throws {
    let instrument = try InstrumentDoor.open(id, language: language)
    if json {
      try Console.json(InstrumentDocument(instrument))
    } else if html {
      Console.out(InstrumentPage.html(instrument))
    } else {
      for line in InstrumentText.lines(instrument) { Console.out(line) }
    }
  }
}
