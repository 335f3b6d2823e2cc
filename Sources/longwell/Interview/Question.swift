import Instruments

/// One item as the terminal asks it.
struct Question {
  /// What kind of reply the item takes.
  enum Kind {
    case choice([Option])
    case number(NumberForm)
    case text(longest: Int?)
    /// Several of the options, or all of them in order, as numbers typed one after the other.
    case several([Option], Item)
    /// A text of a certain form, such as a date.
    case form(Item)
    case notice
  }

  /// One of the replies to choose from.
  struct Option: Hashable {
    var number: Int
    var label: String
  }

  /// A number to type, with its range in words.
  struct NumberForm {
    var least: Double?
    var most: Double?
    var isWhole: Bool
    var unit: String?
    /// What some of the numbers mean.
    var labels: [(number: Double, label: String)] = []
  }

  /// What the person typed could not be read as a reply; says what is expected, never what was typed.
  struct Misunderstanding: Error {
    var expected: String
  }

  var item: String
  var text: String
  var kind: Kind
  var isRequired: Bool

  /// Reads a typed reply.
  ///
  /// - Returns: the answer; `nil` for an empty reply, which leaves the item blank.
  /// - Throws: ``Misunderstanding``.
  func answer(from typed: String) throws(Misunderstanding) -> Answer? {
    let typed = typed.drop { $0.isWhitespace }.trimmingSuffixSpaces
    guard !typed.isEmpty else {
      guard !isRequired || !takesAnswer else {
        throw Misunderstanding(expected: "an answer: this one is needed")
      }
      return nil
    }
    switch kind {
    case .notice: return nil
    case .text(let longest):
      if let longest, typed.unicodeScalars.count > longest {
        throw Misunderstanding(expected: "at most \(longest) characters")
      }
      let isPlain = typed.unicodeScalars.allSatisfy {
        $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)
      }
      guard isPlain else {
        throw Misunderstanding(expected: "plain text without control characters")
      }
      return .text(typed)
    case .several(_, let item), .form(let item):
      do throws(AnswerRefusal) {
        return try item.answer(reading: typed)
      } catch {
        throw Misunderstanding(expected: error.expected)
      }
    case .choice(let options):
      guard let number = Int(typed), options.contains(where: { $0.number == number }) else {
        throw Misunderstanding(
          expected: "one of " + options.map { String($0.number) }.joined(separator: ", "))
      }
      return .number(Double(number))
    case .number(let form):
      guard let number = Double(typed.replacing(",", with: ".")), number.isFinite,
        form.takes(number)
      else { throw Misunderstanding(expected: form.words) }
      return .number(number)
    }
  }

  /// Whether there is something to answer.
  var takesAnswer: Bool { if case .notice = kind { false } else { true } }

  /// How to go on without an answer, in words.
  var wayToLeaveBlank: String {
    if case .text = kind {
      "Press Enter once more to leave it blank."
    } else {
      "Choose or type an answer, or press s to leave it blank."
    }
  }

  /// Whether digits typed so far name one option and can name no other, so that no Enter is needed.
  func isDecided(by typed: String) -> Bool {
    guard case .choice(let options) = kind else { return false }
    let numbers = options.map { String($0.number) }
    return numbers.contains(typed) && !numbers.contains { $0 != typed && $0.hasPrefix(typed) }
  }
}

extension Question.NumberForm {
  /// Whether the number is within the range, and whole where it has to be.
  func takes(_ number: Double) -> Bool {
    (least.map { number >= $0 } ?? true) && (most.map { number <= $0 } ?? true)
      && (!isWhole || number == number.rounded())
  }

  /// The range in words: "a whole number from 0 to 10".
  var words: String {
    var words = isWhole ? "a whole number" : "a number"
    if let least { words += " from \(Self.plain(least))" }
    if let most { words += least == nil ? " up to \(Self.plain(most))" : " to \(Self.plain(most))" }
    if let unit { words += " (\(TerminalText.cell(unit, width: 30)))" }
    return words
  }

  static func plain(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
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
