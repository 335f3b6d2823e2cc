internal import Archives
internal import Glibc

/// The bytes of an export, in order, once.
protocol ByteSource {
  /// Puts the next bytes into memory.
  ///
  /// - Returns: how many there were; 0 at the end.
  func read(into memory: UnsafeMutableRawBufferPointer) throws(LogProblem) -> Int
}

/// A file, read from its beginning. A class because it owns the descriptor.
final class FileBytes: ByteSource {
  private let descriptor: Int32

  /// - Throws: `.unreadable`.
  init(path: String) throws(LogProblem) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw LogProblem(.unreadable) }
  }

  deinit { close(descriptor) }

  func read(into memory: UnsafeMutableRawBufferPointer) throws(LogProblem) -> Int {
    while true {
      let count = Glibc.read(descriptor, memory.baseAddress, memory.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw LogProblem(.unreadable) }
      return count
    }
  }
}

/// Bytes in memory that stay where they are while they are read. A class because it keeps its place.
final class MemoryBytes: ByteSource {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var place = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  func read(into memory: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(memory.count, bytes.count - place)
    memory.copyBytes(from: bytes[place..<(place + count)])
    place += count
    return count
  }
}

/// The current file of a zip.
struct EntryBytes: ByteSource {
  let archive: ZipReader

  func read(into memory: UnsafeMutableRawBufferPointer) throws(LogProblem) -> Int {
    do throws(ArchiveProblem) { return try archive.read(into: memory) } catch {
      throw LogProblem(.archive(error))
    }
  }
}
