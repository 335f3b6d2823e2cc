import Statistics

/// What `longwell fit` was asked for, once its options make sense together.
struct FitRequest {
  /// The kinds of response.
  enum Family: String, CaseIterable {
    case gaussian, binomial, poisson, nbinom2, ordinal
  }

  /// How intervals are found.
  enum Intervals: String, CaseIterable {
    case wald, profile, bootstrap
  }

  var formula: ModelFormula
  var method = EstimationMethod.reml
  var family = Family.gaussian
  var link: String?
  var quadraturePoints = 1
  var degreesOfFreedom = DegreesOfFreedom.satterthwaite
  var residuals: ResidualStructure?
  var codings: [String: Coding] = [:]
  var weights: String?
  var offset: String?
  var intervals = Intervals.wald
  var replicates = 1000
  var seed: UInt64 = 1
  var wantsTerms = false
  var means: [String] = []
  /// Covariates, each with the factors to give slopes by behind colons.
  var slopes: [String] = []
  /// Combinations of fixed effects, as in `gw - gv`.
  var contrasts: [String] = []
  /// Models to compare with by likelihood ratio.
  var comparisons: [ModelFormula] = []
  var adjustment = Adjustment.tukey
  var robust: RobustCorrection?
  var influence: InfluenceMethod?
  /// The grouping factor whose groups are left out one by one; by default the outermost.
  var influenceGroup: String?
  /// Rows to predict.
  var newRows: (name: String, data: ModelData)?
  var wantsDiagnostics = false
  var threads = 1

  /// A fitted model: its summary, and the conditional modes of its random effects.
  struct Outcome {
    var summary: FitSummary
    var modes: [ConditionalModes]
    /// Row by row, where asked for.
    var diagnostics: RowDiagnostics?
    var buildSeconds: Double
    var fitSeconds: Double
  }

  /// Fits the model and draws up what was asked for.
  ///
  /// - Throws: `ModelError` in words; `CommandFailure` for what is wrong with rows to predict.
  func carryOut(_ data: ModelData) throws -> Outcome {
    let clock = ContinuousClock()
    let start = clock.now
    switch family {
    case .gaussian:
      if let residuals {
        let model = try ResidualModel(
          formula, data: data, structure: residuals, codings: codings, weights: weights,
          offset: offset)
        let built = clock.now
        let fit = try model.fit(method, degreesOfFreedom: degreesOfFreedom)
        var summary = FitSummary(fit)
        if intervals == .profile { summary.take(try fit.profileIntervals()) }
        try add(to: &summary, fit, data: data)
        if let newRows {
          summary.predictions = try naming(newRows.name) { () throws(ModelError) in
            try predictions(of: fit, for: newRows.data, notes: &summary.notes) {
              (rows) throws(ModelError) in try fit.conditionalPredictions(for: rows)
            }
          }
        }
        if let influence {
          guard influence == .oneStep else {
            throw ModelError.unsupported("exact influence with structured residuals; use one-step")
          }
          summary.influence = .init(method: influence, groups: try fit.oneStepInfluence())
        }
        return Outcome(
          summary: summary, modes: fit.randomEffects(),
          diagnostics: wantsDiagnostics ? try RowDiagnostics(fit, leverages: nil) : nil,
          buildSeconds: start.duration(to: built).inSeconds,
          fitSeconds: built.duration(to: clock.now).inSeconds)
      }
      let model = try LinearMixedModel(
        formula, data: data, codings: codings, weights: weights, offset: offset, threads: threads)
      let built = clock.now
      let fit = try model.fit(method, degreesOfFreedom: degreesOfFreedom)
      let summary = try summary(of: fit, data: data)
      return Outcome(
        summary: summary, modes: fit.randomEffects(),
        diagnostics: wantsDiagnostics
          ? try RowDiagnostics(fit, leverages: try fit.leverages()) : nil,
        buildSeconds: start.duration(to: built).inSeconds,
        fitSeconds: built.duration(to: clock.now).inSeconds)
    case .ordinal:
      let model = try OrdinalMixedModel(
        formula, data: data, codings: codings, weights: weights, offset: offset)
      let built = clock.now
      let fit = try model.fit(quadraturePoints: quadraturePoints)
      let summary = try summary(of: fit, data: data)
      return Outcome(
        summary: summary, modes: fit.randomEffects(),
        diagnostics: wantsDiagnostics ? RowDiagnostics(fit) : nil,
        buildSeconds: start.duration(to: built).inSeconds,
        fitSeconds: built.duration(to: clock.now).inSeconds)
    case .binomial, .poisson, .nbinom2:
      let model = try GeneralisedMixedModel(
        formula, data: data, family: responseFamily, codings: codings, weights: weights,
        offset: offset)
      let built = clock.now
      let fit = try model.fit(quadraturePoints: quadraturePoints)
      let summary = try summary(of: fit, data: data)
      return Outcome(
        summary: summary, modes: fit.randomEffects(),
        diagnostics: wantsDiagnostics ? RowDiagnostics(fit) : nil,
        buildSeconds: start.duration(to: built).inSeconds,
        fitSeconds: built.duration(to: clock.now).inSeconds)
    }
  }

  /// Fits the model to a summary of its rows.
  ///
  /// - Throws: `ModelError` in words.
  func carryOut(_ statistics: SufficientStatistics) throws -> Outcome {
    let clock = ContinuousClock()
    let start = clock.now
    let model = try LinearMixedModel(statistics)
    let built = clock.now
    let fit = try model.fit(method, degreesOfFreedom: degreesOfFreedom)
    var summary = try summary(of: fit, data: nil)
    // A refit that cannot be made is no reason to keep the fit back.
    summary.simpler = (try? fit.simplerFits(statistics)) ?? []
    return Outcome(
      summary: summary, modes: fit.randomEffects(),
      buildSeconds: start.duration(to: built).inSeconds,
      fitSeconds: built.duration(to: clock.now).inSeconds)
  }

  private var responseFamily: ResponseFamily {
    switch family {
    case .poisson: .poisson
    case .nbinom2: .negativeBinomial
    default: link == "probit" ? .binomial(.probit) : .logistic
    }
  }

  private func summary(
    of fit: LinearMixedModelFit, data: ModelData?
  ) throws -> FitSummary {
    var summary = FitSummary(fit, degreesOfFreedom: degreesOfFreedom)
    switch intervals {
    case .wald: break
    case .profile: summary.take(try fit.profileIntervals())
    case .bootstrap:
      let drawn = try fit.parametricBootstrap(replicates: replicates, seed: seed)
      summary.take(drawn, drawn.percentileIntervals(of: fit))
    }
    try add(to: &summary, fit, data: data)
    switch influence {
    case nil: break
    case .exact:
      summary.influence = .init(method: .exact, groups: try fit.exactInfluence(of: influenceGroup))
    case .oneStep:
      summary.influence = .init(method: .oneStep, groups: try fit.oneStepInfluence())
    }
    if let newRows {
      summary.predictions = try naming(newRows.name) { () throws(ModelError) in
        try predictions(of: fit, for: newRows.data, notes: &summary.notes) {
          (rows) throws(ModelError) in try fit.conditionalPredictions(for: rows)
        }
      }
    }
    // A refit that cannot be made is no reason to keep the fit back.
    if let data {
      summary.comparisons = try comparisons.map { try comparison(of: fit, with: $0, data: data) }
      summary.simpler =
        (try? fit.simplerFits(data: data, weights: weights, offset: offset)) ?? []
    }
    return summary
  }

  /// Predictions of the population, and of the rows' groups where the rows name them.
  private func predictions(
    of fit: some LinearModelFit, for rows: ModelData, notes: inout [String],
    conditional: (ModelData) throws(ModelError) -> [ConditionalPrediction]
  ) throws(ModelError) -> [PredictedRow] {
    let population = try fit.predictions(for: rows)
    guard hasGroups(rows, notes: &notes) else {
      return population.map { PredictedRow(population: $0) }
    }
    return zip(population, try conditional(rows)).map {
      PredictedRow(population: $0, conditional: $1)
    }
  }

  /// Whether rows name the groups that they are in; if not, a note says so.
  private func hasGroups(_ rows: ModelData, notes: inout [String]) -> Bool {
    let factors = formula.groupNames.flatMap { $0.split(separator: ":").map(String.init) }
    guard let absent = factors.first(where: { !rows.names.contains($0) }) else { return true }
    notes.append(
      "The rows to predict have no column ‘\(absent)’: predictions are of the population only.")
    return false
  }

  /// What goes wrong with rows of another file is said of that file.
  func naming<Value>(
    _ file: String, _ body: () throws(ModelError) -> Value
  ) throws(CommandFailure) -> Value {
    do { return try body() } catch {
      throw CommandFailure(.problems, "\(file): \(TerminalText.safe(error.description))")
    }
  }

  private func comparison(
    of fit: LinearMixedModelFit, with formula: ModelFormula, data: ModelData
  ) throws(ModelError) -> ModelComparison {
    ModelComparison(
      formula,
      try fit.likelihoodRatioTest(with: formula, data: data, weights: weights, offset: offset))
  }

  /// What is asked of every linear model.
  private func add(
    to summary: inout FitSummary, _ fit: some LinearModelFit, data: ModelData?
  ) throws(ModelError) {
    if let robust { summary.robust = try fit.robustEffects(robust) }
    try addTests(to: &summary, fit, data: data) { (factors) throws(ModelError) in
      try fit.marginalMeans(of: factors, data: data)
    }
  }

  /// What is asked of every model.
  ///
  /// - Parameters:
  ///   - data: That the model was made from; `nil` for a summary.
  ///   - marginalMeans: Those of the kind of model.
  func addTests(
    to summary: inout FitSummary, _ fit: some MixedModelFit, data: ModelData?,
    marginalMeans: ([String]) throws(ModelError) -> [MarginalEstimate]
  ) throws(ModelError) {
    if wantsTerms {
      summary.terms = try fit.typeThreeTests()
      summary.termEstimates = try fit.typeThreeEstimates()
    }
    summary.contrasts = try contrasts.map { (text) throws(ModelError) in
      FitSummary.Effect(try fit.contrast(text))
    }
    for asked in slopes {
      let names = asked.split(separator: ":").map { String($0) }
      let estimates = try fit.marginalSlopes(
        of: names.first ?? "", by: Array(names.dropFirst()), data: data)
      summary.slopes.append(
        MarginalTable(
          title: "Slopes of \(asked)", estimates: estimates,
          comparisons: fit.pairwiseComparisons(of: estimates, adjustment: adjustment),
          adjustment: adjustment))
    }
    for asked in means {
      let factors = asked.split(separator: ":").map { String($0) }
      let estimates = try marginalMeans(factors)
      summary.means.append(
        MarginalTable(
          title: "Marginal means of \(asked)", estimates: estimates,
          comparisons: fit.pairwiseComparisons(of: estimates, adjustment: adjustment),
          adjustment: adjustment))
    }
  }
}
