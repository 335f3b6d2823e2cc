internal import Instruments

extension AssembledForm {
  /// The overlay of a language, the names of what has no words in it, and of how many there could be: an
  /// item's texts that stand together count once.
  ///
  /// - Parameter date: the day of the import, as `2026-11-21`.
  func overlay(
    in language: String, of instrument: Instrument, date: String
  ) -> (text: String, gaps: [String], texts: Int) {
    var gaps: [String] = []
    var count = 0
    var last: String?
    func words(_ text: LocalText, _ name: String) -> String {
      if last != name { count += 1 }
      last = name
      guard let worded = text.others[language], !worded.allSatisfy(\.isWhitespace),
        Piping.names(in: worded).sorted() == Piping.names(in: text.base).sorted()
      else {
        if gaps.last != name { gaps.append(name) }
        return YAMLText.written(text.base)
      }
      return YAMLText.written(worded)
    }
    var lines = [
      "overlay: \(id)", "for_version: \(instrument.version)", "version: 1.0.0",
      "language: \(language)", "author: not stated", "licence: not stated",
      "date: \(date)", "method: \(YAMLText.quoted("as in \(origin)"))",
      "title: \(words(title, name))",
    ]
    if let instructions { lines.append("instructions: \(words(instructions, name))") }
    lines.append("items:")
    for item in items { lines.append("  \(item.id): \(words(item.text, item.name))") }
    lines += section("stems", stems.map { ($0.id, words($0.text, $0.name)) })
    lines += section(
      "units",
      items.compactMap { item in
        guard case .number(_, _, _, let unit?) = item.kind else { return nil }
        return (item.id, words(unit, item.name))
      })
    var labels: [String] = []
    var seen: Set<String> = []
    for item in items {
      let options = item.kind.labels
      guard !options.isEmpty, seen.insert(item.scale ?? item.id).inserted else { continue }
      labels.append("  \(item.scale ?? item.id):")
      labels += options.map { "    \($0.value): \(words($0.label, item.name))" }
    }
    if !labels.isEmpty { lines += ["labels:"] + labels }
    return (lines.joined(separator: "\n") + "\n", gaps, count)
  }

  /// What stands above grids, with the first item of each.
  private var stems: [(id: String, name: String, text: LocalText)] {
    var stems: [(id: String, name: String, text: LocalText)] = []
    var above: LocalText?
    for item in items {
      if let stem = item.stem, stem.base != above?.base { stems.append((item.id, item.name, stem)) }
      above = item.stem
    }
    return stems
  }

  private func section(_ name: String, _ entries: [(String, String)]) -> [String] {
    entries.isEmpty ? [] : ["\(name):"] + entries.map { "  \($0): \($1)" }
  }
}

extension ItemDraft.Kind {
  /// The labels that a participant reads, by number.
  var labels: [OptionDraft] {
    if case .slider(_, _, _, let labels) = self { return labels }
    let options = options ?? []
    return isNumbered ? options.filter { $0.label.base != String($0.value) } : options
  }

  /// Whether it is a scale of following numbers of which some have no label but the number.
  var isNumbered: Bool {
    guard case .likert(let options) = self, options.count <= 101 else { return false }
    return zip(options, options.dropFirst()).allSatisfy { $0.value + 1 == $1.value }
      && options.contains { $0.label.base == String($0.value) }
  }
}
