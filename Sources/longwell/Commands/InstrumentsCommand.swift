import ArgumentParser
import Instruments

/// `longwell instruments`: what can be asked.
struct InstrumentsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "instruments",
    abstract: "List the instruments that come with Longwell.",
    discussion: """
      What each measures, how many items it has, about how many minutes it takes, in which languages
      it can be read, and the terms of the published scale whose structure it follows. The wording is
      Longwell's own. 'longwell show ID' prints one.
      """)

  @Flag(help: "Print the list as JSON.")
  var json = false

  func run() throws {
    let entries = ShippedInstruments.all().map(InstrumentEntry.init)
    guard !json else { return try Console.json(entries) }
    var table = TextTable(
      header: ["id", "construct", "items", "min", "languages", "terms"],
      leftColumns: [0, 1, 4, 5])
    table.rows = entries.map { entry in
      [
        entry.id, TerminalText.cell(entry.construct, width: 24), String(entry.items),
        String(entry.minutes), entry.languages.joined(separator: " "),
        TerminalText.cell(entry.terms, width: 40),
      ]
    }
    for line in table.lines { Console.out(line) }
  }
}

/// One instrument of the list, for programs.
struct InstrumentEntry: Encodable {
  var id, version, title, construct, wording, terms: String
  /// How many items take an answer.
  var items: Int
  /// About how long it takes.
  var minutes: Int
  /// The languages it can be read in, its own first.
  var languages: [String]

  init(_ instrument: Instrument) {
    id = instrument.id
    version = instrument.version
    title = instrument.title
    construct = instrument.construct
    wording = instrument.wording.rawValue
    terms = instrument.termsOfUse
    items = instrument.items.count { $0.valueType != nil }
    minutes = instrument.minutes
    languages = ShippedInstruments.languages(of: instrument.id)
  }
}
