internal import Expressions
internal import Instruments

/// Texts of a Questionnaire in which earlier answers stand, by the extension that FHIR has for elements that
/// are calculated (http://hl7.org/fhir/StructureDefinition/cqf-expression): the text `How is …?` with
/// `'How is ' & %resource.repeat(item).where(linkId='name').answer.value & '?'` beside it.
///
/// Programs that calculate show the answer, others the text with its ellipsis, and a text that comes back
/// has the answer's name again. Only expressions of this form are read: FHIRPath is not evaluated.
enum PipedExpression {
  /// A text of ours as people read it who have not answered yet, with its expression if answers stand in it.
  ///
  /// - Returns: also the names in it that are no questions of the Questionnaire.
  static func write(
    _ text: String, of instrument: Instrument
  ) -> (text: String, expression: String?, unknown: [String]) {
    var shown = ""
    var operands: [String] = []
    var unknown: [String] = []
    var isCalculated = false
    for piece in Piping.pieces(of: text) {
      switch piece {
      case .text(let words):
        shown += words
        if !words.isEmpty { operands.append(quoted(words)) }
      case .name(let name):
        shown += "…"
        if let path = path(to: name, of: instrument) {
          operands.append(path)
          isCalculated = true
        } else {
          operands.append(quoted("…"))
          unknown.append(name)
        }
      }
    }
    return (shown, isCalculated ? operands.joined(separator: " & ") : nil, unknown)
  }

  /// Where the words of an answer stand in a QuestionnaireResponse; nil for what is not in it.
  private static func path(to name: String, of instrument: Instrument) -> String? {
    guard let item = instrument.item(name), item.isQuestion else { return nil }
    let value = "%resource.repeat(item).where(linkId='\(name)').answer.value"
    switch item.kind {
    case .single(let scale), .likert(let scale):
      return scale.options.allSatisfy { $0.label != nil } ? "\(value).display" : "\(value).code"
    case .multiple: return "\(value).display.join(', ')"
    case .slider, .number, .date, .time: return "\(value).toString()"
    case .text, .own, .rank, .computed, .instruction: return value
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "'"
    for character in text.unicodeScalars {
      switch character {
      case "'", "\\": quoted += "\\\(character)"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      default: quoted.unicodeScalars.append(character)
      }
    }
    return quoted + "'"
  }

  // MARK: Reading

  private static let longest = 20_000

  /// The text of an expression, with its answers' link ids between marks; nil for any other expression.
  static func read(_ expression: String) -> String? {
    guard expression.utf8.count <= longest else { return nil }
    var text = ""
    for operand in operands(of: expression) {
      if let words = unquoted(operand) {
        text += words
      } else if let name = linkId(in: operand) {
        text += "\(PipingStyle.marks.opening)\(name)\(PipingStyle.marks.closing)"
      } else {
        return nil
      }
    }
    return text
  }

  /// What stands between `&` and `+` outside of quotes and parentheses.
  private static func operands(of expression: String) -> [String] {
    var operands: [String] = []
    var current = ""
    var depth = 0
    var isQuoted = false
    var isEscaped = false
    for character in expression {
      if isQuoted {
        current.append(character)
        if !isEscaped, character == "'" { isQuoted = false }
        isEscaped = !isEscaped && character == "\\"
        continue
      }
      switch character {
      case "'": isQuoted = true
      case "(": depth += 1
      case ")": depth -= 1
      case "&", "+":
        if depth == 0 {
          operands.append(current.trimmed)
          current = ""
          continue
        }
      default: break
      }
      current.append(character)
    }
    return operands + [current.trimmed]
  }

  private static func unquoted(_ operand: String) -> String? {
    guard operand.count >= 2, operand.hasPrefix("'"), operand.hasSuffix("'") else { return nil }
    var text = ""
    var isEscaped = false
    for character in operand.dropFirst().dropLast() {
      if isEscaped {
        guard let meant = escapes[character] else { return nil }
        text.append(meant)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        text.append(character)
      }
    }
    return isEscaped ? nil : text
  }

  private static let escapes: [Character: Character] = [
    "'": "'", "\"": "\"", "`": "`", "\\": "\\", "/": "/", "n": "\n", "t": "\t", "r": "\n",
    "f": "\n",
  ]

  /// The question of which the operand is the answer.
  private static func linkId(in operand: String) -> String? {
    guard operand.hasPrefix("%"), operand.contains(".answer"),
      let name = operand.firstRange(of: "linkId")
    else { return nil }
    let rest = operand[name.upperBound...].drop { " =~".contains($0) }
    guard rest.first == "'", let end = rest.dropFirst().firstIndex(of: "'") else { return nil }
    let isOnly = operand[end...].firstRange(of: "linkId") == nil
    return isOnly ? String(rest.dropFirst()[..<end]) : nil
  }
}

extension Item {
  /// Whether a Questionnaire asks it: rankings and computed items have no type there.
  var isQuestion: Bool {
    switch kind {
    case .rank, .computed, .instruction: false
    default: true
    }
  }
}
