import Expressions

extension ForeignTranslator {
  /// A function of another language.
  mutating func call(
    _ written: String, _ arguments: [ForeignNode]
  ) throws(Untranslatable) -> Piece {
    let name = written.hasPrefix("math.") ? String(written.dropFirst(5)) : written
    switch (name, arguments.count) {
    case ("not", 1): return try piece(.not(arguments[0]))
    case ("true", 0): return try piece(.truth(true))
    case ("false", 0): return try piece(.truth(false))
    case ("boolean", 1): return try truth(arguments[0])
    case ("number", 1), ("as.numeric", 1), ("parseint", 1), ("parsefloat", 1), ("as.integer", 1),
      ("as.character", 1), ("string", 1):
      return try piece(arguments[0])
    case ("if", 3), ("ifelse", 3), ("if_else", 3):
      return try piece(.choice(arguments[0], arguments[1], arguments[2]))
    case ("sum", 1...), ("mean", 1...), ("min", 1...), ("max", 1...):
      return try fold(name, arguments)
    case ("abs", 1): return try absolute(arguments[0])
    case ("pow", 2): return try power(arguments[0], arguments[1])
    case ("round", 1...2), ("rounddown", 1...2), ("roundup", 1...2), ("int", 1), ("floor", 1),
      ("ceiling", 1):
      guard mayLeaveOutRounding, name == "round" else {
        throw Untranslatable("rounding has no counterpart here")
      }
      notes.append("\(name)() is left out: scores keep all their digits")
      return try number(arguments[0])
    case ("selected", 2), ("contains_checked", 2): return try contains(arguments[0], arguments[1])
    case ("count-selected", 1):
      guard let symbol = try piece(arguments[0]).symbol, case .choices = symbol.kind else {
        throw Untranslatable("it counts the choices of what is no question with several")
      }
      var piece = Piece(
        "(if missing(\(symbol.id)) then 0 else \(symbol.id).chosen)", .number, ids: [symbol.id])
      piece.isStrict = false
      return piece
    case ("exists", 1): return try answeredTest(arguments[0])
    case ("is.na", 1), ("isblankormissingcode", 1), ("is.null", 1):
      let answered = try answeredTest(arguments[0])
      return missingPiece(answered.answered ?? "")
    case ("isnumber", 1): return try answeredTest(arguments[0])
    case ("coalesce", 2...):
      var pieces: [Piece] = []
      for argument in arguments { pieces.append(try number(argument)) }
      var piece = Piece(
        "first_of(\(pieces.map(\.source).joined(separator: ", ")))", .number,
        ids: pieces.reduce(into: []) { $0.formUnion($1.ids) })
      piece.isStrict = false
      return piece
    default: throw Untranslatable(Self.reason(for: name))
    }
  }

  private mutating func answeredTest(_ node: ForeignNode) throws(Untranslatable) -> Piece {
    guard let symbol = try piece(node).symbol else {
      throw Untranslatable("it asks whether a calculation is blank")
    }
    return answeredPiece(symbol.id)
  }

  /// `sum`, `mean`, `min` and `max` of arguments or of one `c(…)`.
  private mutating func fold(
    _ name: String, _ arguments: [ForeignNode]
  ) throws(Untranslatable) -> Piece {
    let (values, leavesOutBlanks) = try operands(arguments)
    var pieces: [Piece] = []
    for value in values { pieces.append(try number(value)) }
    guard !pieces.isEmpty else { throw Untranslatable("\(name)() of nothing") }
    let ids = pieces.reduce(into: Set<String>()) { $0.formUnion($1.ids) }
    let list = pieces.map(\.source).joined(separator: ", ")
    guard leavesOutBlanks, !ids.isEmpty else {
      return Piece("\(name)(\(list))", .number, ids: ids)
    }
    // What is left out adds nothing to a sum, and does not count for a mean.
    let filled = pieces.map { "first_of(\($0.source), 0)" }.joined(separator: ", ")
    var piece = Piece("\(name)(\(list))", .number, ids: ids)
    switch name {
    case "sum": piece = Piece("sum(\(filled))", .number, ids: ids)
    case "mean": piece = Piece("(sum(\(filled)) / count(\(list)))", .number, ids: ids)
    default:
      if pieces.count > 1 {
        notes.append("\(name)() there leaves out blank answers; here it needs all of them")
      }
    }
    piece.isStrict = false
    return piece
  }

  /// The values that a function is given, and whether it leaves out blank ones.
  func operands(
    _ arguments: [ForeignNode]
  ) throws(Untranslatable) -> (values: [ForeignNode], leavesOutBlanks: Bool) {
    var values: [ForeignNode] = []
    var leavesOutBlanks = dialect == .redcap || dialect == .xpath
    for argument in arguments {
      if case .operation(.equal, .reference(let option), let value) = argument,
        option.name.lowercased() == "na.rm"
      {
        leavesOutBlanks = value == .truth(true) || value == .reference(ForeignReference(name: "T"))
        continue
      }
      values += try Self.listed(argument)
    }
    return (values, leavesOutBlanks)
  }

  private mutating func absolute(_ node: ForeignNode) throws(Untranslatable) -> Piece {
    let value = try number(node)
    return Piece("max(\(value.source), -(\(value.source)))", .number, ids: value.ids)
  }

  private static func reason(for name: String) -> String {
    switch name {
    case "datediff", "today", "now", "date", "decimal-date-time", "format-date", "sys.date",
      "sys.time", "as.date", "difftime", "format-date-time", "day", "month", "year":
      return "\(name)() is about dates, which expressions here do not calculate with"
    case "round", "rounddown", "roundup", "int", "floor", "ceiling":
      return "rounding has no counterpart here"
    case "concat", "paste", "paste0", "substr", "substring", "regex", "left", "right", "upper",
      "lower", "trim", "contains", "starts-with", "ends-with", "not_contain", "starts_with",
      "grepl", "str_detect", "string-length", "nchar", "length":
      return "\(name)() is about parts of texts, which expressions here do not look into"
    case "random", "once", "uuid", "sample", "runif", "rnorm":
      return "\(name)() is chance, which expressions here do not have"
    case "indexed-repeat", "position", "count", "last", "current", "sum-repeat":
      return "\(name)() is about repeats, which instruments here do not have"
    case "pulldata", "instance", "jr:itext", "jr:choice-name", "property":
      return "\(name)() asks for something outside the form"
    default: return "the function \(name.prefix(60))() has no counterpart here"
    }
  }
}
