internal import Foundation

/// Bytes of somebody's text while it is being measured: overwritten when they are let go of.
struct WipedBytes: ~Copyable {
  private var storage: UnsafeMutableBufferPointer<UInt8>
  private(set) var count = 0

  init(capacity: Int) {
    storage = .allocate(capacity: max(capacity, 64))
  }

  deinit {
    Self.wipe(UnsafeMutableBufferPointer(rebasing: storage[..<count]))
    storage.deallocate()
  }

  /// What was written so far; valid until the next change.
  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: storage[..<count]) }

  /// Forgets, and overwrites, what was written.
  mutating func removeAll() {
    Self.wipe(UnsafeMutableBufferPointer(rebasing: storage[..<count]))
    count = 0
  }

  mutating func append(_ byte: UInt8) {
    reserve(1)
    storage[count] = byte
    count += 1
  }

  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress, let target = reserve(bytes.count) else { return }
    memcpy(target + count, source, bytes.count)
    count += bytes.count
  }

  @discardableResult
  private mutating func reserve(_ more: Int) -> UnsafeMutablePointer<UInt8>? {
    if count + more > storage.count {
      let larger = UnsafeMutableBufferPointer<UInt8>.allocate(
        capacity: max(storage.count * 2, count + more))
      if let target = larger.baseAddress, let source = storage.baseAddress {
        memcpy(target, source, count)
      }
      Self.wipe(UnsafeMutableBufferPointer(rebasing: storage[..<count]))
      storage.deallocate()
      storage = larger
    }
    return storage.baseAddress
  }

  /// Overwrites with zeros, which no optimiser takes out although nobody reads them.
  private static func wipe(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
    guard let base = bytes.baseAddress else { return }
    explicit_bzero(base, bytes.count)
  }
}
