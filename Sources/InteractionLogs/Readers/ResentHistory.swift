/// Recognises what was sent again: a request to a model repeats the conversation so far.
///
/// Of each conversation the hashes of its beginnings are known, in memory only and different in every
/// process. A new request is the longest beginning that is known, and what follows it.
struct ResentHistory {
  /// Where a beginning belongs: its conversation and how many messages it has.
  private struct Beginning {
    var place: Int
    var count: Int
  }

  private var beginnings: [Int: Beginning] = [:]

  /// What a request adds.
  struct Addition: Equatable {
    /// Its conversation, or nil for a new one.
    var place: Int?
    /// How many of its messages are known already.
    var known: Int
  }

  /// What a request adds to what is known.
  ///
  /// A first message alone is no history: people begin with the same words on different days.
  func addition(of messages: [Int]) -> Addition {
    var found = Addition(place: nil, known: 0)
    for (index, hash) in Self.chain(messages).enumerated() where index > 0 {
      guard let beginning = beginnings[hash], beginning.count == index + 1 else { continue }
      found = Addition(place: beginning.place, known: index + 1)
    }
    return found
  }

  /// Notes all beginnings of a conversation's messages.
  mutating func note(_ messages: [Int], of place: Int) {
    for (index, hash) in Self.chain(messages).enumerated() {
      beginnings[hash] = Beginning(place: place, count: index + 1)
    }
  }

  private static func chain(_ messages: [Int]) -> [Int] {
    var hashes: [Int] = []
    var last = 0
    for message in messages {
      var hasher = Hasher()
      hasher.combine(last)
      hasher.combine(message)
      last = hasher.finalize()
      hashes.append(last)
    }
    return hashes
  }

  /// The hash of a message: who said what.
  static func hash(_ speaker: Speaker, _ texts: ArraySlice<UnsafeBufferPointer<UInt8>>) -> Int {
    var hasher = Hasher()
    hasher.combine(speaker)
    for text in texts { hasher.combine(bytes: UnsafeRawBufferPointer(text)) }
    return hasher.finalize()
  }
}
