import Definitions

/// Each label of a scale is its own: the same one twice is a slip of copying, and turns answers around.
enum DistinctLabelsRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    let scales =
      draft.scales.map { (place: $0.name.place, kind: $0.kind) }
      + draft.items.filter { $0.scale == nil }.map { (place: $0.id.place, kind: $0.kind) }
    for scale in scales {
      for label in Self.repeated(scale.kind?.labels.values.sorted() ?? []) {
        problems.report(
          draft.imported == nil ? .error : .warning, at: scale.place,
          found: "the label \(quoted(label)) twice in one scale",
          expected: "a label of its own for each number")
      }
    }
  }

  /// Each label that is there more than once.
  static func repeated(_ labels: [String]) -> [String] {
    var seen: Set<String> = []
    var repeated: [String] = []
    for label in labels where !seen.insert(label).inserted && !repeated.contains(label) {
      repeated.append(label)
    }
    return repeated
  }
}

/// Earlier answers stand in items' texts only: elsewhere a participant would read the braces.
enum PlainWordsRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    for text in [draft.title, draft.instructions].compactMap(\.self) {
      check(text.value, at: text.place, problems: &problems)
    }
    for scale in draft.scales { check(scale.kind, at: scale.name.place, problems: &problems) }
    for item in draft.items where item.scale == nil {
      check(item.kind, at: item.id.place, problems: &problems)
    }
  }

  /// Reports an answer between braces in a text that is shown as it stands.
  static func check(_ text: String, at place: Place, problems: inout Problems) {
    for name in Piping.names(in: text) {
      problems.report(
        at: place, found: "{{\(name)}} in a text that is shown as it stands",
        expected: "earlier answers in items' texts only")
    }
  }

  private static func check(_ kind: Item.Kind?, at place: Place, problems: inout Problems) {
    for (_, label) in (kind?.labels ?? [:]).sorted(by: { $0.key < $1.key }) {
      check(label, at: place, problems: &problems)
    }
    if case .number(let range) = kind, let unit = range.unit {
      check(unit, at: place, problems: &problems)
    }
  }
}
