import Expressions

extension ForeignTranslator {
  /// `a == b` and `a != b`, with options by code and blank answers as people write them.
  ///
  /// - Parameter demanded: the ids that are known to be answered where this counts.
  mutating func equality(
    _ left: ForeignNode, _ right: ForeignNode, isEqual: Bool, demanded: Set<String> = []
  ) throws(Untranslatable) -> Piece {
    var left = try piece(left)
    var right = try piece(right)
    if left.literal != nil, right.literal == nil { swap(&left, &right) }
    if let literal = right.literal {
      if let symbol = left.symbol {
        return try equality(of: symbol, literal, isEqual: isEqual, demanded: demanded)
      }
      switch left.type {
      case .truth: return try equality(ofTruth: left, literal, isEqual: isEqual)
      case .number:
        if literal.trimmed.isEmpty {
          throw Untranslatable("it asks whether a calculation is blank")
        }
        guard let number = Double(literal.trimmed), number.isFinite else {
          throw Untranslatable("it compares a number with a text")
        }
        right = Piece(Self.written(number), .number)
      case .text:
        if left.literal != nil {
          return Piece(((left.literal == literal) == isEqual) ? "true" : "false", .truth)
        }
        right = Piece(Self.written(literal), .text)
      }
    }
    for symbol in [left.symbol, right.symbol].compactMap(\.self) {
      switch symbol.kind {
      case .choices, .other: throw Untranslatable("it compares \(symbol.id) with another answer")
      default: break
      }
    }
    if let first = left.symbol, let second = right.symbol, case .choice(let codes) = first.kind,
      case .choice(let others) = second.kind, codes != others
    {
      throw Untranslatable("it compares \(first.id) with \(second.id), which has other options")
    }
    if left.type != right.type {
      if left.type == .truth { left = try numbered(left) }
      if right.type == .truth { right = try numbered(right) }
      guard left.type == right.type else {
        throw Untranslatable("it compares a number with a text")
      }
    }
    return compared("(\(left.source))", isEqual, "(\(right.source))", [left, right], demanded)
  }

  private func numbered(_ piece: Piece) throws(Untranslatable) -> Piece {
    Piece("(if \(piece.source) then 1 else 0)", .number, ids: piece.ids)
  }

  private func compared(
    _ left: String, _ isEqual: Bool, _ right: String, _ pieces: [Piece], _ demanded: Set<String>
  ) -> Piece {
    let ids = pieces.reduce(into: Set<String>()) { $0.formUnion($1.ids) }
    var piece = Piece("\(left) \(isEqual ? "==" : "!=") \(right)", .truth, ids: ids)
    let blanks = ids.subtracting(demanded)
    if !isEqual, dialect != .r, !blanks.isEmpty {
      piece.source = "missing(\(blanks.sorted().joined(separator: ", "))) or \(piece.source)"
      piece.isStrict = false
    }
    return piece
  }

  /// A question and a code, a number, a text or nothing.
  private func equality(
    of symbol: ForeignSymbol, _ literal: String, isEqual: Bool, demanded: Set<String>
  ) throws(Untranslatable) -> Piece {
    if literal.trimmed.isEmpty {
      return isEqual ? missingPiece(symbol.id) : answeredPiece(symbol.id)
    }
    let subject = Piece(symbol.id, .number, ids: [symbol.id])
    switch symbol.kind {
    case .choice:
      guard let value = symbol.value(of: literal) else {
        throw Untranslatable(
          "it compares \(symbol.id) with \(literal.prefix(60)), which is none of its options")
      }
      return compared(
        symbol.id, isEqual, Self.written(Double(value)), [subject], demanded)
    case .choices:
      throw Untranslatable("it compares several choices, \(symbol.id), with one value")
    case .number:
      guard let number = Double(literal.trimmed), number.isFinite else {
        throw Untranslatable("it compares the number \(symbol.id) with a text")
      }
      return compared(symbol.id, isEqual, Self.written(number), [subject], demanded)
    case .text:
      return compared(symbol.id, isEqual, Self.written(literal), [subject], demanded)
    case .other:
      throw Untranslatable("dates, times and rankings cannot be compared here")
    }
  }

  /// `[a(1)] = "1"`, `selected(…) = 'true'`.
  private func equality(
    ofTruth piece: Piece, _ literal: String, isEqual: Bool
  ) throws(Untranslatable) -> Piece {
    let isYes: Bool
    switch literal.trimmed.lowercased() {
    case "1", "1.0", "true", "checked": isYes = true
    case "0", "0.0", "false", "unchecked", "": isYes = false
    default: throw Untranslatable("it compares a truth with \(literal.prefix(60))")
    }
    if isYes == isEqual { return piece }
    if let id = piece.answered { return missingPiece(id) }
    // A choice of several that was not answered has nothing chosen.
    guard piece.isStrict, dialect != .r, !piece.ids.isEmpty else {
      return Piece("not (\(piece.source))", .truth, ids: piece.ids)
    }
    var opposite = Piece(
      "missing(\(piece.ids.sorted().joined(separator: ", "))) or not (\(piece.source))", .truth,
      ids: piece.ids)
    opposite.isStrict = false
    return opposite
  }

  mutating func ordering(
    _ sign: ForeignOperator, _ left: ForeignNode, _ right: ForeignNode
  ) throws(Untranslatable) -> Piece {
    if let piece = try length(sign, left, right) { return piece }
    if let piece = try length(sign.mirrored, right, left) { return piece }
    // `[a] > ""` and `[a] >= 0` of a text ask for an answer.
    for (subject, other) in [(left, right), (right, left)] {
      guard case .text(let text) = other, text.trimmed.isEmpty, case .reference = subject,
        sign == .greater || sign == .less, let symbol = try piece(subject).symbol
      else { continue }
      return answeredPiece(symbol.id)
    }
    let left = try number(left)
    let right = try number(right)
    let symbols: [ForeignOperator: String] = [
      .less: "<", .lessOrEqual: "<=", .greater: ">", .greaterOrEqual: ">=",
    ]
    var piece = Piece(
      "(\(left.source)) \(symbols[sign] ?? "<") (\(right.source))", .truth,
      ids: left.ids.union(right.ids))
    piece.isStrict = left.isStrict && right.isStrict
    return piece
  }

  /// `string-length(a) > 0` asks for an answer.
  private mutating func length(
    _ sign: ForeignOperator, _ left: ForeignNode, _ right: ForeignNode
  ) throws(Untranslatable) -> Piece? {
    guard case .call(let name, let arguments) = left, arguments.count == 1,
      ["string-length", "nchar", "length"].contains(name), let argument = arguments.first,
      let bound = try? piece(right).literal.flatMap({ Double($0) }),
      let symbol = try piece(argument).symbol
    else { return nil }
    switch (sign, bound) {
    case (.greater, 0), (.greaterOrEqual, 1): return answeredPiece(symbol.id)
    case (.less, 1), (.lessOrEqual, 0): return missingPiece(symbol.id)
    default: throw Untranslatable("lengths of texts have no counterpart here")
    }
  }

  /// `a %in% c(1, 2)`.
  mutating func membership(
    _ left: ForeignNode, _ right: ForeignNode
  ) throws(Untranslatable) -> Piece {
    let values = try Self.listed(right)
    var options: [Piece] = []
    if try piece(left).literal != nil {
      guard values.count == 1, let only = values.first else {
        throw Untranslatable("it looks for a value in several answers")
      }
      return try contains(only, left)
    }
    for value in values {
      if case .choices = try piece(left).symbol?.kind {
        options.append(try contains(left, value))
      } else {
        options.append(try equality(left, value, isEqual: true))
      }
    }
    var piece = Piece(
      options.map { "(\($0.source))" }.joined(separator: " or "), .truth,
      ids: options.reduce(into: []) { $0.formUnion($1.ids) })
    piece.isStrict = false
    return piece
  }

  /// The values of `c(1, 2)`, `1:3` or a single one.
  static func listed(_ node: ForeignNode) throws(Untranslatable) -> [ForeignNode] {
    switch node {
    case .call("c", let values): return try values.flatMapThrowing(listed)
    case .operation(.range, .number(let first), .number(let last))
    where first == first.rounded() && last == last.rounded() && abs(first) < 1e6
      && last >= first && last - first < 100:
      return (Int(first)...Int(last)).map { .number(Double($0)) }
    default: return [node]
    }
  }

  /// `a %contains% 3`, `selected(a, 'x')`.
  mutating func contains(
    _ left: ForeignNode, _ right: ForeignNode
  ) throws(Untranslatable) -> Piece {
    let subject = try piece(left)
    guard let symbol = subject.symbol, let code = try piece(right).literal else {
      throw Untranslatable("it looks for something in what is no question with options")
    }
    switch symbol.kind {
    case .choice, .choices: return try chosen(code, of: symbol)
    case .number, .text, .other: throw Untranslatable("texts cannot be searched here")
    }
  }
}

extension [ForeignNode] {
  func flatMapThrowing(
    _ change: (ForeignNode) throws(Untranslatable) -> [ForeignNode]
  ) throws(Untranslatable) -> [ForeignNode] {
    var result: [ForeignNode] = []
    for node in self { result += try change(node) }
    return result
  }
}
