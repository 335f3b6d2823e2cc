internal import CSimdJSON
internal import Foundation

/// How a sentence feels, from -1 to 1, by the rules and the table of VADER.
///
/// Hutto, C. J., & Gilbert, E. (2014). VADER: A parsimonious rule-based model for sentiment analysis of
/// social media text. *Proceedings of ICWSM-14*, 216–225. Where the paper leaves room, it is what
/// vaderSentiment 3.3.2 computes, to the last digit that that prints. Written for English.
///
/// It works on bytes: a sentence becomes its words' hashes and flags, in a buffer that is used again.
struct Sentiment: ~Copyable {
  /// A word as the rules see it.
  struct Token {
    var hash: UInt64
    var word: ValenceTable.Word
    /// Whether it has letters and they are all capitals.
    var isUpper: Bool
    /// Whether `n't` is in it.
    var isContracted: Bool

    var isNegation: Bool { word.isNegation || isContracted }
  }

  /// The weights of the paper, found by comparing ratings of sentences with and without each device.
  enum Weight {
    static let capitals = 0.733
    static let negation = -0.74
    static let neverSo = 1.25
    static let exclamation = 0.292
    static let question = 0.18
    static let questionMost = 0.96
    /// A booster's effect fades with its distance.
    static let distances = [1, 0.95, 0.9]
    static let beforeBut = 0.5
    static let afterBut = 1.5
    /// The largest sum that is expected, approximately, squared.
    static let normalising = 15.0
  }

  let table: ValenceTable
  private var tokens: [Token] = []
  private var valences: [Double] = []
  private var expanded = WipedBytes(capacity: 512)

  init(table: ValenceTable) { self.table = table }

  /// The compound value of a sentence; 0 for one without feeling.
  mutating func compound(of sentence: UnsafeBufferPointer<UInt8>) -> Double {
    guard nameEmoji(in: sentence) else { return compound(ofText: sentence) }
    let value = compound(ofText: expanded.bytes)
    expanded.removeAll()
    return value
  }

  private mutating func compound(ofText text: UnsafeBufferPointer<UInt8>) -> Double {
    let marks = readTokens(of: text)
    let hasEmphasis = hasSomeCapitals
    valences.removeAll(keepingCapacity: true)
    for position in tokens.indices {
      valences.append(valence(at: position, hasEmphasis: hasEmphasis))
    }
    weighContrast()
    var sum = valences.reduce(0, +)
    let emphasis = Self.emphasis(marks)
    if sum > 0 { sum += emphasis } else if sum < 0 { sum -= emphasis }
    return min(1, max(-1, sum / (sum * sum + Weight.normalising).squareRoot()))
  }

  // MARK: - Words

  private struct Marks {
    var exclamations = 0
    var questions = 0
  }

  /// Writes the text with emoji by their names, if it has any.
  private mutating func nameEmoji(in text: UnsafeBufferPointer<UInt8>) -> Bool {
    var position = 0
    var written = 0
    var hasAny = false
    while position < text.count {
      guard text[position] >= 0xC2 else {
        position += 1
        continue
      }
      let (scalar, length) = Characters.scalar(at: position, in: text)
      guard scalar >= ValenceTable.firstEmoji, let name = table.name(ofEmoji: scalar) else {
        position += length
        continue
      }
      expanded.append(UnsafeBufferPointer(rebasing: text[written..<position]))
      if let last = expanded.bytes.last, last != UInt8(ascii: " ") {
        expanded.append(UInt8(ascii: " "))
      }
      name.withUnsafeBufferPointer { expanded.append($0) }
      hasAny = true
      position += length
      written = position
    }
    guard hasAny else { return false }
    expanded.append(UnsafeBufferPointer(rebasing: text[written...]))
    return true
  }

  private mutating func readTokens(of text: UnsafeBufferPointer<UInt8>) -> Marks {
    tokens.removeAll(keepingCapacity: true)
    var marks = Marks()
    var start = 0
    var position = 0
    while position < text.count {
      let byte = text[position]
      if byte < 0x80 {
        if byte == UInt8(ascii: "!") { marks.exclamations += 1 }
        if byte == UInt8(ascii: "?") { marks.questions += 1 }
        if byte <= 0x20, Characters.isWhite(UInt32(byte)) {
          addToken(text, start..<position)
          start = position + 1
        }
        position += 1
      } else {
        let (scalar, length) = Characters.scalar(at: position, in: text)
        if Characters.isWhite(scalar) {
          addToken(text, start..<position)
          start = position + length
        }
        position += length
      }
    }
    addToken(text, start..<text.count)
    return marks
  }

  /// Adds a word without the punctuation around it; with it, where little is left without: a smiley.
  private mutating func addToken(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    var inner = range
    while inner.lowerBound < inner.upperBound,
      Characters.isASCIIPunctuation(text[inner.lowerBound])
    {
      inner = (inner.lowerBound + 1)..<inner.upperBound
    }
    while inner.lowerBound < inner.upperBound,
      Characters.isASCIIPunctuation(text[inner.upperBound - 1])
    {
      inner = inner.lowerBound..<(inner.upperBound - 1)
    }
    guard let start = text.baseAddress else { return }
    var seen = longwell_look_at_word(start + inner.lowerBound, inner.count)
    let hasFew =
      inner.count <= 2 || !seen.is_ascii && inner.count <= 8 && Self.scalars(text, inner) <= 2
    if hasFew, inner != range {
      inner = range
      seen = longwell_look_at_word(start + inner.lowerBound, inner.count)
    }
    var (hasUpper, hasLower) = (seen.has_upper, seen.has_lower)
    if !seen.is_ascii { Self.readCase(text, inner, hasUpper: &hasUpper, hasLower: &hasLower) }
    tokens.append(
      Token(
        hash: seen.hash, word: table.word(seen.hash), isUpper: hasUpper && !hasLower,
        isContracted: Self.isContracted(text, inner)))
  }

  /// Whether `n't` is in a word.
  private static func isContracted(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> Bool {
    var position = range.lowerBound + 1
    while position + 1 < range.upperBound {
      if text[position] == UInt8(ascii: "'"), text[position - 1] | 0x20 == UInt8(ascii: "n"),
        text[position + 1] | 0x20 == UInt8(ascii: "t")
      {
        return true
      }
      position += 1
    }
    return false
  }

  private static func scalars(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
    range.count { text[$0] & 0xC0 != 0x80 }
  }

  private static func readCase(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, hasUpper: inout Bool,
    hasLower: inout Bool
  ) {
    var position = range.lowerBound
    while position < range.upperBound {
      let (value, length) = Characters.scalar(at: position, in: text)
      if value >= 0x80, let properties = Unicode.Scalar(value)?.properties {
        if properties.isUppercase { hasUpper = true }
        if properties.isLowercase { hasLower = true }
      }
      position += length
    }
  }

  /// Whether some of the words, and not all, are in capitals: only then do capitals stress.
  private var hasSomeCapitals: Bool {
    let upper = tokens.count(where: \.isUpper)
    return 0 < upper && upper < tokens.count
  }

  // MARK: - Rules

  private func valence(at position: Int, hasEmphasis: Bool) -> Double {
    let token = tokens[position]
    guard token.word.boost == 0, let rating = token.word.valence else { return 0 }
    let next = position + 1 < tokens.count ? tokens[position + 1].word : nil
    if token.word.role == .kind, next?.role == .of { return 0 }
    var valence = rating
    // "No" before a rated word denies it, and has no feeling of its own.
    if token.word.role == .no, next?.valence != nil { valence = 0 }
    if isDenied(at: position) { valence = rating * Weight.negation }
    if token.isUpper, hasEmphasis { valence += valence > 0 ? Weight.capitals : -Weight.capitals }
    for distance in 1...3 where position >= distance {
      let before = tokens[position - distance]
      guard before.word.valence == nil else { continue }
      valence +=
        boost(of: before, on: valence, hasEmphasis: hasEmphasis)
        * Weight.distances[distance - 1]
      valence *= negation(at: distance, before: position)
      if distance == 3 { valence = idiom(at: position, else: valence) }
    }
    return isAfterLeast(position) ? valence * Weight.negation : valence
  }

  private func role(_ distance: Int, before position: Int) -> ValenceTable.Role {
    position >= distance ? tokens[position - distance].word.role : .none
  }

  private func isDenied(at position: Int) -> Bool {
    let before = role(1, before: position)
    return before == .no || role(2, before: position) == .no
      || (role(3, before: position) == .no && (before == .or || before == .nor))
  }

  private func boost(of token: Token, on valence: Double, hasEmphasis: Bool) -> Double {
    guard token.word.boost != 0 else { return 0 }
    var boost = valence < 0 ? -token.word.boost : token.word.boost
    if token.isUpper, hasEmphasis { boost += valence > 0 ? Weight.capitals : -Weight.capitals }
    return boost
  }

  /// What a valence is multiplied with for the word so far before it.
  private func negation(at distance: Int, before position: Int) -> Double {
    let one = role(1, before: position)
    func isSo(_ role: ValenceTable.Role) -> Bool { role == .so || role == .this }
    switch distance {
    case 2:
      let two = role(2, before: position)
      if two == .never, isSo(one) { return Weight.neverSo }
      if two == .without, one == .doubt { return 1 }
    case 3:
      let two = role(2, before: position)
      let three = role(3, before: position)
      // "So" and "this" count here without "never" too, as in the package.
      if (three == .never && isSo(two)) || isSo(one) { return Weight.neverSo }
      if three == .without, two == .doubt || one == .doubt { return 1 }
    default: break
    }
    return tokens[position - distance].isNegation ? Weight.negation : 1
  }

  /// The valence of an idiom around a word, and what phrases before it add.
  private func idiom(at position: Int, else valence: Double) -> Double {
    func hash(_ offset: Int) -> UInt64 { tokens[position + offset].hash }
    let (three, two, one, zero) = (hash(-3), hash(-2), hash(-1), hash(0))
    var valence =
      table.idiom(one, zero) ?? table.idiom(two, one, zero) ?? table.idiom(two, one)
      ?? table.idiom(three, two, one) ?? table.idiom(three, two) ?? valence
    if position + 1 < tokens.count { valence = table.idiom(zero, hash(1)) ?? valence }
    if position + 2 < tokens.count { valence = table.idiom(zero, hash(1), hash(2)) ?? valence }
    for boost in [
      table.booster(three, two, one), table.booster(three, two), table.booster(two, one),
    ] {
      valence += boost ?? 0
    }
    return valence
  }

  /// Whether "least" stands before a word, other than in "at least" and "very least".
  private func isAfterLeast(_ position: Int) -> Bool {
    guard position >= 1, tokens[position - 1].word.role == .least,
      tokens[position - 1].word.valence == nil
    else { return false }
    let two = role(2, before: position)
    return two != .at && two != .very
  }

  /// What stands before the first "but" counts less, what comes after it more.
  ///
  /// The package looks a word up by its value, so that of two equal ones the first can be changed twice
  /// in place of the second. So do we, but for lists of hundreds of rated words, where that would take long.
  private mutating func weighContrast() {
    guard let but = tokens.firstIndex(where: { $0.word.role == .but }) else { return }
    let rated = valences.indices.filter { valences[$0] != 0 }
    for place in rated {
      let value = valences[place]
      let first = rated.count > 200 ? place : rated.first { valences[$0] == value } ?? place
      if first < but {
        valences[first] = value * Weight.beforeBut
      } else if first > but {
        valences[first] = value * Weight.afterBut
      }
    }
  }

  private static func emphasis(_ marks: Marks) -> Double {
    let questions: Double
    switch marks.questions {
    case ...1: questions = 0
    case 2, 3: questions = Double(marks.questions) * Weight.question
    default: questions = Weight.questionMost
    }
    return Double(min(marks.exclamations, 4)) * Weight.exclamation + questions
  }
}
