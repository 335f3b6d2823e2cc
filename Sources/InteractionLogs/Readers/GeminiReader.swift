/// Reads the rows of Gemini's activity in a Takeout archive: a question with its answer each, newest
/// first, in one language or another. Newer exports name the conversation.
struct GeminiReader {
  private static let names: [StaticString] = ["Gemini", "Bard"]

  /// Whether a row is one of activities at all, and whether of Gemini's.
  static func isGemini(_ row: JSONValue) -> Bool {
    if let header = row["header"]?.utf8 { return isName(header) }
    return row["products"]?.elements.contains { $0.utf8.map(isName) ?? false } ?? false
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
    guard let question = Self.question(in: title) else { return nil }
    var utterances = [Utterance(.person, at: time, lengths: .count(question), texts: 0..<1)]
    texts.append(question)
    guard let items = row["safeHtmlItem"] else { return utterances }
    for item in items.elements {
      guard let answer = item["html"]?.utf8 else { continue }
      let first = texts.count
      HTMLText.forEachPart(of: answer) { texts.append($0) }
      let lengths = texts[first...].reduce(TextLengths()) { $0 + TextLengths.count($1) }
      utterances.add(
        Utterance(.assistant, at: time, lengths: lengths, texts: first..<texts.count))
    }
    return utterances
  }

  /// What follows the verb that the product puts before it, in whichever language: `Prompted `.
  ///
  /// The verb is one word in the languages that are known; rows of one word only have no question.
  private static func question(
    in title: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8>? {
    let verbs: [StaticString] = ["Used ", "Feedback ", "Gave feedback", "Created Gemini"]
    for verb in verbs where title.starts(with: UnsafeBufferPointer(verb)) { return nil }
    guard let space = title.firstIndex(where: { $0 == UInt8(ascii: " ") || $0 == 0xC2 }) else {
      return nil
    }
    // A no-break space is two bytes.
    let start = space + (title[space] == 0xC2 ? 2 : 1)
    guard start < title.count else { return nil }
    return UnsafeBufferPointer(rebasing: title[start...])
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
