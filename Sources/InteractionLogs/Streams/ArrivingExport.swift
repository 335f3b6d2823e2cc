internal import Archives
internal import Synchronization

/// An export as it arrives, piece by piece, in memory alone. It is overwritten when it is let go of, and
/// so is all that the process frees while it is there: the network's own buffers hold pieces of it.
package final class ArrivingExport: Sendable {
  private let bytes: Mutex<WipedBytes>

  /// - Parameter capacity: how many bytes are expected; as many can come without being moved.
  package init(capacity: Int) {
    bytes = Mutex(WipedBytes(capacity: capacity))
    FreedMemory.beginOverwriting()
  }

  deinit { FreedMemory.endOverwriting() }

  /// How many bytes have come.
  package var count: Int { bytes.withLock { $0.count } }

  /// Takes the next piece.
  package func append(_ piece: ArraySlice<UInt8>) {
    bytes.withLock { bytes in piece.withUnsafeBufferPointer { bytes.append($0) } }
  }

  /// Reads what has come.
  ///
  /// - Throws: ``LogProblem`` that says what was found and what was expected, without content.
  package func read(options: LogOptions) throws(LogProblem) -> InteractionLog {
    try bytes.withLock { (bytes) throws(LogProblem) in
      try InteractionLog.read(bytes.bytes, options: options)
    }
  }
}
