import Definitions
import Expressions

extension Report {
  /// What stands between these numbers and a conclusion.
  func limits() -> HTML {
    var items: [HTML] = [
      lockState(),
      """
      <strong>Missing answers.</strong> The models use every row that has a value, which is right if, \
      given what was observed, missing answers do not depend on what they would have been. People \
      who feel worse may answer less; \(results.delta == nil
        ? "no sensitivity analysis for that is part of this report."
        : "Sensitivity says what would come of it.")
      """,
    ]
    let secondary = results.models.filter { !$0.model.isPrimary }.map(\.model.id.value)
    if !secondary.isEmpty, results.models.contains(where: \.model.isPrimary) {
      items.append(
        """
        <strong>Several models.</strong> Only the primary model answers the question of the plan; \
        \(NumberText.list(secondary)) \
        \(secondary.count == 1 ? "is" : "are") secondary, and \(results.plan.adjustment == nil
          ? "no p value is adjusted for looking at more than one."
          : "only the p values of the plan’s family are adjusted for looking at more than one.")
        """)
    }
    if results.study.instruments.contains(where: { $0.wording == "adapted" }) {
      items.append(
        """
        <strong>Adapted wording.</strong> Scores of adapted instruments can be compared within this \
        study, not with published values.\(results.reliabilities.isEmpty
          ? " Their reliability in this sample is not part of this report."
          : " Their reliability here is that of this sample.")
        """)
    }
    items += wordingLimits()
    let list: [HTML] = items.map { "<li>\($0)</li>\n" }
    return """
      <section>
      <h2>What to keep in mind</h2>
      <ul>
      \(list)</ul>
      </section>

      """
  }

  /// What hangs on whose words were read, and on cut-offs that were not made for them.
  private func wordingLimits() -> [HTML] {
    var items: [HTML] = []
    let mixed = Dictionary(grouping: results.wordings, by: \.instrument)
      .filter { $0.value.count > 1 }.keys.sorted()
    if !mixed.isEmpty {
      items.append(
        """
        <strong>Several wordings.</strong> \(NumberText.list(mixed)) \
        \(mixed.count == 1 ? "was" : "were") read in more than one wording. The same scoring does not \
        make wordings equivalent\(results.itemFunctioning.contains { $0.grouping == .overlay }
          ? "; Reliability says which items work differently."
          : ", and no test of differential item functioning is part of this report.")
        """)
    }
    if results.wordings.contains(where: { $0.provenance?.hasSuffix("not reviewed") == true }) {
      items.append(
        """
        <strong>Wording not reviewed.</strong> Nobody but its author has looked at some of the wording \
        that participants read; Provenance says which.
        """)
    }
    let known = results.study.scoresByName
    let exploratory = Set(
      results.plan.columns.flatMap {
        $0.names.filter { known[$0]?.score.isExploratory == true }
      })
    if !exploratory.isEmpty {
      items.append(
        """
        <strong>Exploratory cut-offs.</strong> \(NumberText.list(exploratory.sorted())) \
        \(exploratory.count == 1 ? "uses" : "use") cut-offs that were published for another wording. \
        The study asked for them all the same; how many people fall on either side is no estimate of \
        how common anything is.
        """)
    }
    return items
  }

  /// Where every number comes from.
  func provenance() -> HTML {
    let instruments: [HTML] = results.study.instruments.map { instrument in
      """
      <dt>Instrument \(instrument.id) \(instrument.version)</dt>\
      <dd><code>\(instrument.contentHash)</code></dd>

      """
    }
    let wordings: [HTML] = results.wordings.map { wording in
      "<dt>Wording of \(wording.instrument)</dt><dd>\(wording.words)</dd>\n"
    }
    return """
      <footer>
      <h2>Provenance</h2>
      <p>The same plan and the same data give the same bytes. Full precision is in \
      <code>results.json</code>, every table in <code>tables/</code> with its codebook, and what \
      drew each figure in <code>figures/</code>. \(results.usesSeed
        ? "What was drawn at random follows from the seed \(results.plan.seed) of the plan."
        : "Nothing here was drawn at random, so there is no seed.")</p>
      <dl>
      <dt>Longwell</dt><dd>\(results.version)</dd>
      <dt>Plan \(results.plan.id)</dt><dd><code>\(results.plan.hash)</code></dd>
      <dt>Study \(results.study.id) \(results.study.version)</dt>\
      <dd><code>\(results.study.contentHash)</code></dd>
      \(instruments)\(wordings)<dt>Analysis table</dt><dd><code>\(results.dataHash)</code></dd>
      </dl>
      </footer>

      """
  }
}
