import Definitions
import Statistics
import Tables

extension Report {
  /// An estimate with its precision, and what can be read from it; never a verdict alone.
  static func sentence(
    _ effect: LinearMixedModelFit.FixedEffect, adjusted: Double? = nil, decimals: Int
  ) -> HTML {
    func text(_ value: Double) -> String { NumberText.fixed(value, decimals) }
    let reading: HTML =
      if effect.lower > 0 {
        "The 95&nbsp;% interval holds positive values only."
      } else if effect.upper < 0 {
        "The 95&nbsp;% interval holds negative values only."
      } else {
        """
        The 95&nbsp;% interval holds values on both sides of zero, so it does not settle the \
        direction.
        """
      }
    let also: HTML =
      adjusted.map { ", adjusted <i>p</i>&nbsp;\(NumberText.pRelation($0))" } ?? ""
    return """
      estimate \(text(effect.estimate)), 95&nbsp;% interval \(text(effect.lower)) to \
      \(text(effect.upper)) (SE \(text(effect.standardError)), \(statistic(effect)), \
      <i>p</i>&nbsp;\(NumberText.pRelation(effect.pValue))\(also)). \(reading)
      """
  }

  /// `z = 2.31`, or `t(87.4) = 2.31` with degrees of freedom.
  static func statistic(_ effect: LinearMixedModelFit.FixedEffect) -> HTML {
    let value = NumberText.fixed(effect.statistic, 2)
    guard let degrees = effect.degreesOfFreedom, degrees.isFinite else {
      return "<i>z</i> = \(value)"
    }
    return "<i>t</i>(\(NumberText.fixed(degrees, 1))) = \(value)"
  }

  // MARK: Methods

  /// Design, instruments and models in words.
  func methods() -> HTML {
    let study = results.study
    let occasions = study.occasions.map { occasion in
      occasion.times > 1 ? "\(occasion.id) (\(occasion.times) times)" : occasion.id
    }
    let arms: HTML =
      study.arms.isEmpty
      ? "The study has no arms. "
      : """
      Participants were allocated to \(NumberText.counted(study.arms.count, "arm", "arms")) \
      (\(NumberText.list(study.arms))); \(study.arms.first ?? "") is the reference in every model. \
      Everyone allocated is analysed as allocated, whatever followed.
      """
    let used = results.outcomes.compactMap { results.data.table[$0] }
    let measures: [HTML] = used.map { column in
      "<li><strong>\(column.name)</strong>: \(column.label). <span class=\"small\">\(column.definition)</span></li>\n"
    }
    let models: [HTML] = results.models.map { result in
      """
      <li><strong>\(result.model.id.value)</strong>\(result.model.isPrimary ? " (primary)" : ""): \
      <code>\(result.model.written)</code>, \(Self.kind(of: result.model)) by \
      \(result.model.method.words)\(Self.intervals(of: result.model)).</li>

      """
    }
    let modelList: HTML =
      models.isEmpty ? "" : "<p>Models:</p>\n<ul>\n\(models)</ul>\n"
    return """
      <section>
      <h2>Methods</h2>
      <p><i>\(study.title)</i> asks its participants on these occasions: \
      \(NumberText.list(occasions)). \(arms)</p>
      <p>One row of the analysis table is one due occasion of one participant; missed occasions are \
      rows without answers. Outcomes:</p>
      <ul>
      \(measures)</ul>
      \(modelList)\
      <p>Intervals are 95&nbsp;% intervals: of fixed effects the estimate and its standard error, with \
      degrees of freedom as each model says, unless it says otherwise; of means Student’s \
      <i>t</i>.\(adjustmentWords())</p>
      \(instruments())</section>

      """
  }

  /// What a model is, in words.
  static func kind(of model: PlanModel) -> HTML {
    guard let residuals = model.residuals else { return "a linear mixed model" }
    let kind = model.formula.groupNames.isEmpty ? "marginal" : "mixed"
    return """
      a linear \(kind) model with residuals <code>\(residuals.structure.description)</code>
      """
  }

  /// How intervals are found, where it is not by the standard error.
  private static func intervals(of model: PlanModel) -> HTML {
    switch model.intervals {
    case .wald: ""
    case .profile: ", with intervals by profile likelihood"
    case .bootstrap:
      ", with intervals from \(model.replicates) replicates of a parametric bootstrap"
    }
  }

  private func adjustmentWords() -> HTML {
    guard let adjustment = results.plan.adjustment else { return "" }
    return """
       The contrasts \(NumberText.list(adjustment.family.map(\.value))) are one family of tests, whose \
      <i>p</i> values are adjusted by the method of \(adjustment.method.words); intervals are not.
      """
  }

  private func instruments() -> HTML {
    let items: [HTML] = results.study.instruments.map { instrument in
      let basis: HTML =
        instrument.basis.map { ", following the structure of \($0)" } ?? ""
      let status: HTML =
        switch instrument.wording {
        case "verbatim": "Wording verbatim."
        case "adapted":
          """
          Wording <strong>adapted</strong>: the items are not those of the published scale, so its \
          published norms, cut-offs and reliabilities do not apply here.
          """
        default: "Wording original to this project; there are no published norms."
        }
      return """
        <li><strong>\(instrument.title)</strong> (<code>\(instrument.id)</code> \
        \(instrument.version))\(basis). \(status)</li>

        """
    }
    return items.isEmpty ? "" : "<p>Instruments:</p>\n<ul>\n\(items)</ul>\n"
  }
}
