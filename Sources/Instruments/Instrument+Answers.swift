internal import Definitions
internal import Expressions

extension Instrument {
  /// Refuses an answer that is not on an item's response scale; it is never rescaled or rounded.
  ///
  /// - Throws: what the item takes, without the answer.
  package func check(_ answer: Answer, for item: String) throws(AnswerRefusal) {
    guard let item = self.item(item) else {
      throw AnswerRefusal(item: item, expected: "nothing: it is no item of \(id)")
    }
    guard item.accepts(answer) else {
      throw AnswerRefusal(item: item.id, expected: item.expectedAnswer)
    }
  }

  /// Reads an answer that was typed: a number for an item answered by numbers, else the text itself.
  ///
  /// - Throws: what the item takes, without what was typed.
  package func answer(
    reading text: String, for item: String
  ) throws(AnswerRefusal) -> Answer {
    guard let found = self.item(item) else {
      throw AnswerRefusal(item: item, expected: "nothing: it is no item of \(id)")
    }
    var answer = Answer.text(text)
    if found.valueType == .number {
      guard let number = plainNumber(String(text.trimmed)) else {
        throw AnswerRefusal(item: item, expected: found.expectedAnswer)
      }
      answer = .number(number)
    }
    try check(answer, for: item)
    return answer
  }

  /// The items that a participant with these answers sees, instructions included, in order.
  ///
  /// A condition that is unknown because of missing answers counts as false. Answers to items that are
  /// not shown themselves count as missing in the conditions of later ones.
  package func shownItems(answers: [String: Answer]) -> [Item] {
    var shown: [Item] = []
    var values: [String: Value] = [:]
    for item in items {
      let condition = item.showIf.map { $0.evaluate { values[$0] ?? .missing } }
      guard condition == nil || condition == .truth(true) else { continue }
      shown.append(item)
      guard let answer = answers[item.id], item.accepts(answer) else { continue }
      switch answer {
      case .number(let number): values[item.id] = .number(number)
      case .text(let text): values[item.id] = .text(text)
      }
    }
    return shown
  }
}

extension Item {
  /// Whether an answer is on the response scale.
  func accepts(_ answer: Answer) -> Bool {
    switch (kind, answer) {
    case (.single(let scale), .number(let number)), (.likert(let scale), .number(let number)):
      scale.contains(number)
    case (.slider(let scale), .number(let number)): scale.contains(number)
    case (.number(let range), .number(let number)): range.contains(number)
    case (.text(let limit), .text(let text)):
      text.unicodeScalars.count <= limit.longest
        && !text.unicodeScalars.contains {
          $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\t"
        }
    default: false
    }
  }

  /// What the item takes, as a noun phrase.
  package var expectedAnswer: String {
    switch kind {
    case .single(let scale), .likert(let scale):
      scale.isContiguous
        ? "a whole number from \(numeral(scale.range.lowerBound)) to \(numeral(scale.range.upperBound))"
        : "one of the numbers \(scale.options.map { "\($0.value)" }.joined(separator: ", "))"
    case .slider(let scale):
      "a number from \(numeral(scale.range.lowerBound)) to \(numeral(scale.range.upperBound))"
        + " in steps of \(numeral(scale.step))"
    case .number(let range):
      "a \(range.isWhole ? "whole " : "")number"
        + (range.least.map { " of at least \(numeral($0))" } ?? "")
        + (range.most.map { "\(range.least == nil ? " of" : " and") at most \(numeral($0))" } ?? "")
    case .text(let limit): "a text of at most \(limit.longest) characters on plain lines"
    case .instruction: "no answer"
    }
  }
}

extension ResponseScale {
  /// Whether the options' numbers follow each other.
  fileprivate var isContiguous: Bool {
    zip(options, options.dropFirst()).allSatisfy { $0.value + 1 == $1.value }
  }
}

extension String {
  /// The text without spaces around it.
  fileprivate var trimmed: Substring {
    let start = drop { $0.isWhitespace }
    return start.prefix(
      (start.lastIndex { !$0.isWhitespace }).map {
        start.distance(from: start.startIndex, to: $0) + 1
      } ?? 0)
  }
}
