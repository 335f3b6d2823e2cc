import RealModule

/// What the parameters ψ of a residual structure say, in the terms of its users.
struct ResidualReading: Sendable {
  /// How users are told of one ψ.
  struct Scale: Sendable {
    let parameter: ProfileInterval.Parameter
    /// Its place in ψ.
    let position: Int
    /// An increasing function of it.
    let function: @Sendable (Double) -> Double
    /// Its standard error; NaN where the criterion is flat.
    let step: Double
  }

  private(set) var scales: [Scale] = []
  private(set) var parameters: [ResidualModelFit.ResidualParameter] = []
  private(set) var strata: [ResidualModelFit.ResidualStratum] = []
  private(set) var waves: ResidualModelFit.WaveCovariance?
  private(set) var notes: [String] = []

  private let values: [Double]
  /// The standard error of each ψ; NaN where the criterion is flat.
  private let errors: [Double]
  private let quantile: Double

  /// A curvature of the criterion, per squared scale, below which the data say nothing.
  static let flatCurvature = 1e-5

  init(
    model: ResidualModel, optimum: ResidualOptimum, sigma: Double, confidenceLevel: Double
  ) {
    let count = model.layout.parameterCount
    values = Array(optimum.point.dropFirst(count))
    quantile = NormalDistribution().quantile((1 + confidenceLevel) / 2)
    // The criterion is twice a log-likelihood, so the covariance is twice the inverse Hessian.
    let inverse = Cholesky(optimum.hessian)?.inverse
    errors = values.indices.map { position in
      inverse.map { (2 * $0[count + position, count + position]).squareRoot() } ?? .nan
    }
    switch model.structure.correlation {
    case .independent:
      if let weights = model.source as? PowerWeights {
        add("power", at: 0) { $0 }
        let base = model.structure.power == .fitted ? "fitted value" : "covariate"
        notes.append(
          "The residual standard deviation is that of a row whose \(base) is "
            + "\(significant(weights.centre)), the geometric mean; another row’s is that times the "
            + "ratio to the power.")
      } else {
        readStrata(model, from: 0, sigma: sigma)
      }
    case .ar1(_, hasNoise: false):
      add("phi", at: 0) { Double.tanh($0) }
      readStrata(model, from: 1, sigma: sigma)
    case .ar1, .continuous, .arma11:
      guard let correlation = (model.source as? RowwiseProducts)?.correlation else { break }
      add("phi", at: 0) { correlation.phi($0) }
      switch correlation.kind {
      case .discrete(hasNoise: true), .continuous(hasNoise: true):
        add("noise share", at: 1) { DecayingCorrelation.noiseShare($0) }
      case .arma11: add("theta", at: 1) { Double.tanh($0) }
      default: break
      }
      readStrata(model, from: correlation.count, sigma: sigma)
    case .compoundSymmetry:
      guard let weights = (model.source as? BasisProducts)?.weights as? ExchangeableWeights else {
        break
      }
      add("rho", at: 0) { weights.correlation($0) }
    case .unstructured:
      guard let weights = (model.source as? BasisProducts)?.weights as? UnstructuredWeights else {
        break
      }
      waves = .init(
        waves: model.residuals.waves,
        covariance: (sigma * sigma) * weights.relativeCovariance(at: values))
    }
    noteFlatness(optimum.hessian, scales: optimum.scales)
  }

  /// A parameter that is an increasing function of one ψ.
  private mutating func add(
    _ name: String, at position: Int, _ function: @escaping @Sendable (Double) -> Double
  ) {
    scales.append(
      Scale(
        parameter: .residual(name), position: position, function: function,
        step: errors[position]))
    let reach = quantile * errors[position]
    parameters.append(
      .init(
        name: name, estimate: function(values[position]),
        lower: function(values[position] - reach), upper: function(values[position] + reach)))
  }

  private mutating func readStrata(_ model: ResidualModel, from first: Int, sigma: Double) {
    let names = model.residuals.stratumNames
    guard names.count > 1 else { return }
    var counts = [Int](repeating: 0, count: names.count)
    for stratum in model.residuals.strata { counts[Int(stratum)] += 1 }
    for (position, name) in names.enumerated() {
      let place = first + position - 1
      let logRatio = position == 0 ? 0 : values[place]
      let reach = position == 0 ? .nan : quantile * errors[place]
      let ratio = Double.exp(logRatio)
      if position > 0 {
        scales.append(
          Scale(
            parameter: .stratumRatio(name), position: place, function: { Double.exp($0) },
            step: errors[place]))
      }
      strata.append(
        .init(
          name: name, observations: counts[position], standardDeviation: sigma * ratio,
          ratio: ratio, lower: Double.exp(logRatio - reach),
          upper: Double.exp(logRatio + reach)))
    }
  }

  private mutating func noteFlatness(_ hessian: Matrix, scales: [Double]) {
    guard hessian.rows > 0 else { return }
    let scaled = Matrix(rows: hessian.rows, columns: hessian.rows) {
      hessian[$0, $1] * scales[$0] * scales[$1]
    }
    guard let least = SymmetricEigen(scaled)?.values.last, least < Self.flatCurvature,
      !values.isEmpty
    else { return }
    notes.append(
      "The criterion is flat in one direction: the data hardly tell the parameters of the "
        + "residuals and of the random effects apart. A simpler structure may say as much.")
  }
}
