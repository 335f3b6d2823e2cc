/// Recognises what was sent again: a request to a model repeats the conversation so far.
///
/// Of each conversation the hashes of its beginnings are known, in memory only and different in every
/// process. A new request is the longest beginning that is known, and what follows it.
struct ResentHistory {
  /// Where a beginning belongs: its conversation, and how many messages it has.
  private struct Beginning {
    var place: Int
    var count: Int
  }

  /// Of two messages and more: of conversations without an id, and of each that has one.
  private var beginnings: [Int: Beginning] = [:]
  private var ownBeginnings: [Int: [Int: Int]] = [:]
  /// The end of the last request of each conversation that has an id, and its first message.
  private var ends: [Int: [Int]] = [:]
  private var firsts: [Int: Int] = [:]
  /// The conversations without an id that hold nothing but one message so far, by its hash.
  private var openings: [Int: [Int]] = [:]

  /// What a request adds.
  struct Addition: Equatable {
    /// Its conversation, or nil for a new one.
    var place: Int?
    /// How many of its messages are known already.
    var known: Int
  }

  /// What a request of no named conversation adds to what is known.
  ///
  /// A first message alone is no history, since people begin with the same words on different days; but
  /// a request that goes on after it is the history of the last conversation of which it is all that is
  /// known.
  ///
  /// - Parameter goesOn: whether the request holds an answer or a tool's step.
  func addition(of messages: [Int], goesOn: Bool) -> Addition {
    var found = Addition(place: nil, known: 0)
    for (index, hash) in Self.chain(messages).enumerated() where index > 0 {
      guard let beginning = beginnings[hash], beginning.count == index + 1 else { continue }
      found = Addition(place: beginning.place, known: index + 1)
    }
    if found.place == nil, goesOn, let first = messages.first, let place = openings[first]?.last {
      found = Addition(place: place, known: 1)
    }
    return found
  }

  /// So many messages of a conversation are kept to find where a request begins that is cut at its
  /// beginning: as many as applications send of long ones.
  private static let window = 100

  /// How many of a request's messages a conversation with an id knows already: a beginning of any of its
  /// requests, or the end of the last, two messages at least.
  func known(of messages: [Int], in place: Int) -> Int {
    var known = messages.first != nil && firsts[place] == messages.first ? 1 : 0
    for (index, hash) in Self.chain(messages).enumerated()
    where index > 0 && ownBeginnings[place]?[hash] == index + 1 {
      known = index + 1
    }
    let end = ends[place] ?? []
    let longest = min(end.count, messages.count)
    let overlap = (2...max(2, longest)).last {
      $0 <= longest && end.suffix($0).elementsEqual(messages.prefix($0))
    }
    return max(known, overlap ?? 0)
  }

  /// Notes all beginnings of a conversation's messages.
  ///
  /// - Parameter isNamed: whether the conversation has an id.
  mutating func note(_ messages: [Int], of place: Int, isNamed: Bool) {
    guard let first = messages.first else { return }
    for (index, hash) in Self.chain(messages).enumerated() where index > 0 {
      if isNamed {
        ownBeginnings[place, default: [:]][hash] = index + 1
      } else {
        beginnings[hash] = Beginning(place: place, count: index + 1)
      }
    }
    if isNamed {
      firsts[place] = first
      ends[place] = Array(messages.suffix(Self.window))
    } else if messages.count > 1 {
      if openings[first]?.last == place { openings[first]?.removeLast() }
    } else if openings[first]?.last != place {
      openings[first, default: []].append(place)
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
