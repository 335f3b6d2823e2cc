/// Gives each distinct text a small number, without making a `String` per cell.
///
/// An open-addressed table over the levels' bytes, kept end to end. Most columns repeat few texts,
/// often the one of the row above, which is tried first.
struct LevelCoder {
  private var bytes: [UInt8] = []
  /// Where each level begins in `bytes`, and one more for the end of the last.
  private var starts: [Int] = [0]
  private var hashes: [UInt64] = []
  /// Level numbers by hash; −1 is a free place. The size is a power of two.
  private var slots = [Int32](repeating: -1, count: 64)
  private var last: Int32 = -1

  /// How many levels have been seen.
  var count: Int { hashes.count }

  /// The number of this text; a new one if it has not been seen.
  mutating func code(of text: UnsafeBufferPointer<UInt8>) -> Int32 {
    if last >= 0, matches(text, level: Int(last)) { return last }
    let hash = Self.hash(text)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let level = Int(slots[slot])
      if hashes[level] == hash, matches(text, level: level) {
        last = slots[slot]
        return last
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    last = Int32(hashes.count)
    slots[slot] = last
    hashes.append(hash)
    bytes.append(contentsOf: text)
    starts.append(bytes.count)
    // Three quarters full at most keeps the runs short.
    if hashes.count * 4 > slots.count * 3 { grow() }
    return last
  }

  /// The levels in order of appearance; `nil` if one is not valid UTF-8.
  func levels() -> [String]? {
    var levels: [String] = []
    levels.reserveCapacity(count)
    for level in 0..<count {
      guard let text = String(validating: bytes[starts[level]..<starts[level + 1]], as: UTF8.self)
      else { return nil }
      levels.append(text)
    }
    return levels
  }

  @inline(__always)
  private func matches(_ text: UnsafeBufferPointer<UInt8>, level: Int) -> Bool {
    let start = starts[level]
    guard starts[level + 1] - start == text.count else { return false }
    for index in 0..<text.count where bytes[start + index] != text[index] { return false }
    return true
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    for (level, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(level)
    }
  }

  /// FNV-1a over the bytes with a final mix, so that the low bits depend on all of them.
  private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash ^ (hash >> 32)
  }
}
