import ArgumentParser
import Statistics

/// `longwell reliability`: how reliable a scale's sum is, on any CSV file.
struct ReliabilityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reliability",
    abstract: "Reliability of a scale in a CSV file: alpha, omega, intraclass correlations.",
    discussion: """
      One row per person, a column per item:

        longwell reliability --data wave1.csv --items n1,n2,n3,n4 --reverse n3

      A diary, with a row for each person and time, also has its reliabilities within and between
      persons:

        longwell reliability --data diary.csv --items m1,m2,m3 --by person --time prompt

      Empty cells, NA and NaN are missing; coefficients of complete rows count those.
      """)

  @Option(
    help: ArgumentHelp(
      "The CSV file, or - for standard input; its first line names the columns.", valueName: "file")
  )
  var data: String

  @Option(help: ArgumentHelp("The items, joined by commas.", valueName: "a,b,c"))
  var items: String

  @Option(help: ArgumentHelp("Items keyed the other way, joined by commas.", valueName: "a"))
  var reverse = ""

  @Option(help: ArgumentHelp("The column that tells the persons of a diary.", valueName: "column"))
  var by: String?

  @Option(
    help: ArgumentHelp("The planned index of a diary's occasions, a number.", valueName: "column"))
  var time: String?

  @Option(help: ArgumentHelp("The level of intervals.", valueName: "level"))
  var confidence = 0.95

  @Flag(help: "Alpha over each pair of items' rows instead of the complete rows.")
  var pairwise = false

  @Flag(help: "Print every number as JSON.")
  var json = false

  func validate() throws {
    guard confidence > 0, confidence < 1 else {
      throw ValidationError("--confidence takes a number between 0 and 1, such as 0.95")
    }
    let stray = names(reverse).first { !names(items).contains($0) }
    if let stray {
      throw ValidationError("--reverse: \(TerminalText.safe(stray)) is not among --items")
    }
    guard Set(names(items)).count == names(items).count else {
      throw ValidationError("--items names an item twice")
    }
    guard time == nil || by != nil else { throw ValidationError("--time goes with --by") }
  }

  func run() throws {
    let columns = try DataFile.columns(data)
    let turned = Set(names(reverse))
    let values = try names(items).map { name in
      let numbers = try columns.numbers(name, option: "--items", file: data)
      return turned.contains(name) ? numbers.map { -$0 } : numbers
    }
    let persons = try by.map { name in
      try columns.groups(name, option: "--by", file: data).codes.map { $0 ?? -1 }
    }
    let times = try time.map { try columns.numbers($0, option: "--time", file: data) }
    let document: ReliabilityDocument
    do throws(ReliabilityError) {
      document = try ReliabilityDocument(
        names: names(items), scores: try ItemScores(items: values), persons: persons, times: times,
        rows: pairwise ? .pairwise : .complete, confidenceLevel: confidence)
    } catch {
      throw CommandFailure(.problems, "\(data): \(error)")
    }
    if json { return try Console.json(document) }
    for line in document.lines { Console.out(line) }
  }

  private func names(_ list: String) -> [String] {
    list.split(separator: ",").map { String($0) }
  }
}
