import ArgumentParser
import Delimited
import Foundation
import Statistics

/// `longwell fit`: a linear mixed model on any CSV file.
struct FitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fit a linear mixed model to a CSV file.",
    discussion: """
      Formulas are written as in R: fixed effects, then random effects in parentheses.

        longwell fit --data sleepstudy.csv --formula "Reaction ~ Days + (Days | Subject)"

      Text columns are factors with treatment coding; their levels are sorted and the first is the
      reference. Grouping columns may be numbers. Empty cells, NA and NaN are missing; rows that
      miss a value the model needs are set aside and counted.
      """)

  @Option(help: ArgumentHelp("The CSV file; its first line names the columns.", valueName: "file"))
  var data: String

  @Option(help: ArgumentHelp("The model, as in R.", valueName: "formula"))
  var formula: String

  @Flag(help: "Fit by maximum likelihood instead of REML.")
  var ml = false

  @Option(help: ArgumentHelp("The character between cells; 'tab' for a tabulator."))
  var delimiter = ","

  @Flag(help: "Print every number as JSON.")
  var json = false

  func validate() throws {
    guard delimiterByte != nil else {
      throw ValidationError("--delimiter takes one character or the word tab")
    }
  }

  private var delimiterByte: UInt8? {
    if delimiter == "tab" { return 0x09 }
    let bytes = Array(delimiter.utf8)
    guard bytes.count == 1, bytes[0] != 0x22, bytes[0] != 0x0A, bytes[0] != 0x0D else { return nil }
    return bytes.first
  }

  func run() async throws {
    let clock = ContinuousClock()
    let parsed = try parsedFormula()
    var seconds = FitSeconds()
    let start = clock.now
    let data = try read(parsed)
    let readDone = clock.now
    seconds.read = start.duration(to: readDone).inSeconds
    let model = try build(parsed, data)
    let buildDone = clock.now
    seconds.build = readDone.duration(to: buildDone).inSeconds
    let fit: LinearMixedModelFit
    do { fit = try model.fit(ml ? .ml : .reml) } catch {
      throw CommandFailure(.problems, "\(error)")
    }
    seconds.fit = buildDone.duration(to: clock.now).inSeconds
    if json {
      try Console.json(FitDocument(fit, seconds: seconds))
    } else {
      Console.out(ModelText.lines(of: fit).joined(separator: "\n"))
    }
  }

  private func parsedFormula() throws -> ModelFormula {
    do { return try ModelFormula.parse(formula) } catch {
      let pointer = String(repeating: " ", count: max(0, error.column - 1)) + "^"
      throw CommandFailure(
        .problems,
        """
        --formula:\(error.column): found \(error.found), expected \(error.expected)
          \(TerminalText.safe(formula))
          \(pointer)
        """)
    }
  }

  private func read(_ formula: ModelFormula) throws -> ModelData {
    var options = DelimitedOptions()
    options.delimiter = delimiterByte ?? options.delimiter
    options.textColumns = Set(formula.groupNames)
    do {
      return try ModelData(
        DelimitedText.readColumns(contentsOf: URL(filePath: data), options: options).map {
          column in
          switch column.values {
          case .number(let numbers): (name: column.name, column: .numeric(numbers))
          case .text(let levels, let codes):
            (name: column.name, column: .factor(levels: levels, codes: codes))
          }
        })
    } catch let problem as DelimitedProblem {
      throw CommandFailure(problem.exit, "\(data): \(problem)")
    }
  }

  private func build(_ formula: ModelFormula, _ data: ModelData) throws -> LinearMixedModel {
    do { return try LinearMixedModel(formula, data: data) } catch {
      throw CommandFailure(.problems, "\(self.data): \(error)")
    }
  }
}
