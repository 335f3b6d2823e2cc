import Expressions

/// Writes foreign expressions in our language, with the same meaning or not at all.
///
/// Blank answers are where languages differ. In REDCap, XPath and JavaScript a blank answer is a value
/// like any other, so that `a <> 1` holds; here it is unknown, so it becomes `missing(a) or a != 1`.
/// An order (`a > 3`) of a blank answer is taken to be false everywhere, as people mean it.
struct ForeignTranslator {
  let dialect: ForeignDialect
  /// By foreign name; `.` stands for the item itself.
  let symbols: [String: ForeignSymbol]
  /// What has been changed on the way, as clauses.
  var notes: [String] = []
  /// Whether rounding may be left out, as in scores, where it never decides anything.
  var mayLeaveOutRounding = false

  init(dialect: ForeignDialect, symbols: [String: ForeignSymbol]) {
    self.dialect = dialect
    self.symbols = symbols
  }

  /// A condition in our language.
  mutating func condition(_ node: ForeignNode) throws(Untranslatable) -> String {
    try checked(try truth(node).source)
  }

  /// A calculation in our language.
  mutating func calculation(_ node: ForeignNode) throws(Untranslatable) -> String {
    try checked(try number(node).source)
  }

  /// The canonical spelling of a source that was put together from parts.
  private func checked(_ source: String) throws(Untranslatable) -> String {
    do throws(ExpressionProblem) {
      return try Expression.parse(source).description
    } catch {
      throw Untranslatable("it is too long or nested too deep")
    }
  }

  // MARK: Any value

  mutating func piece(_ node: ForeignNode) throws(Untranslatable) -> Piece {
    switch node {
    case .number(let number):
      var piece = Piece(Self.written(number), .number)
      piece.literal = Self.plain(number)
      return piece
    case .text(let text):
      var piece = Piece(Self.written(text), .text)
      piece.literal = text
      return piece
    case .truth(let truth):
      var piece = Piece(truth ? "true" : "false", .truth)
      piece.literal = truth ? "1" : "0"
      return piece
    case .reference(let reference): return try answer(reference)
    case .negation(.number(let number)): return try piece(.number(-number))
    case .negation(let operand):
      let operand = try number(operand)
      return Piece("-(\(operand.source))", .number, ids: operand.ids)
    case .not(let operand): return try negated(operand)
    case .choice(let condition, let then, let otherwise):
      return try choice(condition, then, otherwise)
    case .call(let name, let arguments): return try call(name, arguments)
    case .operation(let sign, let left, let right):
      switch sign {
      case .and: return try conjunction([left, right])
      case .or: return try disjunction(left, right)
      case .equal, .unequal: return try equality(left, right, isEqual: sign == .equal)
      case .less, .lessOrEqual, .greater, .greaterOrEqual: return try ordering(sign, left, right)
      case .isIn: return try membership(left, right)
      case .contains: return try contains(left, right)
      case .add, .subtract, .multiply, .divide: return try arithmetic(sign, left, right)
      case .power: return try power(left, right)
      case .remainder: throw Untranslatable("remainders have no counterpart here")
      case .range: throw Untranslatable("a range stands where it cannot be read")
      }
    }
  }

  // MARK: Names

  func symbol(_ reference: ForeignReference) throws(Untranslatable) -> ForeignSymbol {
    if let elsewhere = reference.elsewhere { throw Untranslatable(elsewhere) }
    guard let symbol = symbols[reference.name] ?? symbols[reference.name.lowercased()] else {
      let name = reference.name.prefix(60)
      throw Untranslatable(
        name == "." ? "it uses the item's own answer" : "it uses \(name), which is no item here")
    }
    return symbol
  }

  private func answer(_ reference: ForeignReference) throws(Untranslatable) -> Piece {
    let symbol = try symbol(reference)
    guard let code = reference.code else {
      var piece: Piece
      switch symbol.kind {
      case .choice, .number: piece = Piece(symbol.id, .number, ids: [symbol.id])
      case .choices, .text, .other: piece = Piece(symbol.id, .text, ids: [symbol.id])
      }
      piece.symbol = symbol
      return piece
    }
    return try chosen(code, of: symbol)
  }

  /// Whether an option is chosen.
  func chosen(_ code: String, of symbol: ForeignSymbol) throws(Untranslatable) -> Piece {
    guard let value = symbol.value(of: code) else {
      throw Untranslatable("it uses \(code.prefix(60)), which is no option of \(symbol.id)")
    }
    if case .choices = symbol.kind {
      guard value >= 0 else {
        throw Untranslatable("options with numbers below 0 cannot be used in conditions here")
      }
      // A question that was not answered has no option chosen: known to be false elsewhere.
      return Piece("\(symbol.id).has_\(value)", .truth, ids: [symbol.id])
    }
    return Piece("\(symbol.id) == \(value)", .truth, ids: [symbol.id])
  }

  // MARK: Values as numbers and as truths

  mutating func number(_ node: ForeignNode) throws(Untranslatable) -> Piece {
    if case .text(let text) = node {
      if text.trimmed.isEmpty { return Piece("0 / 0", .number) }
      guard let number = Double(text.trimmed), number.isFinite else {
        throw Untranslatable("it uses a text where a number is needed")
      }
      return try piece(.number(number))
    }
    let piece = try piece(node)
    switch piece.type {
    case .number:
      if let symbol = piece.symbol { try requireNumbers(symbol) }
      return piece
    case .truth:
      var number = Piece("(if \(piece.source) then 1 else 0)", .number, ids: piece.ids)
      number.isStrict = false
      return number
    case .text: throw Untranslatable("it uses a text where a number is needed")
    }
  }

  /// Codes that are no numbers there have only been numbered here: they say nothing about more or less.
  private func requireNumbers(_ symbol: ForeignSymbol) throws(Untranslatable) {
    guard case .choice(let codes) = symbol.kind else { return }
    guard codes.allSatisfy({ Double($0.key) == Double($0.value) }) else {
      throw Untranslatable(
        "it calculates with the codes of \(symbol.id), which are no whole numbers")
    }
  }

  mutating func truth(_ node: ForeignNode) throws(Untranslatable) -> Piece {
    let piece = try piece(node)
    switch piece.type {
    case .truth: return piece
    case .number:
      var truth = Piece("(\(piece.source)) != 0", .truth, ids: piece.ids)
      truth.isStrict = piece.isStrict
      return truth
    case .text:
      guard let symbol = piece.symbol else {
        throw Untranslatable("it uses a text where a truth is needed")
      }
      return answeredPiece(symbol.id)
    }
  }

  func answeredPiece(_ id: String) -> Piece {
    var piece = Piece("answered(\(id))", .truth, ids: [id])
    piece.isStrict = false
    piece.answered = id
    return piece
  }

  func missingPiece(_ id: String) -> Piece {
    var piece = Piece("missing(\(id))", .truth, ids: [id])
    piece.isStrict = false
    return piece
  }

  // MARK: Logic

  /// The parts of a chain of `and`, from left to right.
  private func parts(_ node: ForeignNode) -> [ForeignNode] {
    guard case .operation(.and, let left, let right) = node else { return [node] }
    return parts(left) + parts(right)
  }

  /// A conjunction. What it asks to be answered need not be said beside a comparison of the same answer,
  /// and a comparison beside such a demand is an exact one.
  mutating func conjunction(_ nodes: [ForeignNode]) throws(Untranslatable) -> Piece {
    let nodes = nodes.flatMap(parts)
    var demanded: Set<String> = []
    for node in nodes {
      if let id = try? demand(node) { demanded.insert(id) }
    }
    var pieces: [Piece] = []
    for node in nodes {
      if case .operation(.unequal, let left, let right) = node, try demand(node) == nil {
        pieces.append(try equality(left, right, isEqual: false, demanded: demanded))
      } else {
        pieces.append(try truth(node))
      }
    }
    let compared = pieces.filter { $0.isStrict && $0.answered == nil }
      .reduce(into: Set<String>()) { $0.formUnion($1.ids) }
    let kept = pieces.filter { piece in piece.answered.map { !compared.contains($0) } ?? true }
    var all = Piece(
      kept.map { "(\($0.source))" }.joined(separator: " and "), .truth,
      ids: pieces.reduce(into: []) { $0.formUnion($1.ids) })
    all.isStrict = kept.allSatisfy(\.isStrict)
    if kept.count == 1, let only = kept.first { all.answered = only.answered }
    return all
  }

  /// The id that a part of a conjunction asks to be answered and nothing else.
  private func demand(_ node: ForeignNode) throws(Untranslatable) -> String? {
    var copy = self
    switch node {
    case .operation(.unequal, .reference, .text(let text)) where text.isEmpty: break
    case .operation(.unequal, .text(let text), .reference) where text.isEmpty: break
    case .call("exists", _), .not(.call): break
    default: return nil
    }
    return try copy.piece(node).answered
  }

  private mutating func disjunction(
    _ left: ForeignNode, _ right: ForeignNode
  ) throws(Untranslatable) -> Piece {
    for (side, other) in [(left, right), (right, left)] where isNeverTrue(side) {
      notes.append("an alternative that asks for an option that there is not is left out")
      return try truth(other)
    }
    let left = try truth(left)
    let right = try truth(right)
    var either = Piece(
      "(\(left.source)) or (\(right.source))", .truth, ids: left.ids.union(right.ids))
    either.isStrict = false
    return either
  }

  /// Whether no answer makes it true, as it asks for an option that there is not.
  private func isNeverTrue(_ node: ForeignNode) -> Bool {
    switch node {
    case .operation(.equal, .reference(let reference), let value),
      .operation(.equal, let value, .reference(let reference)):
      return reference.code == nil && lacks(reference, value)
    case .call("selected", let arguments):
      guard arguments.count == 2, case .reference(let reference) = arguments[0] else {
        return false
      }
      return lacks(reference, arguments[1])
    case .operation(.and, let left, let right): return isNeverTrue(left) || isNeverTrue(right)
    case .operation(.or, let left, let right): return isNeverTrue(left) && isNeverTrue(right)
    default: return false
    }
  }

  /// Whether a question has options and a literal is none of them.
  private func lacks(_ reference: ForeignReference, _ value: ForeignNode) -> Bool {
    guard let symbol = try? symbol(reference), let literal = value.literal,
      !literal.trimmed.isEmpty
    else { return false }
    switch symbol.kind {
    case .choice, .choices: return symbol.value(of: literal) == nil
    case .number, .text, .other: return false
    }
  }

  /// The opposite. Where a blank answer makes something false there, it makes the opposite true.
  private mutating func negated(_ node: ForeignNode) throws(Untranslatable) -> Piece {
    switch node {
    case .not(let inner): return try truth(inner)
    case .operation(.equal, let left, let right):
      return try equality(left, right, isEqual: false)
    case .operation(.unequal, let left, let right):
      return try equality(left, right, isEqual: true)
    case .operation(.and, let left, let right):
      return try disjunction(.not(left), .not(right))
    case .operation(.or, let left, let right):
      return try conjunction([.not(left), .not(right)])
    default: break
    }
    let piece = try truth(node)
    if let id = piece.answered { return missingPiece(id) }
    if piece.source.hasPrefix("missing("), piece.ids.count == 1, let id = piece.ids.first {
      return answeredPiece(id)
    }
    return opposite(of: piece)
  }

  private func opposite(of piece: Piece) -> Piece {
    let blanks = piece.ids.sorted().joined(separator: ", ")
    guard piece.isStrict, !blanks.isEmpty, dialect != .r else {
      var opposite = Piece("not (\(piece.source))", .truth, ids: piece.ids)
      opposite.isStrict = piece.isStrict
      return opposite
    }
    var opposite = Piece("missing(\(blanks)) or not (\(piece.source))", .truth, ids: piece.ids)
    opposite.isStrict = false
    return opposite
  }

  private mutating func choice(
    _ condition: ForeignNode, _ then: ForeignNode, _ otherwise: ForeignNode
  ) throws(Untranslatable) -> Piece {
    let condition = try truth(condition)
    let values = [try number(then), try number(otherwise)]
    // `if` with an unknown condition is unknown here; a blank answer decides for `else` there.
    let decided =
      condition.isStrict && !condition.ids.isEmpty && dialect != .r
      ? "not missing(\(condition.ids.sorted().joined(separator: ", "))) and (\(condition.source))"
      : condition.source
    var piece = Piece(
      "(if \(decided) then \(values[0].source) else \(values[1].source))", .number,
      ids: values.reduce(condition.ids) { $0.union($1.ids) })
    piece.isStrict = false
    return piece
  }

  // MARK: Numbers

  private mutating func arithmetic(
    _ sign: ForeignOperator, _ left: ForeignNode, _ right: ForeignNode
  ) throws(Untranslatable) -> Piece {
    let left = try number(left)
    let right = try number(right)
    let symbol = [.add: "+", .subtract: "-", .multiply: "*"][sign] ?? "/"
    var piece = Piece(
      "(\(left.source)) \(symbol) (\(right.source))", .number, ids: left.ids.union(right.ids))
    piece.isStrict = left.isStrict && right.isStrict
    return piece
  }

  mutating func power(
    _ base: ForeignNode, _ exponent: ForeignNode
  ) throws(Untranslatable) -> Piece {
    guard let times = try Int(piece(exponent).literal ?? ""), (1...4).contains(times) else {
      throw Untranslatable("powers other than squares, cubes and fourth powers have no counterpart")
    }
    let base = try number(base)
    let factors = [String](repeating: "(\(base.source))", count: times)
    return Piece(factors.joined(separator: " * "), .number, ids: base.ids)
  }

  // MARK: Writing

  /// A number as our language writes it; negative ones in parentheses.
  static func written(_ number: Double) -> String {
    number < 0 ? "(-\(plain(-number)))" : plain(number)
  }

  static func plain(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : "\(number)"
  }

  static func written(_ text: String) -> String {
    var written = "\""
    for character in text.unicodeScalars {
      switch character {
      case "\"", "\\": written += "\\" + String(character)
      case "\n": written += "\\n"
      default: written.unicodeScalars.append(character)
      }
    }
    return written + "\""
  }
}
