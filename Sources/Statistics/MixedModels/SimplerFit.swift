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
  /// - Returns: None for a fit that is not singular; each has fewer parameters than this one. Where
  ///   no random effect has any variance, the linear model without any, whose criterion is this
  ///   one's at variances of 0.
  public func simplerFits(
    data: ModelData, weights: String? = nil, offset: String? = nil
  ) throws(ModelError) -> [SimplerFit] {
    try simplerFits { (formula) throws(ModelError) in
      try LinearMixedModel(
        formula, data: data, codings: tables.codings(for: formula), weights: weights,
        offset: offset)
    }
  }

  /// The same from the summary that this model was made from; without models that would need columns
  /// which it does not keep.
  public func simplerFits(
    _ statistics: SufficientStatistics
  ) throws(ModelError) -> [SimplerFit] {
    try simplerFits { (formula) throws(ModelError) in
      try statistics.reduced(to: formula).map { (reduced) throws(ModelError) in
        try LinearMixedModel(reduced)
      }
    }
  }

  /// - Parameter model: Makes the model of a formula; `nil` where it cannot be made.
  private func simplerFits(
    _ model: (ModelFormula) throws(ModelError) -> LinearMixedModel?
  ) throws(ModelError) -> [SimplerFit] {
    var fits: [SimplerFit] = []
    for formula in simplerFormulas {
      let fit: LinearMixedModelFit
      if formula.random.isEmpty {
        fit = try self.model.fit(
          atTheta: [Double](repeating: 0, count: theta.count), method, degreesOfFreedom: .none)
      } else {
        guard let smaller = try model(formula) else { continue }
        fit = try smaller.fit(method, degreesOfFreedom: .none)
      }
      let fewer =
        formula.random.isEmpty ? theta.count : parameterCount - fit.parameterCount
      guard fewer > 0 else { continue }
      fits.append(
        SimplerFit(
          formula: formula.source, criterion: fit.criterion,
          aic: fit.criterion + 2 * Double(parameterCount - fewer), fewerParameters: fewer,
          isSingular: !formula.random.isEmpty && fit.isSingular))
    }
    return fits
  }

  /// Each a step down from this formula: first without what has no variance, then with the terms
  /// that lack a direction made smaller as well.
  private var simplerFormulas: [ModelFormula] {
    guard isSingular else { return [] }
    let states = tables.singularity
    let terms = tables.orderedRandomTerms
    let kept = terms.indices.map { without(states.vanished[$0], terms[$0], position: $0) }
    let steps = terms.indices.map { position -> [[RandomTerm]] in
      // A factor some of whose levels have no variance lacks directions too.
      let isSmaller = kept[position] != [terms[position]]
      let isLess = states.lacksDirection[position] || !states.vanished[position].isEmpty
      return isLess && !isSmaller ? Self.smaller(terms[position]) : []
    }
    var candidates = [kept.flatMap(\.self)]
    for step in 0..<2 where steps.contains(where: { $0.indices.contains(step) }) {
      // Where several terms lack directions, each takes its last, smallest step.
      candidates.append(
        terms.indices.flatMap { position in
          let own = steps[position]
          return own.isEmpty ? kept[position] : own[min(step, own.count - 1)]
        })
    }
    var formulas: [ModelFormula] = []
    for candidate in candidates where candidate != terms {
      // A level that two terms came down to is one term.
      var unique: [RandomTerm] = []
      for term in candidate where !unique.contains(where: { $0.isAlike(term) }) {
        unique.append(term)
      }
      guard let formula = try? ModelFormula.parse(formula.text(random: unique)),
        !formulas.contains(where: { $0.source == formula.source })
      else { continue }
      formulas.append(formula)
    }
    return formulas
  }

  /// A term without the effects that have no variance; of a factor, all its columns or none.
  private func without(
    _ vanished: [Int], _ term: RandomTerm, position: Int
  ) -> [RandomTerm] {
    let columns = tables.frame.random[position].design.columns
    func remains(_ place: Int) -> Bool {
      columns.indices.contains { columns[$0].term == place && !vanished.contains($0) }
    }
    let list = term.effects
    let kept = list.terms.indices.filter { remains($0) }.map { list.terms[$0] }
    let hasIntercept = list.hasIntercept && remains(-1)
    guard kept.count < list.terms.count || hasIntercept != list.hasIntercept else { return [term] }
    return term.keeping(kept, hasIntercept: hasIntercept)
  }

  /// What may stand in the place of a term that varies in fewer directions than it has effects:
  /// the same effects without correlations, and fewer effects.
  private static func smaller(_ term: RandomTerm) -> [[RandomTerm]] {
    let list = term.effects
    let independent =
      (list.hasIntercept ? term.keeping([], hasIntercept: true) : [])
      + list.terms.flatMap { term.keeping([$0], hasIntercept: false) }
    // Effects of the levels of a factor alone step down to a level of the group.
    let fewer = term.keeping(
      list.terms.dropLast(), hasIntercept: list.hasIntercept || list.terms.count == 1)
    return (independent.count > 1 ? [independent] : []) + [fewer]
  }
}

extension RandomTerm {
  /// The term with some of its effects; none where nothing is left.
  fileprivate func keeping(_ terms: [[Int]], hasIntercept: Bool) -> [RandomTerm] {
    guard hasIntercept || !terms.isEmpty else { return [] }
    var copy = self
    copy.effects = effects.part(terms: terms, hasIntercept: hasIntercept)
    return [copy]
  }

  /// Whether the other has the same effects on the same groups, however it came about.
  fileprivate func isAlike(_ other: RandomTerm) -> Bool {
    groupName == other.groupName && effects.hasIntercept == other.effects.hasIntercept
      && effects.terms.map(effects.label) == other.effects.terms.map(other.effects.label)
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
