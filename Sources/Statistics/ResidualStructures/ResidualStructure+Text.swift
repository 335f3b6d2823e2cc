extension ResidualStructure: CustomStringConvertible {
  /// Reads a structure from parts joined by commas: a correlation (`ar1:TIME`, `car1:TIME`,
  /// `ar1+noise:TIME`, `car1+noise:TIME`, `arma11:TIME`, `cs`, `un:WAVE`), `variance:FACTOR`, and
  /// `within:BLOCK`; or `power:COVARIATE` alone. `ar1`, `ar1+noise` and `arma11` may stand without a
  /// time, and `power` without a covariate, for the fitted values.
  ///
  /// ```swift
  /// let residuals = try ResidualStructure("ar1:prompt,variance:arm,within:day")
  /// ```
  ///
  /// - Throws: ``ModelError/residualStructure(_:)``.
  public init(_ text: String) throws(ModelError) {
    var correlation: (kind: String, argument: String?)?
    var factor: String?
    var within: String?
    var power: PowerBase?
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let kind = pieces[0].filter { $0 != " " }
      let argument = pieces.count > 1 ? Self.trimmed(pieces[1]) : nil
      if let argument, argument.isEmpty { throw Self.unreadable(String(part)) }
      switch kind {
      case "variance" where factor == nil && argument != nil: factor = argument
      case "within" where within == nil && argument != nil: within = argument
      case "power" where power == nil: power = argument.map { .covariate($0) } ?? .fitted
      case "ar1", "ar1+noise", "arma11", "car1", "car1+noise", "cs", "un":
        guard correlation == nil else { throw Self.unreadable(String(part)) }
        correlation = (kind, argument)
      default: throw Self.unreadable(String(part))
      }
    }
    if let power {
      guard correlation == nil, factor == nil, within == nil else {
        throw .residualStructure(
          "residuals: ‘power’ goes with independent residuals and one variance; leave the other "
            + "parts of ‘\(text)’ out")
      }
      switch power {
      case .fitted: self = .variancePower()
      case .covariate(let name): self = .variancePower(of: name)
      }
      return
    }
    var kind = Correlation.independent
    switch (correlation?.kind, correlation?.argument) {
    case (nil, _):
      guard factor != nil else { throw Self.unreadable(text) }
    case ("ar1", let time): kind = .ar1(time: time, hasNoise: false)
    case ("ar1+noise", let time): kind = .ar1(time: time, hasNoise: true)
    case ("arma11", let time): kind = .arma11(time: time)
    case ("car1", let time?): kind = .continuous(time: time, hasNoise: false)
    case ("car1+noise", let time?): kind = .continuous(time: time, hasNoise: true)
    case ("un", let wave?): kind = .unstructured(wave: wave)
    case ("cs", nil): kind = .compoundSymmetry
    default: throw Self.unreadable(text)
    }
    self.init(kind, within: within)
    if let factor { self = variance(per: factor) }
  }

  /// The structure as ``init(_:)`` reads it; `independent` when there is none.
  public var description: String {
    var parts: [String] = []
    func timed(_ kind: String, _ time: String?) -> String { time.map { "\(kind):\($0)" } ?? kind }
    switch correlation {
    case .independent: break
    case .ar1(let time, let hasNoise): parts.append(timed(hasNoise ? "ar1+noise" : "ar1", time))
    case .continuous(let time, let hasNoise):
      parts.append(timed(hasNoise ? "car1+noise" : "car1", time))
    case .arma11(let time): parts.append(timed("arma11", time))
    case .compoundSymmetry: parts.append("cs")
    case .unstructured(let wave): parts.append(timed("un", wave))
    }
    switch power {
    case nil: break
    case .fitted: parts.append("power")
    case .covariate(let name): parts.append("power:\(name)")
    }
    if let stratum { parts.append("variance:\(stratum)") }
    if !within.isEmpty { parts.append("within:\(within.joined(separator: ":"))") }
    return parts.isEmpty ? "independent" : parts.joined(separator: ",")
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  private static func unreadable(_ text: String) -> ModelError {
    .residualStructure(
      "residuals: found ‘\(text)’, expected ar1:TIME, car1:TIME, ar1+noise:TIME, "
        + "car1+noise:TIME, arma11:TIME, cs, un:WAVE, variance:FACTOR or within:BLOCK, "
        + "joined by commas, or power:COVARIATE")
  }
}
