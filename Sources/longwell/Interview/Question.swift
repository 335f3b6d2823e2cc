import Collection
import Definitions
import Instruments

/// One item as the terminal asks it. What it takes is the item's own business.
struct Question {
  /// What kind of reply the item takes.
  enum Kind {
    case choice([Option])
    /// A number to type; some numbers mean something.
    case number([Option])
    case text
    /// Several of the options, or all of them in order, as numbers typed one after the other.
    case several([Option])
    /// A text of a certain form, such as a date.
    case form
    case notice
  }

  /// A number with what it means.
  struct Option: Hashable {
    var number: Double
    var label: String
  }

  /// What the person typed could not be read as a reply; says what is expected, never what was typed.
  struct Misunderstanding: Error {
    var advice: String
  }

  let item: Item
  /// The item's text, with earlier answers in it.
  let text: String
  /// What the terminal says besides, in the language of the wording.
  let texts: Texts

  /// Whether it cannot be left blank.
  var isRequired: Bool { item.requirement == .hard }

  var kind: Kind {
    func options(_ options: [ResponseScale.Option]) -> [Option] {
      options.map { Option(number: Double($0.value), label: $0.label ?? "") }
    }
    switch item.kind {
    case .single(let scale), .likert(let scale): return .choice(options(scale.options))
    case .slider(let scale):
      return .number(scale.labels.map { Option(number: $0.value, label: $0.label) })
    case .number: return .number([])
    case .multiple(let choices): return .several(options(choices.options))
    case .rank(let scale): return .several(options(scale.options))
    case .date, .time: return .form
    case .text, .own: return .text
    case .computed, .instruction: return .notice
    }
  }

  /// Reads a typed reply.
  ///
  /// - Returns: the answer; `nil` for an empty reply, which leaves the item blank.
  /// - Throws: ``Misunderstanding``.
  func answer(from typed: String) throws(Misunderstanding) -> Answer? {
    guard takesAnswer else { return nil }
    var typed = typed.drop { $0.isWhitespace }.trimmingSuffixSpaces
    guard !typed.isEmpty else {
      guard !isRequired else {
        throw Misunderstanding(advice: texts("question_needed"))
      }
      return nil
    }
    // Half the world types a comma there; files of answers have points.
    if case .number = kind { typed = typed.replacing(",", with: ".") }
    do throws(AnswerRefusal) {
      return try item.answer(reading: typed)
    } catch {
      throw Misunderstanding(advice: texts.typed(item))
    }
  }

  /// Whether there is something to answer.
  var takesAnswer: Bool { item.valueType != nil }

  /// How to go on without an answer, in words.
  var wayToLeaveBlank: String {
    if case .text = kind {
      texts("blank_offer_text")
    } else {
      texts("blank_offer", ["blank": texts("key_blank")])
    }
  }

  /// Whether digits typed so far name one option and can name no other, so that no Enter is needed.
  func isDecided(by typed: String) -> Bool {
    guard case .choice(let options) = kind else { return false }
    let numbers = options.map { numeral($0.number) }
    let typed = plainNumerals(typed)
    return numbers.contains(typed) && !numbers.contains { $0 != typed && $0.hasPrefix(typed) }
  }

  /// What is to be typed, and what some numbers mean.
  ///
  /// - Parameter width: the terminal's width in characters.
  func legend(width: Int) -> [String] {
    func line(_ option: Option) -> String {
      let label = TerminalText.cell(option.label, width: max(width - 12, 12))
      return "  \(numeral(option.number)) = \(label)"
    }
    switch kind {
    case .number(let labels):
      return TerminalText.wrapped(expectedInUnit, width: width) + labels.map(line)
    case .several, .form: return TerminalText.wrapped(texts.typed(item), width: width)
    case .choice, .text, .notice: return []
    }
  }
}

extension Question {
  /// The question that an item asks, with the answers that stand so far in its text.
  init(
    _ item: Item, of instrument: Instrument, answers: [String: Answer],
    carried: [String: Answer], texts: Texts
  ) {
    let stem = instrument.stem(of: item, answers: answers, carried: carried)
    let text = instrument.text(of: item, answers: answers, carried: carried)
    self.init(item: item, text: (stem.map { "\($0)\n\n" } ?? "") + text, texts: texts)
  }

  /// What it takes, with the unit of a number.
  private var expectedInUnit: String {
    guard case .number(let range) = item.kind, let unit = range.unit else {
      return texts.typed(item)
    }
    return "\(texts.typed(item)) (\(TerminalText.cell(unit, width: 30)))"
  }
}

extension StringProtocol {
  /// The text without spaces and line breaks at its end.
  fileprivate var trimmingSuffixSpaces: String {
    var text = String(self)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
