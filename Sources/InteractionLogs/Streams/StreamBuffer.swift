/// What has been read of a source and is not done with, in one piece of memory.
///
/// A class because it owns memory that held text, which it overwrites when it goes or grows.
final class StreamBuffer {
  /// Bytes are asked for in pieces of this size: large enough that system calls do not count, small
  /// enough for the processor's cache.
  private static let pieceBytes = 1 << 19

  private let source: any ByteSource
  private var memory: UnsafeMutableRawBufferPointer
  /// Where the bytes that are not done with begin and end.
  private var start = 0
  private var end = 0
  /// How much of the memory was ever written; the rest is not even there.
  private var used = 0
  private(set) var isAtEnd = false

  init(_ source: any ByteSource) {
    self.source = source
    memory = .allocate(byteCount: 2 * Self.pieceBytes, alignment: 64)
  }

  deinit { release() }

  private func release() {
    overwrite(UnsafeMutableRawBufferPointer(rebasing: memory[..<used]))
    memory.deallocate()
  }

  /// The bytes that are there, followed by ``JSONParser/padding`` readable ones.
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      UnsafeMutableRawBufferPointer(rebasing: memory[start..<end])
        .assumingMemoryBound(to: UInt8.self))
  }

  /// Is done with the first bytes.
  func drop(_ count: Int) { start += count }

  /// Reads on, keeping what is not done with.
  ///
  /// - Returns: false at the end of the source.
  @discardableResult
  func fill(atMost most: Int = pieceBytes) throws(LogProblem) -> Bool {
    guard !isAtEnd else { return false }
    makeRoom()
    let count = try source.read(
      into: UnsafeMutableRawBufferPointer(
        rebasing: memory[end..<(end + min(most, Self.pieceBytes))]))
    end += count
    used = max(used, end)
    isAtEnd = count == 0
    return !isAtEnd
  }

  /// Everything that is left.
  ///
  /// - Throws: `.noMemory` where it is more than so many bytes.
  func all(atMost most: Int) throws(LogProblem) -> [UInt8] {
    while try fill() { guard bytes.count <= most else { throw LogProblem(.noMemory) } }
    return Array(bytes)
  }

  private func makeRoom() {
    let needed = end - start + Self.pieceBytes + JSONParser.padding
    guard memory.count - end < Self.pieceBytes + JSONParser.padding else { return }
    let kept = UnsafeRawBufferPointer(rebasing: memory[start..<end])
    if needed <= memory.count {
      memory.copyMemory(from: kept)
    } else {
      let other = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(2 * needed, memory.count), alignment: 64)
      other.copyMemory(from: kept)
      release()
      memory = other
      used = kept.count
    }
    (start, end) = (0, kept.count)
  }
}
