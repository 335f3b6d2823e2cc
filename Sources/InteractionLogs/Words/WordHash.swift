internal import CSimdJSON

/// Words by a hash of their lower-case bytes, so that no word has to become a `String`.
///
/// Two of some ten thousand known words share one of 64 bits with a probability of 1 in 10^11, and a test sees
/// that none do; that an unknown word has the hash of a known one is rarer than a misprint in the list.
enum WordHash {
  /// The hash of a word.
  static func of(_ word: Substring) -> UInt64 {
    var word = word
    return word.withUTF8 { bytes in
      bytes.baseAddress.map { longwell_look_at_word($0, bytes.count).hash } ?? 0
    }
  }

  /// The hash of two words one after the other, and of three.
  @inline(__always)
  static func joining(_ one: UInt64, _ two: UInt64) -> UInt64 {
    adding(two, to: adding(one, to: 0))
  }

  @inline(__always)
  static func joining(_ one: UInt64, _ two: UInt64, _ three: UInt64) -> UInt64 {
    adding(three, to: joining(one, two))
  }

  static func joining(_ words: [UInt64]) -> UInt64 { words.reduce(0) { adding($1, to: $0) } }

  @inline(__always)
  private static func adding(_ word: UInt64, to hash: UInt64) -> UInt64 {
    (hash &+ word) &* 0x9E37_79B9_7F4A_7C15 ^ (hash >> 29)
  }
}

/// A table from 64-bit keys to small numbers: open addressing, at most a quarter full, so that the usual
/// question, a word that is not in it, costs one look.
struct HashIndex: Sendable {
  private var keys: [UInt64]
  private var values: [Int32]
  private let mask: Int

  /// A later pair of the same key replaces the earlier.
  init(_ pairs: [(UInt64, Int)]) {
    var capacity = 16
    while capacity < pairs.count * 4 { capacity *= 2 }
    keys = Array(repeating: 0, count: capacity)
    values = Array(repeating: -1, count: capacity)
    mask = capacity - 1
    for (key, value) in pairs {
      var slot = Self.slot(of: key) & mask
      while values[slot] >= 0, keys[slot] != key { slot = (slot + 1) & mask }
      keys[slot] = key
      values[slot] = Int32(value)
    }
  }

  /// The value of a key, or -1.
  @inline(__always)
  func value(of key: UInt64) -> Int {
    var slot = Self.slot(of: key) & mask
    while values[slot] >= 0 {
      if keys[slot] == key { return Int(values[slot]) }
      slot = (slot + 1) & mask
    }
    return -1
  }

  /// Lends the table to the reader of words.
  @inline(__always)
  func withTable<Result>(_ body: (UnsafePointer<longwell_word_table>) -> Result) -> Result {
    keys.withUnsafeBufferPointer { keys in
      values.withUnsafeBufferPointer { values in
        var table = longwell_word_table(
          keys: keys.baseAddress, values: values.baseAddress, mask: mask)
        return body(&table)
      }
    }
  }

  @inline(__always)
  private static func slot(of key: UInt64) -> Int { Int(truncatingIfNeeded: key ^ (key >> 32)) }
}
