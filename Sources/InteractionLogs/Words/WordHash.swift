/// Words by a hash of their lower-case bytes, so that no word has to become a `String`.
///
/// FNV-1a with 64 bits (Fowler, Noll, Vo). Two of some ten thousand known words share a hash with a
/// probability of 1 in 10^11, and a test sees that none do; that an unknown word has the hash of a known
/// one is rarer than a misprint in the list.
enum WordHash {
  static let start: UInt64 = 0xCBF2_9CE4_8422_2325

  @inline(__always)
  static func adding(_ byte: UInt8, to hash: UInt64) -> UInt64 {
    (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }

  /// The hash of a word that is in lower case already.
  static func of(_ word: some Sequence<UInt8>) -> UInt64 {
    word.reduce(start) { adding($1, to: $0) }
  }

  /// The hash of words one after the other.
  static func joining(_ words: UInt64...) -> UInt64 { joining(words) }

  static func joining(_ words: [UInt64]) -> UInt64 {
    words.reduce(0) { hash, word in (hash &+ word) &* 0x9E37_79B9_7F4A_7C15 ^ (hash >> 29) }
  }
}

/// A table from 64-bit keys to small numbers: open addressing, at most half full, so that the usual
/// question, a word that is not in it, costs one look.
struct HashIndex: Sendable {
  private var keys: [UInt64]
  private var values: [Int32]
  private let mask: Int

  /// A later pair of the same key replaces the earlier.
  init(_ pairs: [(UInt64, Int)]) {
    var capacity = 16
    while capacity < pairs.count * 2 { capacity *= 2 }
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

  @inline(__always)
  private static func slot(of key: UInt64) -> Int { Int(truncatingIfNeeded: key ^ (key >> 32)) }
}
