/// Reads the rows of Gemini's activity in a Takeout archive: a question with its answer each, newest
/// first, in one language or another. Newer exports name the conversation.
struct GeminiReader {
  private static let names: [StaticString] = ["Gemini", "Bard"]

  /// Whether a row is one of activities at all, and whether of Gemini's.
  static func isGemini(_ row: JSONValue) -> Bool {
    if let header = row["header"]?.utf8, isName(header) { return true }
    return row["products"]?.elements.contains { $0.utf8.map(isName) ?? false } ?? false
  }

  /// Whether a row is one of activities, whichever product's.
  static func isActivity(_ row: JSONValue) -> Bool {
    row["header"]?.isString == true && row["time"]?.isString == true
      && (row["title"] != nil || row["products"] != nil)
  }

  /// Products are not translated: "Gemini Apps", "Gemini-Apps", "Applications Gemini".
  private static func isName(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    names.contains { name in
      let bytes = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
      guard text.count >= bytes.count else { return false }
      return (0...(text.count - bytes.count)).contains {
        text[$0...].starts(with: bytes)
      }
    }
  }

  /// The question and answer of a row.
  ///
  /// - Returns: nil where there is no question: a setting changed, feedback given.
  func utterances(of row: JSONValue, _ texts: inout [UnsafeBufferPointer<UInt8>]) -> [Utterance]? {
    guard let title = row["title"]?.utf8 else { return nil }
    let time = row["time"].map { LogTime.seconds($0) } ?? .nan
    guard let question = Self.question(in: title, isAnswered: row["safeHtmlItem"] != nil) else {
      return nil
    }
    var utterances = [Utterance(.person, at: time, lengths: .count(question), texts: 0..<1)]
    texts.append(question)
    guard let items = row["safeHtmlItem"] else { return utterances }
    for item in items.elements {
      guard let answer = item["html"]?.utf8 else { continue }
      let text = HTMLText.visible(in: answer)
      texts.append(text)
      utterances.add(
        Utterance(
          .assistant, at: time, lengths: .count(text), texts: (texts.count - 1)..<texts.count))
    }
    return utterances
  }

  /// How questions begin in languages that are known, and rows that are none in English.
  private static let verbs: [StaticString] = ["Prompted ", "Eingegebener Prompt:"]
  private static let otherVerbs: [StaticString] = [
    "Used ", "Feedback ", "Gave feedback", "Created Gemini",
  ]

  /// What follows the verb that the product puts before it, in whichever language: `Prompted `,
  /// `Eingegebener Prompt: `.
  ///
  /// Of other languages a row without an answer may be a setting that was changed and is no question. One
  /// with an answer is: up to a colon among its first words stands the verb, else up to the first space;
  /// without either, as in languages that put none, all of it is the question.
  private static func question(
    in title: UnsafeBufferPointer<UInt8>, isAnswered: Bool
  ) -> UnsafeBufferPointer<UInt8>? {
    func rest(from start: Int) -> UnsafeBufferPointer<UInt8>? {
      var start = start
      while start < title.count {
        if title[start] <= 0x20 {
          start += 1
        } else if title[start] == 0xC2, start + 1 < title.count, title[start + 1] == 0xA0 {
          // A no-break space.
          start += 2
        } else {
          return UnsafeBufferPointer(rebasing: title[start...])
        }
      }
      return nil
    }
    for verb in otherVerbs where title.starts(with: UnsafeBufferPointer(verb)) { return nil }
    for verb in verbs where title.starts(with: UnsafeBufferPointer(verb)) {
      return rest(from: verb.utf8CodeUnitCount)
    }
    // The verb alone: a picture, or nothing, was asked.
    let isVerb = verbs.contains { title.elementsEqual(UnsafeBufferPointer($0).dropLast()) }
    guard isAnswered, !isVerb else { return nil }
    var spaces = 0
    for place in title.indices.prefix(longestVerb) where spaces < mostWords {
      if isSpace(title, at: place) { spaces += 1 }
      // The colon of Chinese and Japanese is a character of its own.
      let isWide = title[place...].starts(with: [0xEF, 0xBC, 0x9A])
      if title[place] == UInt8(ascii: ":") || isWide,
        let text = rest(from: place + (isWide ? 3 : 1))
      {
        return text
      }
    }
    for place in title.indices where isSpace(title, at: place) { return rest(from: place) }
    return rest(from: 0)
  }

  /// Bytes and words in which a colon is the verb's and not the question's.
  private static let longestVerb = 64
  private static let mostWords = 3

  private static func isSpace(_ text: UnsafeBufferPointer<UInt8>, at place: Int) -> Bool {
    text[place] == UInt8(ascii: " ")
      || text[place] == 0xC2 && place + 1 < text.count && text[place + 1] == 0xA0
  }

  /// The conversation of a row, where the export says.
  func conversation(of row: JSONValue) -> [UInt8]? {
    for name in ["conversationId", "conversation_id"] as [StaticString] {
      if let id = row[name]?.utf8, !id.isEmpty { return Array(id) }
    }
    // A link to the conversation ends with its id.
    guard let link = row["titleUrl"]?.utf8,
      let range = HTMLText.range(of: "/app/", in: link), range.upperBound < link.count
    else { return nil }
    return Array(link[range.upperBound...].prefix { $0 != UInt8(ascii: "?") })
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// A text's bytes.
  init(_ text: StaticString) {
    self.init(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }
}
