internal import CSimdJSON

/// Finds the phrases of many lists in one pass over a message.
///
/// Words are runs of letters and digits, with apostrophes inside, in lower case. A trie of word numbers, its
/// edges in one hash table; `_` is an edge that any word passes.
struct PhraseMatcher: Sendable {
  /// The end of a phrase: the lists that have it, as bits.
  private var ends: [UInt32] = [0]
  private var edges: HashIndex
  /// By a word's number, where the phrases that begin with it go on; -1 for none.
  private var roots: [Int32]
  private let vocabulary: HashIndex
  /// The words of the longest phrase.
  private let longest: Int

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
        let hash = WordHash.of(word)
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
    roots = (0..<(numbers.count + 2)).map { Int32(children[Self.edge(0, $0)] ?? -1) }
    vocabulary = HashIndex(numbers.map { ($0.key, $0.value) })
    longest = phrases.map(\.words.count).max() ?? 0
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
    var hits = Hits(rules: rules.count)
    var wanted: UInt32 = 0
    for (rule, list) in rules.enumerated() where list.speaker == speaker { wanted |= 1 << rule }
    var free = Array(repeating: 0, count: rules.count)
    // A word is a byte at least, and something stands before the next.
    let most = longest + min(prose.count, Self.pieceBytes) / 2 + 2
    if numbers.count < most { numbers = Array(repeating: 0, count: most) }
    numbers.withUnsafeMutableBufferPointer { numbers in
      var position = 0
      var count = 0
      while position < prose.count {
        let piece = prose[position..<Self.end(ofPieceFrom: position, in: prose)]
        read(UnsafeBufferPointer(rebasing: piece), into: numbers, &count)
        position = piece.endIndex
        // The last words of a piece wait for the next, so that no phrase is cut.
        let starts = position < prose.count ? max(0, count - longest) : count
        for start in 0..<starts {
          // Few words begin a phrase.
          var node = Int(roots[Int(numbers[start])])
          var next = start + 1
          while node >= 0 {
            var found = ends[node] & wanted
            while found != 0 {
              let rule = found.trailingZeroBitCount
              found &= found - 1
              if let within = rules[rule].within, hits.words + start >= within { continue }
              guard hits.words + start >= free[rule] else { continue }
              hits.counts[rule] += 1
              free[rule] = hits.words + next
            }
            guard next < count else { break }
            node = child(of: node, Int(numbers[next]))
            next += 1
          }
        }
        for place in starts..<count { numbers[place - starts] = numbers[place] }
        count -= starts
        hits.words += starts
      }
    }
    return hits
  }

  /// A message is read in pieces, so that one of many megabytes takes little memory.
  private static let pieceBytes = 1 << 16

  /// The end of the next piece: behind white space, or in the middle of a word of thousands of letters.
  private static func end(
    ofPieceFrom start: Int, in prose: UnsafeBufferPointer<UInt8>
  ) -> Int {
    guard prose.count - start > pieceBytes else { return prose.count }
    var end = start + pieceBytes
    let last = prose[start..<end].lastIndex { $0 <= 0x20 }
    if let last { return last + 1 }
    while end > start + 1, prose[end] & 0xC0 == 0x80 { end -= 1 }
    return end
  }

  /// Where a phrase goes on with a word; -1 where none does.
  private func child(of node: Int, _ word: Int) -> Int {
    let child = word == Self.other ? -1 : edges.value(of: Self.edge(node, word))
    return child < 0 ? edges.value(of: Self.edge(node, Self.any)) : child
  }

  /// Adds the words of a piece by their numbers.
  private func read(
    _ prose: UnsafeBufferPointer<UInt8>, into numbers: UnsafeMutableBufferPointer<Int32>,
    _ count: inout Int
  ) {
    var position = 0
    while position < prose.count {
      position = readASCII(prose, from: position, into: numbers, &count)
      if position < prose.count {
        position = readRun(prose, from: position, into: numbers, &count)
      }
    }
  }

  /// Reads as far as the first word that touches a byte beyond ASCII.
  private func readASCII(
    _ prose: UnsafeBufferPointer<UInt8>, from start: Int,
    into numbers: UnsafeMutableBufferPointer<Int32>, _ count: inout Int
  ) -> Int {
    guard let bytes = prose.baseAddress, let target = numbers.baseAddress else {
      return prose.count
    }
    return start
      + vocabulary.withTable { table in
        longwell_number_words(bytes + start, prose.count - start, table, target, &count)
      }
  }

  /// Reads words with letters beyond ASCII, up to the next ASCII byte that is no part of a word.
  private func readRun(
    _ prose: UnsafeBufferPointer<UInt8>, from start: Int,
    into numbers: UnsafeMutableBufferPointer<Int32>, _ count: inout Int
  ) -> Int {
    var word = start
    var position = start
    func end() {
      guard word < position, let bytes = prose.baseAddress else { return }
      let hash = longwell_look_at_word(bytes + word, position - word).hash
      numbers[count] = Int32(max(vocabulary.value(of: hash), Self.other))
      count += 1
    }
    while position < prose.count {
      let byte = prose[position]
      if byte < 0x80 {
        let isInner =
          byte == UInt8(ascii: "'") && word < position && position + 1 < prose.count
          && Characters.isASCIIWordPart(prose[position + 1])
        guard isInner || Characters.isASCIIWordPart(byte) else { break }
        position += 1
      } else {
        let (scalar, length) = Characters.scalar(at: position, in: prose)
        if !Characters.isWordPart(scalar) {
          end()
          word = position + length
        }
        position += length
      }
    }
    end()
    return position
  }
}
