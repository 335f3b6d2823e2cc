import Statistics

/// The JSON form of a fitted model: stable keys, every number at full precision, `null` where a
/// number does not exist.
struct FitDocument: Encodable {
  struct Group: Encodable {
    var name: String
    var levels: Int
  }

  struct Fixed: Encodable {
    var name: String
    var estimate, se, df, t, p, lower, upper: Double?
  }

  struct Random: Encodable {
    struct Term: Encodable {
      var name: String
      var sd: Double?
    }

    var group: String
    var terms: [Term]
    var correlations: [[Double?]]
  }

  var formula: String
  var method: String
  var n: Int
  var excluded: Int
  var groups: [Group]
  var fixed: [Fixed]
  var random: [Random]
  var setAside: [String]
  var sigma, criterion, logLik, aic, bic: Double?
  var df: String
  var converged: Bool
  var singular: Bool
  var evaluations: Int
  var notes: [String]
  var seconds: FitSeconds

  init(_ fit: LinearMixedModelFit, seconds: FitSeconds) {
    formula = fit.formula.source
    method = fit.method.rawValue.uppercased()
    n = fit.observations
    excluded = fit.excludedRows
    groups = fit.groups.map { Group(name: $0.name, levels: $0.levels) }
    fixed = fit.fixedEffects.map { effect in
      Fixed(
        name: effect.name, estimate: effect.estimate.ifFinite,
        se: effect.standardError.ifFinite, df: effect.degreesOfFreedom?.ifFinite,
        t: effect.statistic.ifFinite, p: effect.pValue.ifFinite, lower: effect.lower.ifFinite,
        upper: effect.upper.ifFinite)
    }
    random = fit.varianceComponents.map { component in
      Random(
        group: component.group,
        terms: zip(component.terms, component.standardDeviations).map {
          Random.Term(name: $0, sd: $1.ifFinite)
        },
        correlations: (0..<component.correlations.rows).map { row in
          (0..<component.correlations.columns).map { component.correlations[row, $0].ifFinite }
        })
    }
    setAside = fit.setAside
    sigma = fit.sigma.ifFinite
    criterion = fit.criterion.ifFinite
    logLik = fit.logLikelihood.ifFinite
    aic = fit.aic.ifFinite
    bic = fit.bic.ifFinite
    df = "none"
    converged = fit.converged
    singular = fit.isSingular
    evaluations = fit.record.evaluations
    notes = fit.notes
    self.seconds = seconds
  }
}

/// Elapsed seconds of the parts of a fit.
struct FitSeconds: Encodable {
  var read = 0.0
  var build = 0.0
  var fit = 0.0
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
