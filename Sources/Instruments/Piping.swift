internal import Definitions
internal import Expressions

/// Texts in which earlier answers stand: `How far are you with {{goal_1}}?`
package enum Piping {
  /// The names between double braces, in order.
  package static func names(in text: String) -> [String] {
    pieces(of: text).compactMap { if case .name(let name) = $0 { name } else { nil } }
  }

  /// The text with each name replaced; what is put in is not read again.
  static func filled(_ text: String, _ replacement: (String) -> String?) -> String {
    pieces(of: text).map { piece in
      switch piece {
      case .text(let text): text
      case .name(let name): replacement(name) ?? "…"
      }
    }.joined()
  }

  /// A part of a text: words, or the name of an answer.
  package enum Piece: Hashable, Sendable {
    /// Words as they stand.
    case text(String)
    /// A name between double braces.
    case name(String)
  }

  /// The parts of a text, in order; words may be empty.
  package static func pieces(of text: String) -> [Piece] {
    var pieces: [Piece] = []
    var rest = Substring(text)
    while let open = rest.firstRange(of: "{{"),
      let close = rest[open.upperBound...].firstRange(of: "}}")
    {
      pieces.append(.text(String(rest[..<open.lowerBound])))
      let name = rest[open.upperBound..<close.lowerBound]
      pieces.append(.name(String(name.drop { $0 == " " }.prefix { $0 != " " })))
      rest = rest[close.upperBound...]
    }
    return pieces + [.text(String(rest))]
  }
}

extension Instrument {
  /// What a participant reads for an item: its text, with the answers given so far put in.
  ///
  /// An option's answer is shown by its label, a list by its labels, another answer as it was given; one
  /// that is missing as an ellipsis. It is plain text: whoever shows it as HTML escapes it.
  ///
  /// - Parameter carried: what stands from before the session; see
  ///   ``shownItems(answers:carried:order:)``.
  package func text(
    of item: Item, answers: [String: Answer], carried: [String: Answer] = [:]
  ) -> String {
    shown(item.text, answers, carried)
  }

  /// What stands above the grid that an item belongs to, likewise; nil outside grids.
  package func stem(
    of item: Item, answers: [String: Answer], carried: [String: Answer] = [:]
  ) -> String? {
    item.stem.map { shown($0, answers, carried) }
  }

  private func shown(
    _ text: String, _ given: [String: Answer], _ carried: [String: Answer]
  ) -> String {
    guard text.contains("{{") else { return text }
    let walk = walk(given, carried: carried)
    let (answers, values) = (walk.answers, walk.values)
    return Piping.filled(text) { name in
      guard let item = self.item(name) else { return values[name]?.words }
      if case .computed = item.kind { return values[name]?.number.map(numeral) }
      return answers[name].map(item.words)
    }
  }
}

extension Item {
  /// The names whose values decide whether it is shown, and in which words.
  package var namesRead: Set<String> {
    (showIf?.names ?? []).union(Piping.names(in: text)).union(stem.map(Piping.names) ?? [])
  }

  /// An answer as people read it.
  package func words(for answer: Answer) -> String {
    let labels = Dictionary(
      (options ?? []).map { ($0.value, $0.label ?? String($0.value)) },
      uniquingKeysWith: { first, _ in first })
    switch (answer, kind) {
    case (.number(let number), .single), (.number(let number), .likert):
      return Int(exactly: number).flatMap { labels[$0] } ?? numeral(number)
    case (.number(let number), _): return numeral(number)
    case (.text(let text), .multiple), (.text(let text), .rank):
      return (answer.list ?? []).compactMap { labels[$0] }.joined(separator: ", ")
        .nonEmpty ?? text
    case (.text(let text), _): return text
    }
  }
}

extension Value {
  /// A number or a text as people read it.
  fileprivate var words: String? { text ?? number.map(numeral) }
}

extension String {
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
