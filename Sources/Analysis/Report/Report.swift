import Definitions
import Figures
import Foundation
import Statistics

/// The report: one page without scripts or anything from elsewhere, written from the plan and the
/// numbers as a short methods and results section.
struct Report {
  let results: AnalysisResults
  /// The figures that were drawn, by name.
  let figures: [String: VectorImage]
  /// Why there are no figures, if there are none.
  let missing: FigureProblem?
  private var tableCount = 0
  private var figureCount = 0

  /// A report of these results.
  init(
    _ results: AnalysisResults, figures: [String: VectorImage], missing: FigureProblem? = nil
  ) {
    self.results = results
    self.missing = missing
    self.figures = figures
  }

  /// The whole page.
  mutating func page() -> String {
    let title = results.plan.question
    let body: [HTML] = [
      header(), answer(), methods(), participants(), reliability(), courses(), changes(),
      trends(), modelSections(), modelQuestions(), sensitivity(), limits(),
      provenance(),
    ]
    let page: HTML = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
      <meta name="generator" content="Longwell \(results.version)">
      <title>\(title)</title>
      <style>\(HTML(trusted: ReportStyle.sheet))</style>
      </head>
      <body>
      <main>
      \(body)</main>
      </body>
      </html>

      """
    return page.source
  }

  /// Numbers the table and gives its markup.
  mutating func numbered(_ table: ReportTable) -> HTML {
    tableCount += 1
    return table.html(number: tableCount)
  }

  /// Numbers a figure and gives its markup; nothing if it was not drawn.
  mutating func figure(_ name: String, caption: HTML) -> HTML {
    guard let image = figures[name] else { return "" }
    figureCount += 1
    let narrow: HTML =
      figures[name + Drawing.narrowSuffix].map { image in
        "<div class=\"narrow\">\n\(HTML(trusted: image.element))</div>\n"
      } ?? ""
    return """
      <figure><div class="wide">
      \(HTML(trusted: image.element))</div>
      \(narrow)\
      <figcaption><b>Figure \(figureCount).</b> \(caption)</figcaption></figure>

      """
  }

  // MARK: Head

  private func header() -> HTML {
    let simulated: HTML =
      results.isSimulated
      ? """
      <div class="note" role="note"><p><strong>Simulated data.</strong> No person gave these answers: \
      they were made by <code>longwell simulate</code>, to try the study and its analysis.</p></div>

      """ : ""
    return """
      <header>
      <p class="kicker">\(results.study.title)</p>
      <h1>\(results.plan.question)</h1>
      <p class="meta">Analysis plan <code>\(results.plan.id)</code> · study \
      <code>\(results.study.id)</code> \(results.study.version) · Longwell \(results.version)</p>
      </header>
      \(simulated)\(withoutAnswer())\(withoutFigures())
      """
  }

  /// Says first that the question of the plan stays open, if it does.
  private func withoutAnswer() -> HTML {
    let failures = results.failures
    guard !failures.isEmpty else { return "" }
    let items: [HTML] = failures.map { "<p>\($0.prefix(1).uppercased() + $0.dropFirst()).</p>\n" }
    return """
      <div class="note" role="note"><p><strong>The question of the plan is not answered.</strong></p>
      \(items)</div>

      """
  }

  private func withoutFigures() -> HTML {
    missing.map { problem in
      """
      <div class="note" role="note"><p><strong>Without figures.</strong> They could not be drawn: \
      \(problem.description).</p></div>

      """
    } ?? ""
  }

  /// Whether a contrast is of the model that answers the question of the plan.
  private func isPrimary(_ contrast: ContrastResult) -> Bool {
    results.model(contrast.plan.model.value)?.model.isPrimary == true
  }

  /// The estimates that the plan names, before anything else.
  private func answer() -> HTML {
    let sentences: [HTML] = results.contrasts.map { contrast in
      guard let effect = contrast.effect else {
        return """
          <p>The contrast <code>\(contrast.plan.coefficient.value)</code> could not be estimated; see \
          the model <code>\(contrast.plan.model.value)</code> below.</p>
          """
      }
      let decimals = NumberText.decimals(standardError: effect.standardError)
      return """
        <p><strong>\(contrast.plan.id.value)</strong>: \(contrast.label) \
        (\(isPrimary(contrast) ? "primary model" : "model") \
        <code>\(contrast.plan.model.value)</code>): \
        \(Self.sentence(effect, adjusted: contrast.adjusted, decimals: decimals))</p>

        """
    }
    guard !sentences.isEmpty else { return "" }
    let estimand: HTML =
      results.plan.estimand.map { "<p class=\"small\">Estimand: \($0).</p>" } ?? ""
    return """
      <section class="answer" aria-label="In short">
      \(sentences)\(estimand)</section>

      """
  }
}
