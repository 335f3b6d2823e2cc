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
    if let wanted = earlier.first(where: { $0.name == item }) {
      return try wanted.answer(reading: text)
    }
    guard let found = self.item(item) else {
      throw AnswerRefusal(item: item, expected: "nothing: it is no item of \(id)")
    }
    return try found.answer(reading: text)
  }

  /// The items that a participant with these answers sees, instructions included, in order.
  ///
  /// A condition that is unknown because of missing answers counts as false. Answers to items that are
  /// not shown themselves count as missing in the conditions of later ones.
  ///
  /// - Parameters:
  ///   - carried: what stands from before the session: answers to items that are asked once, by id, and
  ///     ``earlier`` answers by name.
  ///   - order: the order drawn for the session, where the instrument has random blocks.
  package func shownItems(
    answers: [String: Answer], carried: [String: Answer] = [:], order: [String]? = nil
  ) -> [Item] {
    sorted(walk(answers, carried: carried).shown.map { items[$0] }, by: order)
  }

  /// The answers that hold: to items shown, to items carried, and earlier ones by name.
  package func standing(
    answers: [String: Answer], carried: [String: Answer] = [:]
  ) -> [String: Answer] {
    walk(answers, carried: carried).answers
  }

  /// The positions of the items shown in the order of the file, the answers that hold, of items shown and
  /// items carried, and the values of all names of items in expressions, as answered.
  func walk(_ given: [String: Answer], carried: [String: Answer]) -> Walk {
    var shown: [Int] = []
    var answers: [String: Answer] = [:]
    var values: [String: Value] = [:]
    answers.reserveCapacity(items.count)
    values.reserveCapacity(items.count)
    for name in earlier {
      // Worked examples and files of answers state them among the others.
      guard let answer = carried[name.name] ?? given[name.name] else { continue }
      answers[name.name] = answer
      switch answer {
      case .number(let number) where name.type == .number: values[name.name] = .number(number)
      case .text(let text) where name.type == .text: values[name.name] = .text(text)
      default: continue
      }
    }
    // By their positions: an item is large, and most of it is not looked at here.
    for index in items.indices {
      let id = items[index].id
      if let condition = items[index].showIf {
        guard condition.isTrue({ values[$0] ?? .missing }) else { continue }
      }
      if case .computed(let expression) = items[index].kind {
        values[id] = expression.evaluate { values[$0] ?? .missing }
        continue
      }
      let standing =
        items[index].isOnce ? carried[id].flatMap { items[index].accepts($0) ? $0 : nil } : nil
      if standing == nil { shown.append(index) }
      guard let answer = standing ?? given[id], items[index].accepts(answer) else { continue }
      answers[id] = answer
      items[index].add(answer, to: &values)
    }
    return Walk(shown: shown, answers: answers, values: values)
  }
}

/// What a set of answers comes to, item by item.
struct Walk {
  /// The positions of the items shown.
  var shown: [Int]
  /// The answers that hold, by item.
  var answers: [String: Answer]
  /// By the names that expressions use.
  var values: [String: Value]
}

extension Item {
  /// Reads an answer that was typed: a number, a list of options' numbers, or the text itself. Numbers may
  /// have the digits of any script.
  ///
  /// - Throws: what the item takes, without what was typed.
  package func answer(reading text: String) throws(AnswerRefusal) -> Answer {
    let refusal = AnswerRefusal(item: id, expected: expectedAnswer)
    let answer: Answer
    switch kind {
    case .single, .likert, .slider, .number:
      guard let number = plainNumber(String(plainNumerals(text).trimmed)) else { throw refusal }
      answer = .number(number)
    case .multiple:
      guard let numbers = typedList(text) else { throw refusal }
      answer = .list(numbers.sorted())
    case .rank:
      guard let numbers = typedList(text) else { throw refusal }
      answer = .list(numbers)
    case .date, .time: answer = .text(String(plainNumerals(text).trimmed))
    case .text, .own, .computed, .instruction: answer = .text(text)
    }
    guard accepts(answer) else { throw refusal }
    return answer
  }

  /// Numbers as people type lists: `1 3`, `1, 3` or `[1,3]`.
  private func typedList(_ text: String) -> [Int]? {
    let parts = plainNumerals(text).split { " ,;[]\t".contains($0) }
    let numbers = parts.compactMap { Int($0) }
    return numbers.count == parts.count && !numbers.isEmpty ? numbers : nil
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
    case (.multiple(let choices), .text): answer.list.map(choices.contains) ?? false
    case (.rank(let scale), .text): answer.list.map { $0.sorted() } == scale.options.map(\.value)
    case (.date, .text(let text)): CalendarText.isDate(text)
    case (.time, .text(let text)): CalendarText.isTime(text)
    case (.text(let limit), .text(let text)), (.own(let limit), .text(let text)):
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
    case .multiple(let choices):
      "one or more of the numbers \(choices.options.map { "\($0.value)" }.joined(separator: ", "))"
        + " with spaces between them"
        + (choices.exclusive.map { ", or \($0) alone" } ?? "")
    case .rank(let scale):
      "all of the numbers \(scale.options.map { "\($0.value)" }.joined(separator: ", "))"
        + " with spaces between them, from first to last"
    case .date: "a date such as 2026-11-21"
    case .time: "a time of day such as 07:05"
    case .text(let limit), .own(let limit):
      "a text of at most \(limit.longest) characters on plain lines"
    case .computed, .instruction: "no answer"
    }
  }
}

extension ResponseScale {
  /// Whether the options' numbers follow each other.
  package var isContiguous: Bool {
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
