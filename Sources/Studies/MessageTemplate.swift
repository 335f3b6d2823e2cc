import Definitions

/// The text of a message in one language, with places for what is different each time.
///
/// The first line is the subject, after `# `; the rest is the text:
///
///     # Your survey is open
///
///     It stays open until {until}: {link}
package struct MessageTemplate: Hashable, Sendable {
  /// What a message can say in a place of its text.
  package enum Placeholder: String, Hashable, Sendable, CaseIterable {
    /// The study's title.
    case title
    /// The participant's personal link.
    case link
    /// When the window closes, by the participant's clock.
    case until
    /// Whom to ask: the study's contact, a name and an address.
    case contact
    /// The link for having no more messages.
    case unsubscribe
  }

  /// A stretch of text as it is, or a place.
  enum Piece: Hashable, Sendable {
    case text(String)
    case placeholder(Placeholder)
  }

  let subject: [Piece]
  let body: [Piece]

  /// The subject and the text with every place filled in.
  ///
  /// - Parameter value: what a place says.
  package func filled(
    _ value: (Placeholder) -> String
  ) -> (subject: String, body: String) {
    (Self.fill(subject, value), Self.fill(body, value))
  }

  private static func fill(_ pieces: [Piece], _ value: (Placeholder) -> String) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .placeholder(let placeholder): value(placeholder)
      }
    }.joined()
  }
}

extension MessageTemplate {
  /// Reads the text of a message.
  ///
  /// - Parameters:
  ///   - file: its path, for the places of problems.
  ///   - problems: takes a missing subject, unknown places, and what the kind needs and is not there.
  /// - Returns: nil when anything is wrong.
  static func read(
    _ text: String, of kind: MessageKind, file: String, problems: inout Problems
  ) -> MessageTemplate? {
    var found = Problems()
    defer { problems.append(found) }
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    guard let first = lines.first, first.hasPrefix("# "),
      first.dropFirst(2).contains(where: { !$0.isWhitespace })
    else {
      found.report(
        at: Place(file: file, line: 1, column: 1), found: "a message without a subject",
        expected: "its first line to be '# ' and the subject")
      return nil
    }
    var pieces: [[Piece]] = []
    for (index, line) in lines.enumerated() {
      // Only the title may stand in a subject: it is shown on locked screens and kept in logs.
      let allowed = index == 0 ? [Placeholder.title] : kind.placeholders
      pieces.append(
        Self.pieces(
          of: line, line: index + 1, file: file, kind: kind, allowed: allowed, problems: &found))
    }
    let used = Set(
      pieces.joined().compactMap { piece in
        if case .placeholder(let placeholder) = piece { placeholder } else { nil }
      })
    for missing in kind.required where !used.contains(missing) {
      found.report(
        at: Place(file: file, line: 1, column: 1), found: "a text without {\(missing.rawValue)}",
        expected: "it somewhere in every \(kind.rawValue)")
    }
    guard !found.hasErrors, let subject = pieces.first else { return nil }
    let body = pieces.dropFirst().drop { $0 == [.text("")] || $0.isEmpty }
    return MessageTemplate(
      subject: Self.withoutMark(subject), body: Array(body.joined(separator: [.text("\n")])))
  }

  private static func withoutMark(_ pieces: [Piece]) -> [Piece] {
    guard case .text(let text)? = pieces.first else { return pieces }
    return [.text(String(text.dropFirst(2).drop { $0.isWhitespace }))] + pieces.dropFirst()
  }

  private static func pieces(
    of line: Substring, line number: Int, file: String, kind: MessageKind,
    allowed: [Placeholder], problems: inout Problems
  ) -> [Piece] {
    var pieces: [Piece] = []
    var rest = line
    while let open = rest.firstIndex(of: "{") {
      let column = line[..<open].unicodeScalars.count + 1
      guard let close = rest[open...].firstIndex(of: "}") else { break }
      let name = String(rest[rest.index(after: open)..<close])
      if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
      if let placeholder = allowed.first(where: { $0.rawValue == name }) {
        pieces.append(.placeholder(placeholder))
      } else {
        let names = allowed.map { "{\($0.rawValue)}" }.joined(separator: ", ")
        problems.report(
          at: Place(file: file, line: number, column: column), found: quoted("{\(name)}"),
          expected: number == 1
            ? "no other placeholder than \(names) in a subject"
            : "one of \(names) in a \(kind.rawValue)",
          suggestion: nearestName(to: name, among: allowed.map(\.rawValue)).map { "{\($0)}" })
      }
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty || pieces.isEmpty { pieces.append(.text(String(rest))) }
    return pieces
  }
}
