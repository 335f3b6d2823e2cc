internal import Expressions
internal import Instruments

/// One of our conditions as `enableWhen`: comparisons of which all or any hold.
struct EnableWhen {
  private(set) var conditions: [JSONValue] = []
  /// `all` or `any`.
  private(set) var behavior = "all"
  private let instrument: Instrument

  /// - Throws: where the condition mixes `and` and `or`, or compares what cannot be compared there.
  init(_ node: Node, of instrument: Instrument) throws(Untranslatable) {
    self.instrument = instrument
    let parts = Self.parts(node, .and)
    if parts.count == 1 {
      let alternatives = Self.parts(node, .or)
      let written = try alternatives.each { node throws(Untranslatable) in try one(node) }
      if alternatives.count > 1 {
        behavior = "any"
        guard written.allSatisfy({ $0.isAny || $0.conditions.count == 1 }) else { throw Self.mixed }
      } else if let only = written.first {
        behavior = only.isAny ? "any" : "all"
      }
      conditions = written.flatMap(\.conditions)
    } else {
      for part in parts {
        let written = try one(part)
        guard !written.isAny || written.conditions.count == 1 else { throw Self.mixed }
        conditions += written.conditions
      }
    }
  }

  private static let mixed = Untranslatable(
    "a Questionnaire's conditions are joined by 'and' or by 'or', not by both")

  /// The parts of a chain of one word.
  private static func parts(_ node: Node, _ word: Logic) -> [Node] {
    guard case .logic(word, let left, let right) = node.form else { return [node] }
    return parts(left, word) + parts(right, word)
  }

  /// A part: conditions that all have to hold, or any.
  private func one(
    _ node: Node
  ) throws(Untranslatable) -> (conditions: [JSONValue], isAny: Bool) {
    switch node.form {
    case .name(let name):
      let parts = name.split(separator: ".")
      guard parts.count == 2, parts[1].hasPrefix("has_"), asks(String(parts[0])) else { break }
      return ([condition(String(parts[0]), "=", coding(String(parts[1].dropFirst(4))))], false)
    case .call(.answered, let arguments):
      return (try arguments.each { node throws(Untranslatable) in try exists(node, true) }, false)
    case .call(.missing, let arguments):
      return (try arguments.each { node throws(Untranslatable) in try exists(node, false) }, true)
    case .comparison(let sign, let left, let right):
      let item = try asked(left)
      return try comparison(sign, item, right)
    case .membership(let subject, let list):
      let item = try asked(subject)
      var all: [JSONValue] = []
      for value in list { all += try comparison(.equal, item, value).conditions }
      return (all, true)
    default: break
    }
    throw Untranslatable("a condition of this kind cannot be said in a Questionnaire")
  }

  private func asks(_ name: String) -> Bool { instrument.item(name)?.isQuestion == true }

  /// The question that a name stands for.
  private func asked(_ node: Node) throws(Untranslatable) -> Item {
    guard case .name(let name) = node.form else {
      throw Untranslatable("a Questionnaire's conditions are about single answers")
    }
    guard let item = instrument.item(name), item.isQuestion else {
      throw Untranslatable("it hangs on \(name), which is no question of the Questionnaire")
    }
    return item
  }

  private func comparison(
    _ sign: Comparison, _ item: Item, _ other: Node
  ) throws(Untranslatable) -> (conditions: [JSONValue], isAny: Bool) {
    let answer: (String, JSONValue)
    switch other.form {
    case .text(let text): answer = ("answerString", .text(text))
    case .number(let number):
      if let options = item.options {
        guard sign == .equal || sign == .unequal else {
          let holding = options.filter { sign.holds(Double($0.value), number) }
          return (holding.map { condition(item.id, "=", coding(String($0.value))) }, true)
        }
        answer = coding(ForeignTranslator.plain(number))
      } else {
        let isWhole = number == number.rounded() && item.isAnsweredByWholeNumbers
        answer = (isWhole ? "answerInteger" : "answerDecimal", .number(number))
      }
    default: throw Untranslatable("a Questionnaire compares an answer with a value only")
    }
    let written = condition(item.id, sign == .equal ? "=" : sign.rawValue, answer)
    // There the answer is unequal, too, when there is none.
    guard sign == .unequal else { return ([written], false) }
    return ([written, condition(item.id, "exists", ("answerBoolean", .truth(true)))], false)
  }

  private func exists(_ node: Node, _ isThere: Bool) throws(Untranslatable) -> JSONValue {
    return condition(try asked(node).id, "exists", ("answerBoolean", .truth(isThere)))
  }

  private func coding(_ code: String) -> (String, JSONValue) {
    ("answerCoding", .object(["code": .text(code)]))
  }

  private func condition(
    _ question: String, _ sign: String, _ answer: (String, JSONValue)
  ) -> JSONValue {
    .object(["question": .text(question), "operator": .text(sign), answer.0: answer.1])
  }
}

extension Array {
  fileprivate func each<Result>(
    _ change: (Element) throws(Untranslatable) -> Result
  ) throws(Untranslatable) -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try change(element)) }
    return results
  }
}

extension Comparison {
  fileprivate func holds(_ left: Double, _ right: Double) -> Bool {
    switch self {
    case .equal: left == right
    case .unequal: left != right
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    }
  }
}

extension Item {
  fileprivate var isAnsweredByWholeNumbers: Bool {
    switch kind {
    case .number(let range): range.isWhole
    case .slider(let scale): scale.step == scale.step.rounded()
    default: false
    }
  }
}
