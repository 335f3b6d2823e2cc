/// A combination of coefficients as a plan writes it: `week:arm[supportive]`, or
/// `arm[supportive] + 4 * week:arm[supportive]`.
struct CoefficientSum: Sendable {
  /// One coefficient and how often it counts.
  struct Term: Sendable {
    var factor: Double
    /// As written, without the factor.
    var text: String
    var parts: [CoefficientName.Part]
  }

  let terms: [Term]

  /// `nil` if it is not written so.
  init?(_ text: String) {
    var terms: [Term] = []
    var sign = 1.0
    for (piece, next) in Self.pieces(of: text) {
      let trimmed = Self.trimmed(piece)
      if trimmed.isEmpty, terms.isEmpty {
        sign *= next
        continue
      }
      let halves = trimmed.split(separator: "*", maxSplits: 1).map(Self.trimmed)
      let factor: Double
      let name: String
      if halves.count == 2 {
        guard let number = Double(halves[0]), number.isFinite else { return nil }
        (factor, name) = (number, halves[1])
      } else {
        (factor, name) = (1, trimmed)
      }
      guard let parts = CoefficientName.parts(name), parts.allSatisfy(Self.isName) else {
        return nil
      }
      terms.append(Term(factor: sign * factor, text: name, parts: parts))
      sign = next
    }
    guard !terms.isEmpty else { return nil }
    self.terms = terms
  }

  /// Whether a part can be the name of a variable, or a function of some.
  private static func isName(_ part: CoefficientName.Part) -> Bool {
    part.variable.contains("(") || !part.variable.contains { $0 == " " || $0 == "*" }
  }

  /// The single coefficient, where it is one that counts once.
  var single: [CoefficientName.Part]? {
    terms.count == 1 && terms[0].factor == 1 ? terms[0].parts : nil
  }

  /// The weights of a model's effects; `nil` where it does not estimate one of the coefficients.
  func weights(among names: [String]) -> [Double]? {
    var weights = [Double](repeating: 0, count: names.count)
    for term in terms {
      guard let name = CoefficientName.modelName(term.parts, among: names),
        let position = names.firstIndex(of: name)
      else { return nil }
      weights[position] += term.factor
    }
    return weights
  }

  /// The text cut at signs outside brackets, each piece with the sign that follows it.
  private static func pieces(of text: String) -> [(piece: Substring, next: Double)] {
    var pieces: [(piece: Substring, next: Double)] = []
    var depth = 0
    var start = text.startIndex
    for index in text.indices {
      switch text[index] {
      case "[", "(": depth += 1
      case "]", ")": depth -= 1
      case "+" where depth == 0, "-" where depth == 0:
        pieces.append((text[start..<index], text[index] == "-" ? -1 : 1))
        start = text.index(after: index)
      default: break
      }
    }
    return pieces + [(text[start...], 1)]
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
