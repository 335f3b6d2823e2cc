internal import Expressions
internal import Instruments

/// Writes our expressions in REDCap's language, with the same meaning of blank answers.
///
/// There a blank answer is a text like any other, so comparisons that would hold for it ask for an answer
/// beside; ours are unknown, which shows nothing.
struct REDCapLanguage {
  private let instrument: Instrument

  init(_ instrument: Instrument) { self.instrument = instrument }

  // MARK: Conditions

  /// A condition, with parentheses where they are needed.
  func condition(_ node: Node) throws(Untranslatable) -> String {
    switch node.form {
    case .truth(let truth): return truth ? "1 = 1" : "1 = 0"
    case .name(let name): return "\(try chosen(name)) = \"1\""
    case .not(let operand): return try opposite(operand)
    case .logic(let word, let left, let right):
      return "\(try grouped(left)) \(word.rawValue) \(try grouped(right))"
    case .comparison(let sign, let left, let right): return try comparison(sign, left, right)
    case .membership(let subject, let list):
      var parts: [String] = []
      for value in list { parts.append("(\(try comparison(.equal, subject, value)))") }
      return parts.joined(separator: " or ")
    case .call(.answered, let arguments):
      return try joined(arguments, " and ") { node throws(Untranslatable) in try answered(node) }
    case .call(.missing, let arguments):
      return try joined(arguments, " or ") { node throws(Untranslatable) in try missing(node) }
    default: throw Untranslatable("a condition of this kind cannot be said in REDCap")
    }
  }

  private func joined(
    _ nodes: [Node], _ word: String, _ write: (Node) throws(Untranslatable) -> String
  ) throws(Untranslatable) -> String {
    var parts: [String] = []
    for node in nodes { parts.append(try write(node)) }
    return parts.count > 1 ? parts.map { "(\($0))" }.joined(separator: word) : parts.joined()
  }

  private func grouped(_ node: Node) throws(Untranslatable) -> String {
    let written = try condition(node)
    return written.contains(" and ") || written.contains(" or ") ? "(\(written))" : written
  }

  private func opposite(_ node: Node) throws(Untranslatable) -> String {
    switch node.form {
    case .not(let operand): return try condition(operand)
    case .logic(let word, let left, let right):
      let other = word == .and ? "or" : "and"
      return "(\(try opposite(left))) \(other) (\(try opposite(right)))"
    case .comparison(let sign, let left, let right):
      let opposites: [Comparison: Comparison] = [
        .equal: .unequal, .unequal: .equal, .less: .greaterOrEqual, .greaterOrEqual: .less,
        .greater: .lessOrEqual, .lessOrEqual: .greater,
      ]
      return try comparison(opposites[sign] ?? sign, left, right)
    case .call(.answered, let arguments):
      return try joined(arguments, " or ") { node throws(Untranslatable) in try missing(node) }
    case .call(.missing, let arguments):
      return try joined(arguments, " and ") { node throws(Untranslatable) in try answered(node) }
    case .name(let name):
      let parts = name.split(separator: ".")
      return "\(try chosen(name)) = \"0\" and (\(try answeredChoice(String(parts[0]))))"
    default:
      throw Untranslatable("the opposite of a condition of this kind cannot be said in REDCap")
    }
  }

  private func answered(_ node: Node) throws(Untranslatable) -> String {
    guard case .name(let name) = node.form else {
      throw Untranslatable("REDCap cannot ask whether a calculation is blank")
    }
    if case .multiple = instrument.item(name)?.kind { return try answeredChoice(name) }
    return "\(try field(name)) <> \"\""
  }

  private func missing(_ node: Node) throws(Untranslatable) -> String {
    guard case .name(let name) = node.form else {
      throw Untranslatable("REDCap cannot ask whether a calculation is blank")
    }
    if case .multiple(let choices) = instrument.item(name)?.kind {
      return choices.options.map { "[\(name)(\($0.value))] = \"0\"" }.joined(separator: " and ")
    }
    return "\(try field(name)) = \"\""
  }

  /// `[a]`, of what the form asks or computes.
  private func field(_ name: String) throws(Untranslatable) -> String {
    guard instrument.item(name) != nil || instrument.score(name) != nil else {
      throw Untranslatable(
        "\(name) was answered in an earlier session: name REDCap's event and field instead")
    }
    return "[\(name)]"
  }

  private func answeredChoice(_ name: String) throws(Untranslatable) -> String {
    guard case .multiple(let choices) = instrument.item(name)?.kind else {
      throw Untranslatable("\(name) is no choice of several")
    }
    return choices.options.map { "[\(name)(\($0.value))] = \"1\"" }.joined(separator: " or ")
  }

  /// `[a(3)]` for `a.has_3`.
  private func chosen(_ name: String) throws(Untranslatable) -> String {
    let parts = name.split(separator: ".")
    guard parts.count == 2, parts[1].hasPrefix("has_") else {
      throw Untranslatable("\(name) is no truth in REDCap")
    }
    return "[\(parts[0])(\(parts[1].dropFirst(4)))]"
  }

  private func comparison(
    _ sign: Comparison, _ left: Node, _ right: Node
  ) throws(Untranslatable) -> String {
    let symbol = sign == .equal ? "=" : sign == .unequal ? "<>" : sign.rawValue
    let written =
      "\(try operand(left, beside: right)) \(symbol) \(try operand(right, beside: left))"
    guard sign != .equal else { return written }
    let names = [left, right].compactMap { node -> String? in
      guard case .name(let name) = node.form, !name.contains(".") else { return nil }
      return name
    }
    return ([written] + names.map { "[\($0)] <> \"\"" }).joined(separator: " and ")
  }

  /// A side of a comparison; the number of an option stands in quotes there.
  private func operand(_ node: Node, beside other: Node) throws(Untranslatable) -> String {
    switch node.form {
    case .text(let text): return try quoted(text)
    case .number(let number):
      guard case .name(let name) = other.form, instrument.item(name)?.options != nil else { break }
      return "\"\(ForeignTranslator.plain(number))\""
    case .name(let name) where instrument.item(name)?.valueType == .text: return try field(name)
    default: break
    }
    return try number(node, isKeyed: false)
  }

  private func quoted(_ text: String) throws(Untranslatable) -> String {
    if !text.contains("\"") { return "\"\(text)\"" }
    guard !text.contains("'") else {
      throw Untranslatable("REDCap cannot write a text with both kinds of quotes")
    }
    return "'\(text)'"
  }

  // MARK: Numbers

  /// A number of answers, as given or as scores use them.
  func number(_ node: Node, isKeyed: Bool = false) throws(Untranslatable) -> String {
    switch node.form {
    case .number(let number): return ForeignTranslator.plain(number)
    case .name(let name): return try value(name, isKeyed: isKeyed)
    case .negation(let operand): return "(0 - \(try number(operand, isKeyed: isKeyed)))"
    case .arithmetic(let sign, let left, let right):
      return
        "(\(try number(left, isKeyed: isKeyed)) \(sign.rawValue) \(try number(right, isKeyed: isKeyed)))"
    case .choice(let condition, let then, let otherwise):
      return
        "if(\(try self.condition(condition)), \(try number(then, isKeyed: isKeyed)), \(try number(otherwise, isKeyed: isKeyed)))"
    case .call(let function, let arguments):
      return try call(function, arguments, isKeyed: isKeyed)
    case .text, .truth, .not, .comparison, .logic, .membership:
      return "if(\(try condition(node)), 1, 0)"
    }
  }

  private func call(
    _ function: ExpressionFunction, _ arguments: [Node], isKeyed: Bool
  ) throws(Untranslatable) -> String {
    switch function {
    case .mean, .sum, .min, .max:
      var values: [String] = []
      for argument in arguments { values.append(try number(argument, isKeyed: isKeyed)) }
      return "\(function.rawValue)(\(values.joined(separator: ", ")))"
    case .count:
      var values: [String] = []
      for argument in arguments {
        if case .name(let name) = argument.form, !name.contains(".") {
          values.append("if(\(try answered(argument)), 1, 0)")
        } else {
          values.append("if(\(try condition(argument)), 1, 0)")
        }
      }
      return "sum(\(values.joined(separator: ", ")))"
    case .firstOf:
      var written = "\"\""
      for argument in arguments.reversed() {
        written =
          "if(\(try answered(argument)), \(try number(argument, isKeyed: isKeyed)), \(written))"
      }
      return written
    case .answered, .missing:
      throw Untranslatable("a truth stands where REDCap needs a number")
    }
  }

  /// The value of an item or score.
  private func value(_ name: String, isKeyed: Bool) throws(Untranslatable) -> String {
    let parts = name.split(separator: ".")
    if parts.count == 2 {
      guard parts[1] == "chosen", case .multiple(let set) = instrument.item(String(parts[0]))?.kind
      else { return "if(\(try chosen(name)) = \"1\", 1, 0)" }
      let counted = set.options.filter { $0.value != set.exclusive }
      return "sum(\(counted.map { "[\(parts[0])(\($0.value))]" }.joined(separator: ", ")))"
    }
    let field = try field(name)
    guard isKeyed, let item = instrument.item(name), item.isKeyed else { return field }
    if item.recode == nil, let range = item.range {
      return "(\(ForeignTranslator.plain(range.lowerBound + range.upperBound)) - [\(name)])"
    }
    var written = "\"\""
    for option in (item.options ?? []).reversed() {
      guard let key = item.keyed(option.value) else { continue }
      written = "if([\(name)] = \"\(option.value)\", \(ForeignTranslator.plain(key)), \(written))"
    }
    return written
  }
}
