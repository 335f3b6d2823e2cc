/// A model with fewer random effects than a singular one, fitted to the same rows.
public struct SimplerFit: Hashable, Sendable, Codable {
  /// Its formula.
  public let formula: String
  /// Its criterion, comparable with the singular model's, as the fixed effects are the same.
  public let criterion: Double
  /// Akaike's criterion.
  public let aic: Double
  /// How many parameters fewer it has.
  public let fewerParameters: Int
  /// Whether it is singular too.
  public let isSingular: Bool
}

extension LinearMixedModelFit {
  /// The models to refit when this one is singular: without the random effects that vanish, or with
  /// effects that only vary together made independent, and with fewer of them.
  ///
  /// Barr, Levy, Scheepers & Tily (2013) and Bates, Kliegl, Vasishth & Baayen (2015) differ on
  /// whether to simplify; these are the next steps if one does, with what they cost.
  ///
  /// - Parameters:
  ///   - data: The data that the model was made from.
  ///   - weights: The name of its column of prior weights, if it had one.
  ///   - offset: The name of its offset, if it had one.
  /// - Returns: None for a fit that is not singular. Where no random effect is left, the linear model
  ///   without any, whose criterion is this one's at variances of 0.
  public func simplerFits(
    data: ModelData, weights: String? = nil, offset: String? = nil
  ) throws(ModelError) -> [SimplerFit] {
    var fits: [SimplerFit] = []
    for formula in simplerFormulas {
      let fit: LinearMixedModelFit
      if formula.random.isEmpty {
        fit = try model.fit(
          atTheta: [Double](repeating: 0, count: theta.count), method, degreesOfFreedom: .none)
      } else {
        fit = try LinearMixedModel(
          formula, data: data, codings: tables.frame.codings, weights: weights, offset: offset
        ).fit(method, degreesOfFreedom: .none)
      }
      let fewer =
        formula.random.isEmpty ? theta.count : parameterCount - fit.parameterCount
      fits.append(
        SimplerFit(
          formula: formula.source, criterion: fit.criterion,
          aic: fit.criterion + 2 * Double(parameterCount - fewer), fewerParameters: fewer,
          isSingular: !formula.random.isEmpty && fit.isSingular))
    }
    return fits
  }

  /// Each a step down from this formula.
  private var simplerFormulas: [ModelFormula] {
    guard isSingular else { return [] }
    var alternatives: [[[RandomTerm]]] = []
    for (term, component) in zip(model.orderedRandomTerms, varianceComponents) {
      alternatives.append(Self.simpler(term, component, sigma: sigma))
    }
    var formulas: [ModelFormula] = []
    // Where several terms are singular, each takes its last, smallest step.
    for step in 0..<2 {
      var terms: [RandomTerm] = []
      var isStep = false
      for (term, steps) in zip(model.orderedRandomTerms, alternatives) {
        isStep = isStep || steps.indices.contains(step)
        terms += steps.isEmpty ? [term] : steps[min(step, steps.count - 1)]
      }
      guard isStep,
        let formula = try? ModelFormula.parse(formula.text(random: terms)),
        !formulas.contains(where: { $0.source == formula.source })
      else { continue }
      formulas.append(formula)
    }
    return formulas
  }

  /// What may stand in the place of a term; nothing where it has all its directions.
  private static func simpler(
    _ term: RandomTerm, _ component: VarianceComponent, sigma: Double
  ) -> [[RandomTerm]] {
    let list = term.effects
    guard
      let eigen = SymmetricEigen(
        Matrix(rows: component.terms.count, columns: component.terms.count) {
          let correlation = component.correlations[$0, $1]
          return $0 == $1 ? 1 : (correlation.isFinite ? correlation : 0)
        }), let least = eigen.values.last
    else { return [] }
    let vanished = zip(component.terms, component.standardDeviations).filter {
      $0.1 < Singularity.tolerance * sigma
    }.map(\.0)
    func keeping(_ terms: [[Int]], _ hasIntercept: Bool) -> [RandomTerm] {
      guard hasIntercept || !terms.isEmpty else { return [] }
      var copy = term
      copy.effects = list.part(terms: terms, hasIntercept: hasIntercept)
      return [copy]
    }
    if !vanished.isEmpty {
      // A term goes when a column of it, or the one of a covariate, has no variance.
      let kept = list.terms.filter { !vanished.contains(list.label($0)) }
      let hasIntercept = list.hasIntercept && !vanished.contains("(Intercept)")
      guard kept.count < list.terms.count || hasIntercept != list.hasIntercept else {
        return [keeping(list.terms.dropLast(), list.hasIntercept)]
      }
      return [keeping(kept, hasIntercept)]
    }
    // A correlation of 1 to the square of the tolerance on standard deviations.
    guard component.terms.count > 1, least < Singularity.tolerance else { return [] }
    let independent =
      (list.hasIntercept ? keeping([], true) : [])
      + list.terms.flatMap { keeping([$0], false) }
    let fewer = keeping(list.terms.dropLast(), list.hasIntercept)
    return (independent.count > 1 ? [independent] : []) + [fewer]
  }
}

extension ModelFormula {
  /// The formula with other random terms.
  fileprivate func text(random: [RandomTerm]) -> String {
    let summands =
      [fixed.hasIntercept ? "1" : "0"] + fixed.terms.map(fixed.label)
      + fixed.offsets.map { "offset(\($0))" }
    let terms = random.map { term in
      let effects =
        [term.effects.hasIntercept ? "1" : "0"] + term.effects.terms.map(term.effects.label)
      return "(\(effects.joined(separator: " + ")) | \(term.groupName))"
    }
    let shown = summands.count > 1 && summands[0] == "1" ? Array(summands.dropFirst()) : summands
    return "\(responseName) ~ " + (shown + terms).joined(separator: " + ")
  }
}
