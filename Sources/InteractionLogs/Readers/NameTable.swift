internal import Glibc

/// Positions of ids, without making strings of them: a hash table with open addressing.
struct NameTable {
  private var names: [UnsafeBufferPointer<UInt8>] = []
  private var hashes: [UInt64] = []
  /// One more than a position; 0 is free. The count is a power of two.
  private var slots = [Int32](repeating: 0, count: 256)

  mutating func clear() {
    names.removeAll(keepingCapacity: true)
    hashes.removeAll(keepingCapacity: true)
    for place in slots.indices { slots[place] = 0 }
  }

  /// The position of a name, the next one when it is new.
  mutating func position(of name: UnsafeBufferPointer<UInt8>) -> Int {
    // A message names its parent, which most often is the one before it.
    let before = names.count - 2
    if before >= 0, !name.isEmpty, Self.areEqual(names[before], name) { return before }
    let hash = NameHash.of(name)
    var place = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[place] != 0 {
      let position = Int(slots[place]) - 1
      if hashes[position] == hash, Self.areEqual(names[position], name) { return position }
      place = (place + 1) & (slots.count - 1)
    }
    names.append(name)
    hashes.append(hash)
    slots[place] = Int32(names.count)
    if names.count * 2 > slots.count { grow() }
    return names.count - 1
  }

  /// The next position, for something without a name.
  mutating func addUnnamed() -> Int {
    names.append(UnsafeBufferPointer(start: nil, count: 0))
    hashes.append(0)
    return names.count - 1
  }

  /// Whether one name's bytes come before another's.
  func isBefore(_ one: Int, _ other: Int) -> Bool {
    names[one].isEmpty && names[other].isEmpty
      ? one < other : names[one].lexicographicallyPrecedes(names[other])
  }

  private mutating func grow() {
    slots = [Int32](repeating: 0, count: slots.count * 4)
    for (position, hash) in hashes.enumerated() where !names[position].isEmpty {
      var place = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[place] != 0 { place = (place + 1) & (slots.count - 1) }
      slots[place] = Int32(position + 1)
    }
  }

  private static func areEqual(
    _ one: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard one.count == other.count else { return false }
    guard let start = one.baseAddress, let second = other.baseAddress else { return true }
    return memcmp(start, second, one.count) == 0
  }
}

/// Hashes of names that are different in every process, so that nobody can write names that collide, and that say
/// nothing about the names elsewhere.
enum NameHash {
  private static let seed = UInt64(bitPattern: Int64(Hasher().finalize()))

  /// Eight bytes at a time, mixed by multiplication.
  static func of(_ name: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = seed ^ UInt64(name.count)
    var place = 0
    let raw = UnsafeRawBufferPointer(name)
    while place + 8 <= raw.count {
      mix(raw.loadUnaligned(fromByteOffset: place, as: UInt64.self), into: &hash)
      place += 8
    }
    if place > 0, place < raw.count {
      // The last eight bytes, of which some were there before.
      mix(raw.loadUnaligned(fromByteOffset: raw.count - 8, as: UInt64.self), into: &hash)
    } else {
      while place < raw.count {
        hash = (hash ^ UInt64(raw[place])) &* 0x0000_0100_0000_01B3
        place += 1
      }
    }
    return hash ^ (hash >> 32)
  }

  @inline(__always)
  private static func mix(_ word: UInt64, into hash: inout UInt64) {
    let product = (hash ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    hash = product.high ^ product.low
  }
}
