import ArgumentParser
import Delimited
import Foundation
import Statistics

/// `longwell fit`: a mixed model on any CSV file.
struct FitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fit a mixed model to a CSV file.",
    discussion: """
      Formulas are written as in R: fixed effects, then random effects in parentheses.

        longwell fit --data sleepstudy.csv --formula "Reaction ~ Days + (Days | Subject)"

      Text columns are factors with treatment coding; their levels are sorted and the first is the
      reference, unless --levels and --contrasts say otherwise. Grouping columns may be numbers.
      Empty cells, NA and NaN are missing; rows that miss a value the model needs are set aside and
      counted.

      A summary stands in the place of rows: --summary-out writes one instead of fitting, and --summary
      fits several together, exactly as if all their rows were here. With --data and --add-rows beside
      it, the rows of the data are added to the summaries.

        longwell fit --data a.csv --formula "y ~ week * arm + (week | id)" --summary-out a.summary.json
        longwell fit --summary a.summary.json b.summary.json

      within(x, id) and between(x, id) are a person's deviations from their own mean, and that mean less
      the mean of all persons'; lag(x, id, time) and lead(x, id, time) are values of the same person one
      step of time away, missing where there is no such row; lag(x, id, time, 2) is two steps back, and
      lag(x, id, time, day = day) does not reach back over the night.

        longwell fit --data d.csv --formula "mood ~ within(stress, id) + between(stress, id) + (1 | id)"

      Imputed data sets are fitted one by one and pooled by Rubin's rules, with the degrees of freedom
      of Barnard and Rubin, and tests of whole terms by Li, Raghunathan and Rubin's:

        longwell fit --imputations m1.csv m2.csv m3.csv --formula "y ~ week + (week | id)"

      A summary holds the names of groups and sums for each of them, from which the values of a group
      with few rows can be computed: keep it as you keep data. Sites need the same levels of factors,
      in the same order: give them with --levels. Where summaries have groups of the same name, say
      whether they are the same (--same-groups id) or others (--separate-groups id).
      """)

  @Option(
    help: ArgumentHelp(
      "The CSV file, or - for standard input; its first line names the columns.", valueName: "file")
  )
  var data: String?

  @Option(help: ArgumentHelp("The model, as in R.", valueName: "formula"))
  var formula: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Summaries to fit together, in place of rows.", valueName: "files"))
  var summary: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Grouping factors whose groups of one name in several summaries are one and the same, such as "
        + "a participant with rows in two of them.", valueName: "factors"))
  var sameGroups: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Grouping factors whose groups are others in every summary: the name of the summary is put "
        + "before theirs.", valueName: "factors"))
  var separateGroups: [String] = []

  @Flag(help: "Add the rows of --data to those of --summary.")
  var addRows = false

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "CSV files with the same rows, each with its own imputed values, in place of --data: the model "
        + "is fitted to each, and the fits are pooled.", valueName: "files"))
  var imputations: [String] = []

  @Option(
    help: ArgumentHelp("Write a summary of the rows here, and do not fit.", valueName: "file"))
  var summaryOut: String?

  @Flag(help: "Fit by maximum likelihood instead of REML.")
  var ml = false

  @Option(
    help: "Degrees of freedom: satterthwaite, kenward-roger or none.",
    transform: { try OptionWord.read($0) })
  var df = DegreesOfFreedom.satterthwaite

  @Option(help: "The response: gaussian, binomial, poisson, nbinom2 or ordinal.")
  var family = FitRequest.Family.gaussian

  @Option(help: "Of a binomial response: logit or probit.")
  var link: String?

  @Option(help: ArgumentHelp("Quadrature points; 1 is Laplace's approximation.", valueName: "n"))
  var nagq = 1

  @Option(help: ArgumentHelp("A column of prior weights, or of trials.", valueName: "column"))
  var weights: String?

  @Option(help: ArgumentHelp("A column added to the linear predictor.", valueName: "column"))
  var offset: String?

  @Option(
    help: ArgumentHelp(
      "Residuals: ar1:TIME, ar1+noise:TIME, car1:TIME, arma11:TIME, cs, un:WAVE, variance:FACTOR, "
        + "within:BLOCK; parts joined by commas; or, alone, power or power:COLUMN.",
      valueName: "structure"))
  var residuals: String?

  @Option(
    help: ArgumentHelp(
      "The coding of a factor, as in arm=sum or 'factor(week)=polynomial': treatment, simple, sum, "
        + "helmert or polynomial.",
      valueName: "factor=coding"))
  var contrasts: [String] = []

  @Option(
    help: ArgumentHelp(
      "The levels of a factor in order, the reference first.", valueName: "factor=a,b,c"))
  var levels: [String] = []

  @Option(help: "Intervals: wald, profile or bootstrap.")
  var intervals = FitRequest.Intervals.wald

  @Option(help: ArgumentHelp("Replicates of the bootstrap.", valueName: "n"))
  var replicates = 1000

  @Option(help: ArgumentHelp("The seed of the bootstrap.", valueName: "s"))
  var seed: UInt64 = 1

  @Flag(help: "Type III tests of the terms: F, or Wald's χ² of generalised and ordinal models.")
  var anova = false

  @Option(
    help: ArgumentHelp(
      "Marginal means of a factor, or of factors joined by a colon, with all differences; of "
        + "generalised and ordinal models on both scales.", valueName: "factors"))
  var means: [String] = []

  @Option(
    help: ArgumentHelp(
      "Slopes of a covariate, by factors where they follow behind colons.", valueName: "covariate"))
  var slopes: [String] = []

  @Option(
    help: ArgumentHelp(
      "A combination of fixed effects as they are named in the table, as in 'gw - 0.5*gv'.",
      valueName: "combination"))
  var contrast: [String] = []

  @Option(
    help: ArgumentHelp(
      "A smaller or larger model, to compare with by likelihood ratio.", valueName: "formula"))
  var compare: [String] = []

  @Option(
    help: "How p values of differences of means are adjusted: tukey, holm, bh or none.",
    transform: { try OptionWord.read($0) })
  var adjust = Adjustment.tukey

  @Option(
    help: ArgumentHelp(
      "Cluster-robust standard errors, CR0, CR1, CR1S or CR2, with Satterthwaite degrees of freedom, or "
        + "CR0 or CR1 of a generalised or ordinal model; clusters are the groups that all others are "
        + "nested in.", valueName: "type"),
    transform: { try OptionWord.read($0) })
  var robust: RobustCorrection?

  @Option(
    help: ArgumentHelp(
      "Leverage and Cook's distance of each group: exact (refits without it) or one-step (its "
        + "rows left out at the estimated variances; of other families, by one step of all "
        + "parameters).", valueName: "method"),
    transform: { try OptionWord.read($0) })
  var influence: InfluenceMethod?

  @Option(
    help: ArgumentHelp(
      "The grouping factor whose groups exact influence leaves out, such as participants within sites.",
      valueName: "factor"))
  var influenceBy: String?

  @Option(
    help: ArgumentHelp(
      "Write fitted values and residuals of each row here: raw, Pearson, normalized and marginal ones "
        + "with leverage of a linear model; raw, Pearson and deviance ones of a generalised model; "
        + "probability-scale ones with all probabilities of an ordinal model.", valueName: "file"))
  var diagnostics: String?

  @Option(
    help: ArgumentHelp(
      "Predict the rows of this CSV file: the population's mean, and the mean and a new response in "
        + "the row's groups, known or new; of generalised and ordinal models on both scales.",
      valueName: "file"))
  var predict: String?

  @Option(
    help: ArgumentHelp("Write the conditional modes of the random effects here.", valueName: "file")
  )
  var blups: String?

  @Option(help: ArgumentHelp("The character between cells; 'tab' for a tabulator."))
  var delimiter = ","

  @Option(
    help: ArgumentHelp(
      "Threads that read the rows; the results are the same for any number.", valueName: "n"))
  var threads = min(2, ProcessInfo.processInfo.activeProcessorCount)

  @Flag(help: "Print every number as JSON.")
  var json = false

  func validate() throws {
    guard delimiterByte != nil else {
      throw ValidationError("--delimiter takes one character or the word tab")
    }
    guard (1...101).contains(nagq) else {
      throw ValidationError("--nagq takes a whole number from 1 to 101")
    }
    guard (1...64).contains(threads) else {
      throw ValidationError("--threads takes a whole number from 1 to 64")
    }
    guard (10...1_000_000).contains(replicates) else {
      throw ValidationError("--replicates takes a whole number from 10 to 1000000")
    }
    guard link == nil || (family == .binomial && ["logit", "probit"].contains(link)) else {
      throw ValidationError("--link takes logit or probit, with --family binomial")
    }
    guard family == .gaussian || residuals == nil else {
      throw ValidationError("--residuals is for --family gaussian")
    }
    guard
      family == .gaussian || robust == nil || robust == RobustCorrection.none
        || robust == .clusters
    else {
      throw ValidationError(
        "--robust takes CR0 or CR1 with this family: the other corrections are of linear models")
    }
    guard family == .gaussian || df != .kenwardRoger else {
      throw ValidationError("--df kenward-roger is for --family gaussian")
    }
    guard residuals == nil || intervals != .bootstrap else {
      throw ValidationError("--residuals goes with --intervals wald or profile")
    }
    guard residuals == nil || compare.isEmpty else {
      throw ValidationError("--compare does not go with --residuals")
    }
    guard influenceBy == nil || influence == .exact else {
      throw ValidationError("--influence-by goes with --influence exact")
    }
    guard residuals == nil || influence != .exact else {
      throw ValidationError("--residuals goes with --influence one-step only")
    }
    guard imputations.isEmpty || (data == nil && summary.isEmpty && summaryOut == nil) else {
      throw ValidationError("--imputations stands in place of --data and --summary")
    }
    guard imputations.isEmpty || formula != nil else {
      throw ValidationError("--formula is needed with --imputations")
    }
    guard
      imputations.isEmpty
        || (intervals == .wald && compare.isEmpty && robust == nil && influence == nil
          && diagnostics == nil && predict == nil && blups == nil)
    else {
      throw ValidationError(
        "--imputations pools coefficients, --anova, --contrast, --means and --slopes; --intervals, "
          + "--compare, --robust, --influence, --diagnostics, --predict and --blups are for one data set"
      )
    }
    guard !summary.isEmpty || !imputations.isEmpty || (data != nil && formula != nil) else {
      throw ValidationError("--data and --formula are needed, or --summary, or --imputations")
    }
    guard summary.isEmpty || data == nil || addRows else {
      throw ValidationError(
        "--summary already stands for rows: say --add-rows to fit those of --data too, or leave "
          + "--data out")
    }
    guard !addRows || (!summary.isEmpty && data != nil) else {
      throw ValidationError("--add-rows goes with --summary and --data")
    }
    guard (summary.isEmpty && summaryOut == nil) || (family == .gaussian && residuals == nil) else {
      throw ValidationError("summaries are for --family gaussian without --residuals")
    }
    guard
      summary.isEmpty
        || (weights == nil && offset == nil && contrasts.isEmpty && levels.isEmpty)
    else {
      throw ValidationError(
        "--summary brings its own weights, offset, contrasts and levels: leave these options out")
    }
    guard summary.isEmpty || compare.isEmpty else {
      throw ValidationError(
        "--compare needs the rows of the data, which a summary does not have")
    }
    guard !summary.isEmpty || (sameGroups.isEmpty && separateGroups.isEmpty) else {
      throw ValidationError("--same-groups and --separate-groups go with --summary")
    }
    guard
      summary.isEmpty
        || (robust == nil && influence == nil && diagnostics == nil && predict == nil)
    else {
      throw ValidationError(
        "--robust, --influence, --diagnostics and --predict need the rows of the data, which a "
          + "summary does not have")
    }
  }

  func run() async throws {
    let clock = ContinuousClock()
    let start = clock.now
    var seconds = FitSeconds()
    if let formula, !imputations.isEmpty { return try runImputations(parsed(formula)) }
    let outcome: FitRequest.Outcome
    if summary.isEmpty, summaryOut == nil, let data, let formula {
      var request = try request(parsed(formula))
      let table = try read(data, isComplete: true)
      request.newRows = try predict.map { (name: $0, data: try read($0, isComplete: false)) }
      seconds.read = start.duration(to: clock.now).inSeconds
      do { outcome = try request.carryOut(table) } catch let error as ModelError {
        throw CommandFailure(.problems, "\(data): \(TerminalText.safe(error.description))")
      }
    } else {
      let statistics = try statistics()
      if let summaryOut {
        try SummaryFile.write(statistics, to: summaryOut)
        return Console.out(SummaryFile.line(about: statistics, file: summaryOut))
      }
      let request = try request(statistics.formula)
      seconds.read = start.duration(to: clock.now).inSeconds
      do { outcome = try request.carryOut(statistics) } catch let error as ModelError {
        throw CommandFailure(.problems, TerminalText.safe(error.description))
      }
    }
    seconds.build = outcome.buildSeconds
    seconds.fit = outcome.fitSeconds
    if let blups {
      try write(ConditionalModesFile.bytes(outcome.modes), to: blups, option: "--blups")
    }
    if let diagnostics, let rows = outcome.diagnostics {
      try write(rows.bytes, to: diagnostics, option: "--diagnostics")
    }
    if json {
      try Console.json(FitDocument(outcome.summary, seconds: seconds))
    } else {
      Console.out(ModelText.lines(of: outcome.summary).joined(separator: "\n"))
    }
  }

  /// Fits the model to each imputed data set and pools the fits.
  private func runImputations(_ formula: ModelFormula) throws {
    let clock = ContinuousClock()
    let request = try request(formula)
    var seconds = FitSeconds()
    var fits: [FitSummary] = []
    for file in imputations {
      let start = clock.now
      let table = try read(file, isComplete: true)
      seconds.read += start.duration(to: clock.now).inSeconds
      do {
        let outcome = try request.carryOut(table)
        seconds.build += outcome.buildSeconds
        seconds.fit += outcome.fitSeconds
        fits.append(outcome.summary)
      } catch let error as ModelError {
        throw CommandFailure(.problems, "\(file): \(TerminalText.safe(error.description))")
      }
    }
    let pooled: PooledFit
    do { pooled = try PooledFit(fits, files: imputations) } catch let error as ModelError {
      throw CommandFailure(.problems, TerminalText.safe(error.description))
    }
    if json {
      try Console.json(PooledDocument(pooled, seconds: seconds))
    } else {
      Console.out(pooled.lines.joined(separator: "\n"))
    }
  }

  private func write(_ bytes: [UInt8], to file: String, option: String) throws {
    do { try Data(bytes).write(to: URL(filePath: file)) } catch {
      throw CommandFailure(
        .unreadable,
        "\(option): \(TerminalText.safe(file)) could not be written; its folder must exist and be "
          + "open to you")
    }
  }

  /// The summaries given, merged, with the rows given added.
  private func statistics() throws -> SufficientStatistics {
    var merged = try SummaryFile.merged(
      summary, same: Set(sameGroups), separate: Set(separateGroups))
    if let formula, let known = merged?.formula.source {
      let given = try parsed(formula)
      guard given.source == known else {
        throw CommandFailure(
          .usage, "--formula: the summaries are of \(TerminalText.safe(known)); leave it out")
      }
    }
    if let data {
      let table = try read(data, isComplete: true)
      do {
        if merged != nil {
          try merged?.add(table)
        } else if let formula {
          let request = try request(parsed(formula))
          merged = try SufficientStatistics(
            request.formula, data: table, codings: request.codings, weights: weights,
            offset: offset)
        }
      } catch let error as ModelError {
        throw CommandFailure(.problems, "\(data): \(TerminalText.safe(error.description))")
      }
    }
    guard let merged else { throw ValidationError("--data is needed, or --summary") }
    return merged
  }

  private var delimiterByte: UInt8? {
    if delimiter == "tab" { return 0x09 }
    let bytes = Array(delimiter.utf8)
    guard bytes.count == 1, ![0x22, 0x0A, 0x0D].contains(bytes[0]) else { return nil }
    return bytes.first
  }

  private func request(_ formula: ModelFormula) throws -> FitRequest {
    var request = FitRequest(formula: formula)
    request.method = ml ? .ml : .reml
    request.family = family
    request.link = link
    request.quadraturePoints = nagq
    request.degreesOfFreedom = df
    request.weights = weights
    request.offset = offset
    request.intervals = intervals
    request.replicates = replicates
    request.seed = seed
    request.threads = threads
    request.wantsTerms = anova
    request.means = means
    request.slopes = slopes
    request.contrasts = contrast
    request.comparisons = try compare.map { try parsed($0, option: "--compare") }
    request.adjustment = adjust
    request.robust = robust
    request.influence = influence
    request.influenceGroup = influenceBy
    request.wantsDiagnostics = diagnostics != nil
    for (factor, coding) in try pairs(contrasts, option: "--contrasts") {
      guard let known = Coding(rawValue: coding) else {
        let all = Coding.allCases.map(\.rawValue).joined(separator: ", ")
        throw CommandFailure(
          .usage, "--contrasts: found \(TerminalText.safe(coding)), expected one of \(all)")
      }
      request.codings[factor] = known
    }
    if let residuals {
      do { request.residuals = try ResidualStructure(residuals) } catch {
        throw CommandFailure(.usage, "--residuals: \(TerminalText.safe("\(error)"))")
      }
    }
    return request
  }

  private func pairs(_ texts: [String], option: String) throws -> [(String, String)] {
    try texts.map { text in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw CommandFailure(
          .usage, "\(option): found \(TerminalText.safe(text)), expected factor=…")
      }
      return (parts[0], parts[1])
    }
  }

  private func parsed(
    _ formula: String, option: String = "--formula"
  ) throws -> ModelFormula {
    do { return try ModelFormula.parse(formula) } catch {
      // A window of the formula around the place, so that a long one does not flood the terminal.
      let start = max(0, error.column - 41)
      let shown = String(formula.dropFirst(start).prefix(80))
      let pointer = String(repeating: " ", count: max(0, error.column - 1 - start)) + "^"
      throw CommandFailure(
        .problems,
        """
        \(option):\(error.column): found \(error.found), expected \(error.expected)
          \(TerminalText.safe(shown))
          \(pointer)
        """)
    }
  }

  /// - Parameter isComplete: Whether every column that `--levels` names must be there.
  private func read(_ name: String, isComplete: Bool) throws -> ModelData {
    let file = FitFile(
      name: name,
      levels: Dictionary(
        try pairs(levels, option: "--levels").map {
          ($0.0, $0.1.split(separator: ",").map(String.init))
        }
      ) { $1 },
      factors: Set(try pairs(contrasts, option: "--contrasts").map(\.0)),
      delimiter: delimiterByte)
    return try file.modelData(
      try DataFile.columns(name, options: file.options), isComplete: isComplete)
  }
}

/// One word of an enumeration that another room owns.
enum OptionWord {
  /// - Throws: `ValidationError` that names all words.
  static func read<Word: RawRepresentable<String> & CaseIterable>(_ text: String) throws -> Word {
    guard let word = Word(rawValue: text) else {
      let all = Word.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("found \(TerminalText.safe(text)), expected one of \(all)")
    }
    return word
  }
}

extension FitRequest.Family: ExpressibleByArgument {}
extension FitRequest.Intervals: ExpressibleByArgument {}
