import Definitions
import Statistics

extension AnalysisResults {
  /// The models' tables as plain text, 78 columns wide at most.
  func summary() -> String {
    models.map(summary).joined(separator: "\n")
  }

  private func summary(_ result: ModelResult) -> String {
    let title = result.model.id.value + (result.model.isPrimary ? " (primary)" : "")
    var lines = ["\(title): \(result.model.written)"]
    switch result.outcome {
    case .failure(let error): lines.append("  not fitted: \(error.description)")
    case .success(let fit):
      let groups = fit.groups.map { group in
        group.name == "participant"
          ? "\(group.levels) participants" : "\(group.levels) levels of \(group.name)"
      }.joined(separator: ", ")
      lines.append(
        "  \(fit.observations) observations, \(groups), \(result.model.method.rawValue)")
      if fit.excludedRows > 0 {
        lines.append(
          "  set aside: "
            + NumberText.counted(fit.excludedRows, "row", "rows")
            + " without a value for every variable")
      }
      if !fit.setAside.isEmpty {
        let terms = fit.setAside.map(result.label)
        lines.append("  no estimate for \(NumberText.list(terms)): repeats other terms")
      }
      let labels = result.effects.map { result.label($0.name) }
      let width = min(30, labels.map(\.count).max() ?? 0)
      lines.append(
        "  " + Self.left("", width) + Self.right("estimate", 11) + Self.right("SE", 9)
          + Self.right("95 % interval", 20) + Self.right("p", 9))
      for (effect, label) in zip(result.effects, labels) {
        let decimals = NumberText.decimals(standardError: effect.standardError)
        func text(_ value: Double) -> String { NumberText.fixed(value, decimals) }
        lines.append(
          "  " + Self.left(label, width) + Self.right(text(effect.estimate), 11)
            + Self.right(text(effect.standardError), 9)
            + Self.right("\(text(effect.lower)) to \(text(effect.upper))", 20)
            + Self.right(NumberText.p(effect.pValue), 9))
      }
      if fit.isSingular { lines.append("  singular fit: a variance is estimated as zero") }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func left(_ text: String, _ width: Int) -> String {
    let cut = text.count > width ? text.prefix(max(0, width - 1)) + "…" : text
    return cut + String(repeating: " ", count: width - cut.count)
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
