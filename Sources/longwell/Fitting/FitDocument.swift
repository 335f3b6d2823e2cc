import Statistics

/// The JSON form of a fitted model: stable keys, every number at full precision, `null` where a
/// number does not exist. Keys that a kind of model does not have are left out.
struct FitDocument: Encodable {
  struct Group: Encodable {
    var name: String
    var levels: Int
  }

  struct Fixed: Encodable {
    var name: String
    var estimate, se, df, t, p, lower, upper: Double?

    init(_ effect: FitSummary.Effect) {
      name = effect.name
      estimate = effect.estimate.ifFinite
      se = effect.standardError.ifFinite
      df = effect.degreesOfFreedom?.ifFinite
      t = effect.statistic.ifFinite
      p = effect.pValue.ifFinite
      lower = effect.lower.ifFinite
      upper = effect.upper.ifFinite
    }
  }

  struct Deviation: Encodable {
    var name: String
    var sd, lower, upper: Double?

    init(_ parameter: FitSummary.Parameter) {
      name = parameter.name
      sd = parameter.estimate.ifFinite
      lower = parameter.lower?.ifFinite
      upper = parameter.upper?.ifFinite
    }
  }

  struct Random: Encodable {
    var group: String
    var terms: [Deviation]
    var correlations: [[Double?]]?
    var correlationIntervals: [CorrelationInterval]?
  }

  struct CorrelationInterval: Encodable {
    var first, second: String
    var lower, upper: Double?
  }

  struct Comparison: Encodable {
    var formula: String
    var larger: Bool
    var chisq: Double?
    var df: Int
    var p, boundaryP: Double?
    var notes: [String]

    enum CodingKeys: String, CodingKey {
      case formula, larger, chisq, df, p, notes
      case boundaryP = "boundary_p"
    }
  }

  /// An estimate on the scale of the response.
  struct OnResponse: Encodable {
    var estimate, se, lower, upper: Double?

    init(_ found: ResponseEstimate) {
      estimate = found.estimate.ifFinite
      se = found.standardError.ifFinite
      lower = found.lower.ifFinite
      upper = found.upper.ifFinite
    }
  }

  struct Residuals: Encodable {
    struct Parameter: Encodable {
      var name: String
      var estimate, lower, upper: Double?
    }

    var structure: String
    var parameters: [Parameter]
    var strata: [Deviation]
    var ratios: [Parameter]
    var waves: [Deviation]
    var correlations: [[Double?]]?
    var halfLife: Parameter?

    enum CodingKeys: String, CodingKey {
      case structure, parameters, strata, ratios, waves, correlations
      case halfLife = "half_life"
    }
  }

  struct Term: Encodable {
    var term: String
    /// F of a linear model, χ² of the others.
    var f, chisq: Double?
    var numDf, denDf, p: Double?

    enum CodingKeys: String, CodingKey {
      case term, f, chisq, p
      case numDf = "num_df"
      case denDf = "den_df"
    }
  }

  struct Margin: Encodable {
    struct Estimate: Encodable {
      var at: [String: String]
      var estimate, se, df, lower, upper: Double?
      var response: OnResponse?
      var categories: [OnResponse]?
      var meanCategory: OnResponse?

      enum CodingKeys: String, CodingKey {
        case at, estimate, se, df, lower, upper, response, categories
        case meanCategory = "mean_category"
      }
    }

    struct Pair: Encodable {
      var contrast: String
      var estimate, se, df, t, p: Double?
      /// Adjusted as p is.
      var lower, upper: Double?
      var ratio: OnResponse?
    }

    var of: String
    var adjust: String
    var estimates: [Estimate]
    var pairs: [Pair]
  }

  var formula, method, family, link: String
  var n, excluded: Int
  var groups: [Group]
  var fixed: [Fixed]
  var thresholds: [Fixed]?
  var categories: [String]?
  var random: [Random]
  var residuals: Residuals?
  var setAside: [String]
  var unidentified: [[String]]?
  var sigma, dispersion, dispersionLower, dispersionUpper, criterion, logLik, aic, bic: Double?
  var df, intervals: String
  var converged, singular: Bool
  var evaluations: Int
  var anova: [Term]?
  var means: [Margin]?
  var slopes: [Margin]?
  var contrasts: [Fixed]?
  var comparisons: [Comparison]?
  var r2: Variance?
  var icc, designEffect: Double?
  var principal: [Principal]?
  var robust: Robust?
  var influence: Influence?
  var predictions: [Predicted]?
  var simpler: [Simpler]?
  var notes: [String]
  var seconds: FitSeconds

  init(_ fit: FitSummary, seconds: FitSeconds) {
    formula = fit.formula
    method = fit.method
    family = fit.family
    link = fit.link
    n = fit.observations
    excluded = fit.excluded
    groups = fit.groups.map { Group(name: $0.name, levels: $0.levels) }
    fixed = fit.fixed.map(Fixed.init)
    thresholds = fit.thresholds.isEmpty ? nil : fit.thresholds.map(Fixed.init)
    categories = fit.categories.isEmpty ? nil : fit.categories
    random = fit.components.map {
      Random(
        group: $0.group, terms: $0.terms.map(Deviation.init), correlations: $0.correlations.nested,
        correlationIntervals: $0.correlationIntervals.isEmpty
          ? nil
          : $0.correlationIntervals.map {
            CorrelationInterval(
              first: $0.first, second: $0.second, lower: $0.lower.ifFinite,
              upper: $0.upper.ifFinite)
          })
    }
    residuals = fit.residuals.map(Residuals.init)
    setAside = fit.setAside
    sigma = fit.sigma?.estimate.ifFinite
    unidentified = fit.unidentified.isEmpty ? nil : fit.unidentified
    dispersion = fit.dispersion?.estimate.ifFinite
    dispersionLower = fit.dispersion?.lower?.ifFinite
    dispersionUpper = fit.dispersion?.upper?.ifFinite
    criterion = fit.criterion.ifFinite
    logLik = fit.logLikelihood.ifFinite
    aic = fit.aic.ifFinite
    bic = fit.bic.ifFinite
    df = fit.degreesOfFreedom.rawValue
    intervals = fit.intervals
    converged = fit.converged
    singular = fit.isSingular
    evaluations = fit.evaluations
    anova =
      fit.terms.isEmpty
      ? nil : fit.terms.map { Term($0, isChiSquare: fit.family != "gaussian") }
    means = fit.means.isEmpty ? nil : fit.means.map(Margin.init)
    slopes = fit.slopes.isEmpty ? nil : fit.slopes.map(Margin.init)
    contrasts = fit.contrasts.isEmpty ? nil : fit.contrasts.map(Fixed.init)
    comparisons = fit.comparisons.isEmpty ? nil : fit.comparisons.map(Comparison.init)
    r2 = fit.shares.map {
      Variance(
        marginal: $0.marginal.ifFinite, conditional: $0.conditional.ifFinite,
        residual: fit.observationVariance?.rawValue)
    }
    icc = fit.shares?.intraclassCorrelation.ifFinite
    // That of a mean of answers, which the latent response does not have.
    designEffect = fit.family == "gaussian" ? fit.shares?.designEffect.ifFinite : nil
    principal = fit.principal.isEmpty ? nil : fit.principal.map(Principal.init)
    robust = fit.robust.map(Robust.init)
    influence = fit.influence.map(Influence.init)
    predictions = fit.predictions.isEmpty ? nil : fit.predictions.map(Predicted.init)
    simpler = fit.simpler.isEmpty ? nil : fit.simpler.map(Simpler.init)
    notes = fit.notes
    self.seconds = seconds
  }
}

extension FitDocument.Residuals {
  init(_ residuals: FitSummary.Residuals) {
    structure = residuals.structure
    parameters = residuals.parameters.map(Parameter.init)
    ratios = residuals.ratios.map(Parameter.init)
    strata = residuals.strata.map(FitDocument.Deviation.init)
    waves = residuals.waves.map(FitDocument.Deviation.init)
    correlations = residuals.correlations?.nested
    halfLife = residuals.halfLife.map(Parameter.init)
  }
}

extension FitDocument.Residuals.Parameter {
  init(_ parameter: FitSummary.Parameter) {
    self.init(
      name: parameter.name, estimate: parameter.estimate.ifFinite,
      lower: parameter.lower?.ifFinite, upper: parameter.upper?.ifFinite)
  }
}

extension FitDocument.Comparison {
  init(_ comparison: ModelComparison) {
    formula = comparison.formula
    larger = comparison.isLarger
    chisq = comparison.test.statistic.ifFinite
    df = comparison.test.degreesOfFreedom
    p = comparison.test.pValue.ifFinite
    boundaryP = comparison.test.boundaryPValue?.ifFinite
    notes = comparison.test.notes
  }
}

extension FitDocument.Term {
  init(_ test: TermTest, isChiSquare: Bool) {
    term = test.term
    f = isChiSquare ? nil : test.test.statistic.ifFinite
    chisq = isChiSquare ? (test.test.statistic * test.test.numerator).ifFinite : nil
    numDf = test.test.numerator.ifFinite
    denDf = test.test.denominator.ifFinite
    p = test.test.pValue.ifFinite
  }
}

extension FitDocument.Margin {
  init(_ table: MarginalTable) {
    of = table.title
    adjust = table.adjustment.rawValue
    estimates = table.estimates.enumerated().map { position, estimate in
      Estimate(
        at: Dictionary(estimate.at.map { ($0.name, $0.value) }) { $1 },
        estimate: estimate.effect.estimate.ifFinite, se: estimate.effect.standardError.ifFinite,
        df: estimate.effect.degreesOfFreedom?.ifFinite, lower: estimate.effect.lower.ifFinite,
        upper: estimate.effect.upper.ifFinite,
        response: table.responses.isEmpty ? nil : .init(table.responses[position]),
        categories: table.categories.isEmpty
          ? nil : table.categories[position].probabilities.map(FitDocument.OnResponse.init),
        meanCategory: table.categories.isEmpty
          ? nil : .init(table.categories[position].meanCategory))
    }
    pairs = table.comparisons.map {
      Pair(
        contrast: $0.effect.name, estimate: $0.effect.estimate.ifFinite,
        se: $0.effect.standardError.ifFinite, df: $0.effect.degreesOfFreedom?.ifFinite,
        t: $0.effect.statistic.ifFinite, p: $0.adjustedPValue.ifFinite,
        lower: $0.adjustedLower.ifFinite, upper: $0.adjustedUpper.ifFinite,
        ratio: table.ratioName == nil ? nil : .init($0.ratio))
    }
  }
}

/// Elapsed seconds of the parts of a fit.
struct FitSeconds: Encodable {
  var read = 0.0
  var build = 0.0
  var fit = 0.0
}

extension Matrix {
  /// The rows as JSON has them.
  var nested: [[Double?]] {
    (0..<rows).map { row in (0..<columns).map { self[row, $0].ifFinite } }
  }
}

extension Double {
  /// The number, or `nil` where JSON has no form for it.
  var ifFinite: Double? { isFinite ? self : nil }
}

extension Duration {
  /// The duration in seconds.
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
