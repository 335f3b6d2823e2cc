import Statistics

extension FitDocument {
  struct Variance: Encodable {
    var marginal, conditional: Double?
    /// Of a generalised model: where its residual variance on the scale of the link comes from.
    var residual: String?
  }

  struct Principal: Encodable {
    var group: String
    var terms: [String]
    var sd: [Double?]
    var loadings: [[Double?]]
  }

  struct Robust: Encodable {
    var type, clusters: String
    var m: Int
    var fixed: [Fixed]
    var vcov: [[Double?]]
  }

  struct Influence: Encodable {
    struct Level: Encodable {
      var level: String
      var n: Int
      var leverage, cook, sigma: Double?
      var estimates: [Double?]
    }

    var method: String
    var levels: [Level]
  }

  struct Predicted: Encodable {
    struct Mean: Encodable {
      var estimate, se, lower, upper: Double?
    }

    struct Conditional: Encodable {
      var known: Bool
      var estimate, se, lower, upper, responseLower, responseUpper: Double?

      enum CodingKeys: String, CodingKey {
        case known, estimate, se, lower, upper
        case responseLower = "response_lower"
        case responseUpper = "response_upper"
      }
    }

    /// Why a row has no prediction.
    var obstacle: String?
    var population: Mean
    var conditional: Conditional?
    /// On the scale of the response: one, or one for each category.
    var response, conditionalResponse: [FitDocument.OnResponse]?

    enum CodingKeys: String, CodingKey {
      case obstacle, population, conditional, response
      case conditionalResponse = "conditional_response"
    }
  }

  struct Simpler: Encodable {
    var formula: String
    var criterion, aic: Double?
    var fewerParameters: Int
    var singular: Bool

    enum CodingKeys: String, CodingKey {
      case formula, criterion, aic, singular
      case fewerParameters = "fewer_parameters"
    }
  }
}

extension FitDocument.Principal {
  init(_ components: RandomEffectsComponents) {
    group = components.group
    terms = components.terms
    sd = components.standardDeviations.map(\.ifFinite)
    loadings = components.loadings.nested
  }
}

extension FitDocument.Robust {
  init(_ robust: RobustEffects) {
    type = robust.correction.rawValue
    clusters = robust.clusterName
    m = robust.clusters
    fixed = robust.fixedEffects.map { .init(FitSummary.Effect($0)) }
    vcov = robust.covariance.nested
  }
}

extension FitDocument.Influence {
  init(_ table: InfluenceTable) {
    method = table.method.rawValue
    levels = table.groups.map {
      Level(
        level: $0.level, n: $0.rows, leverage: $0.leverage.ifFinite,
        cook: $0.cooksDistance.ifFinite, sigma: $0.sigma.ifFinite,
        estimates: $0.estimates.map(\.ifFinite))
    }
  }
}

extension FitDocument.Predicted {
  init(_ row: PredictedRow) {
    obstacle = row.population.obstacle ?? row.conditional?.obstacle
    population = Mean(
      estimate: row.population.value.ifFinite, se: row.population.standardError.ifFinite,
      lower: row.population.lower.ifFinite, upper: row.population.upper.ifFinite)
    conditional = row.conditional.map {
      Conditional(
        known: $0.isKnown, estimate: $0.value.ifFinite, se: $0.standardError.ifFinite,
        lower: $0.lower.ifFinite, upper: $0.upper.ifFinite,
        responseLower: $0.responseLower.ifFinite, responseUpper: $0.responseUpper.ifFinite)
    }
    response = row.response?.population.map(FitDocument.OnResponse.init)
    conditionalResponse = row.response?.conditional?.map(FitDocument.OnResponse.init)
  }
}

extension FitDocument.Simpler {
  init(_ fit: SimplerFit) {
    formula = fit.formula
    criterion = fit.criterion.ifFinite
    aic = fit.aic.ifFinite
    fewerParameters = fit.fewerParameters
    singular = fit.isSingular
  }
}
