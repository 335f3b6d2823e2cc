extension Expression {
  /// The expression in its canonical spelling, which parses to an equal expression.
  package var description: String { root.printed(in: .choice) }
}

extension Node {
  /// The source of the node, in parentheses where it binds looser than its surroundings allow.
  func printed(in surroundings: Precedence) -> String {
    form.precedence < surroundings ? "(\(form.printed))" : form.printed
  }
}

extension Form {
  fileprivate var printed: String {
    switch self {
    case .number(let number): return Form.printed(number)
    case .text(let text): return Form.printed(text)
    case .truth(let truth): return truth ? "true" : "false"
    case .name(let name): return name
    case .negation(let operand): return "-" + operand.printed(in: .negation)
    case .not(let operand): return "not " + operand.printed(in: .not)
    case .arithmetic(let sign, let left, let right):
      return Form.printed(sign.rawValue, left, precedence, right, precedence.tighter)
    case .comparison(let sign, let left, let right):
      return Form.printed(sign.rawValue, left, .additive, right, .additive)
    case .logic(let word, let left, let right):
      return Form.printed(word.rawValue, left, precedence, right, precedence.tighter)
    case .membership(let subject, let list):
      return "\(subject.printed(in: .additive)) in [\(Form.printed(list))]"
    case .choice(let condition, let then, let otherwise):
      return "if \(condition.printed(in: .choice)) then \(then.printed(in: .choice))"
        + " else \(otherwise.printed(in: .choice))"
    case .call(let function, let arguments):
      return "\(function.rawValue)(\(Form.printed(arguments)))"
    }
  }

  private static func printed(
    _ sign: String, _ left: Node, _ leftPlace: Precedence, _ right: Node, _ rightPlace: Precedence
  ) -> String {
    "\(left.printed(in: leftPlace)) \(sign) \(right.printed(in: rightPlace))"
  }

  private static func printed(_ list: [Node]) -> String {
    list.map { $0.printed(in: .choice) }.joined(separator: ", ")
  }

  /// The shortest spelling that reads back as the same number, whole numbers without a fraction.
  private static func printed(_ number: Double) -> String {
    // Up to 1e15 every whole Double prints all its digits, so cutting ".0" is safe.
    if number < 1e15, number == number.rounded() { return String(Int(number)) }
    return "\(number)"
  }

  private static func printed(_ text: String) -> String {
    var printed = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "\"": printed.append(contentsOf: ["\\", scalar])
      case "\n": printed.append(contentsOf: ["\\", "n"])
      case "\t": printed.append(contentsOf: ["\\", "t"])
      default: printed.append(scalar)
      }
    }
    printed.append("\"")
    return String(printed)
  }
}
