/// Finds the phrases of many lists in one pass over a message.
///
/// Words are runs of letters and digits, with apostrophes inside, in lower case. A trie of word numbers, its
/// edges in one hash table; `_` is an edge that any word passes.
struct PhraseMatcher: Sendable {
  /// The end of a phrase: the lists that have it, as bits.
  private var ends: [UInt32] = [0]
  private var edges: HashIndex
  private let vocabulary: HashIndex

  /// The number of a word that no phrase has.
  private static let other = 0
  /// The number of `_` in a phrase.
  private static let any = 1

  /// - Parameter phrases: the words of each, with the number of its list, below 32.
  init(_ phrases: [(rule: Int, words: [Substring])]) {
    var numbers: [UInt64: Int] = [:]
    var children: [UInt64: Int] = [:]
    for phrase in phrases where !phrase.words.isEmpty {
      var node = 0
      for word in phrase.words {
        let hash = WordHash.of(word.utf8)
        let number = word == "_" ? Self.any : numbers[hash, default: numbers.count + 2]
        if word != "_" { numbers[hash] = number }
        let key = Self.edge(node, number)
        if let child = children[key] {
          node = child
        } else {
          children[key] = ends.count
          node = ends.count
          ends.append(0)
        }
      }
      ends[node] |= 1 << UInt32(phrase.rule)
    }
    edges = HashIndex(children.map { ($0.key, $0.value) })
    vocabulary = HashIndex(numbers.map { ($0.key, $0.value) })
  }

  private static func edge(_ node: Int, _ word: Int) -> UInt64 {
    // Spread, because the table takes keys for hashes.
    (UInt64(node) << 32 | UInt64(word)) &* 0x9E37_79B9_7F4A_7C15
  }

  /// What was found in one message.
  struct Hits {
    /// By list: how many phrases, none overlapping another of its list.
    var counts: [Int]
    /// How many words the message has.
    var words = 0

    init(rules: Int) { counts = Array(repeating: 0, count: rules) }
  }

  /// Counts the phrases of each list in a message.
  ///
  /// - Parameters:
  ///   - numbers: a buffer for the message's words, used again.
  func hits(
    in prose: UnsafeBufferPointer<UInt8>, of rules: [RuleLists.Rule], by speaker: Speaker,
    numbers: inout [Int32]
  ) -> Hits {
    read(prose, into: &numbers)
    var hits = Hits(rules: rules.count)
    hits.words = numbers.count
    var wanted: UInt32 = 0
    for (rule, list) in rules.enumerated() where list.speaker == speaker { wanted |= 1 << rule }
    var free = Array(repeating: 0, count: rules.count)
    for start in numbers.indices {
      var position = start
      var node = 0
      // Few words begin a phrase: most end here.
      while true {
        guard position < numbers.count else { break }
        let word = Int(numbers[position])
        var next = word == Self.other ? -1 : edges.value(of: Self.edge(node, word))
        if next < 0, node > 0 { next = edges.value(of: Self.edge(node, Self.any)) }
        guard next >= 0 else { break }
        node = next
        position += 1
        var found = ends[node] & wanted
        while found != 0 {
          let rule = found.trailingZeroBitCount
          found &= found - 1
          if let within = rules[rule].within, start >= within { continue }
          guard start >= free[rule] else { continue }
          hits.counts[rule] += 1
          free[rule] = position
        }
      }
    }
    return hits
  }

  /// The words of a message by their numbers.
  private func read(_ prose: UnsafeBufferPointer<UInt8>, into numbers: inout [Int32]) {
    numbers.removeAll(keepingCapacity: true)
    var hash = WordHash.start
    var isInWord = false
    var previous: UInt8 = 0
    var position = 0
    func end() {
      guard isInWord else { return }
      let number = vocabulary.value(of: hash)
      numbers.append(Int32(number < 0 ? Self.other : number))
      (hash, isInWord) = (WordHash.start, false)
    }
    while position < prose.count {
      let byte = prose[position]
      if byte < 0x80 {
        if Characters.isASCIIWordPart(byte) {
          hash = WordHash.adding(Characters.lowercased(byte), to: hash)
          isInWord = true
        } else if byte == UInt8(ascii: "'"), isInWord, position + 1 < prose.count,
          Characters.isASCIIWordPart(prose[position + 1])
        {
          hash = WordHash.adding(byte, to: hash)
        } else {
          end()
        }
        position += 1
        continue
      }
      let (scalar, length) = Characters.scalar(at: position, in: prose)
      if Characters.isWordPart(scalar) {
        previous = 0
        for offset in 0..<length {
          let part = prose[position + offset]
          hash = WordHash.adding(Characters.lowercased(part, after: previous), to: hash)
          previous = part
        }
        isInWord = true
      } else {
        end()
      }
      position += length
    }
    end()
  }
}
