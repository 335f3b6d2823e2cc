import ArgumentParser
import Definitions
import Instruments

/// `longwell score`: the scores of answers that were collected elsewhere.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Score a CSV file of answers against an instrument.",
    discussion: """
      The file has a row for each person and a column for each item, named by its id, or as in an
      export's items.csv (wisdom-7.w1); commas, semicolons or tabs divide it. Empty cells, NA and NaN
      are unanswered, and what --missing names; other columns are passed over. Answers are given as
      they were made: reversed items are turned here. An answer off its response scale is refused,
      never rescaled; then nothing is scored.

      What an instrument uses of another one has a column too, named like own-goals.goal_1.

        longwell score wisdom-7 --answers answers.csv
        longwell score wisdom-7 --answers answers.csv --missing=-99 --missing .
      """)

  @Argument(help: ArgumentHelp("The id of an instrument, or a YAML file.", valueName: "id"))
  var id: String

  @Option(help: ArgumentHelp("The CSV file of answers.", valueName: "file"))
  var answers: String

  @Option(
    name: .customLong("missing"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A text that stands for no answer, besides NA and NaN; may be repeated.", valueName: "text"))
  var missingCodes: [String] = []

  @Flag(help: "Compute categories and cut-offs although the wording is not the published one.")
  var exploratoryCutoffs = false

  @Flag(help: "Print the scores as JSON, in the order of the rows.")
  var json = false

  func run() throws {
    let instrument = try InstrumentDoor.open(id)
    let sheet = try AnswerSheet.read(answers, for: instrument, missing: missingCodes)
    if let absence = sheet.absence { Console.error(absence) }
    let cutoffs: CutoffUse = exploratoryCutoffs ? .exploratory : .publishedWording
    let cutoffNames =
      instrument.wording == .verbatim ? [] : instrument.scores.filter(\.isCutoff).map(\.name)
    let exploratory = exploratoryCutoffs ? cutoffNames : []
    let results = sheet.rows.map { instrument.scores(of: $0, cutoffs: cutoffs) }
    guard !json else {
      return try Console.json(results.map { ScoredRow($0, exploratory: exploratory) })
    }
    var table = TextTable(header: ["row"] + instrument.scores.map(\.name), leftColumns: [])
    table.rows = results.enumerated().map { number, scores in
      [String(number + 1)] + scores.map(\.cell)
    }
    for line in table.lines { Console.out(line) }
    if results.joined().contains(where: \.isProrated) {
      Console.out(" * over fewer than all items, filled up as mean x number")
    }
    if !exploratory.isEmpty {
      Console.out(
        " \(exploratory.joined(separator: ", ")): exploratory, published norms do not apply to this"
          + " wording")
    }
    if !cutoffNames.isEmpty, !exploratoryCutoffs {
      Console.out(
        " - \(cutoffNames.joined(separator: ", ")): not computed for this wording; see"
          + " --exploratory-cutoffs")
    }
    let notes = results.enumerated().flatMap { number, scores in
      scores.compactMap { score in
        instrument.note(on: score).map { " - row \(number + 1): \($0)" }
      }
    }
    for note in notes.prefix(20) { Console.out(note) }
    if notes.count > 20 { Console.out(" - and \(notes.count - 20) more") }
  }
}

/// The scores of one row, for programs.
struct ScoredRow: Encodable {
  var scores: [String: Double?]
  /// How many of its items each score rests on.
  var answered: [String: Int]
  /// The scores that are filled up from fewer than all items.
  var prorated: [String]
  /// Why each score without a value has none.
  var reasons: [String: String]
  /// The scores that are, or use, cut-offs that were not published for the wording.
  var exploratory: [String]

  init(_ values: [ScoreValue], exploratory: [String]) {
    scores = Dictionary(values.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    answered = Dictionary(
      values.map { ($0.name, $0.answered) }, uniquingKeysWith: { first, _ in first })
    prorated = values.filter(\.isProrated).map(\.name)
    reasons = Dictionary(
      values.compactMap { score in score.absence.map { (score.name, $0.rawValue) } },
      uniquingKeysWith: { first, _ in first })
    self.exploratory = exploratory
  }
}

extension Instrument {
  /// Why a score has no value, in words; nil where it has one, and where the dash or the line on the
  /// wording says enough.
  fileprivate func note(on score: ScoreValue) -> String? {
    switch score.absence {
    case .outOfRange:
      guard let strayed = score.strayed, let range = self.score(score.name)?.range else {
        return "\(score.name) rests on a score outside its range"
      }
      return "\(score.name) is \(numeral(strayed)), outside its range"
        + " \(numeral(range.lowerBound)) to \(numeral(range.upperBound))"
    case .notDefined: return "\(score.name) is not defined for these answers"
    case .tooFewAnswers, .notForWording, nil: return nil
    }
  }
}

extension ScoreValue {
  /// Its value for a table; a dash where there is none.
  fileprivate var cell: String {
    guard let value else { return "-" }
    let text =
      value == value.rounded() && abs(value) < 1e15
      ? String(Int(value)) : NumberText.fixed(value, decimals: 4)
    return text + (isProrated ? "*" : "")
  }
}
