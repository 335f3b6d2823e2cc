internal import Archives
internal import CSimdJSON

extension InteractionLog {
  /// Reads the export in a file: a zip, JSON, JSON lines or CSV. Which service it is from, its
  /// structure tells. Memory is bounded by the largest conversation; nothing is written.
  ///
  /// - Throws: ``LogProblem`` that says what was found and what was expected, without content.
  package static func read(
    path: String, options: LogOptions
  ) throws(LogProblem) -> InteractionLog {
    defer { longwell_overwrite_stack() }
    var reading = try LogReading(options: options)
    if try isArchive(path) {
      try reading.readArchive(levels: 1) { () throws(ArchiveProblem) in
        try ZipReader(path: path, limits: options.limits.archive)
      }
    } else {
      try reading.read(FileBytes(path: path), levels: 2)
    }
    return try reading.finish()
  }

  private static func isArchive(_ path: String) throws(LogProblem) -> Bool {
    let buffer = StreamBuffer(try FileBytes(path: path))
    try buffer.fill(atMost: 4)
    return buffer.bytes.elementsEqual(archiveMark)
  }

  /// How a zip with a file begins.
  static let archiveMark: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

  /// Reads an export that is in memory; it is never on disk.
  ///
  /// - Throws: as ``read(path:options:)``.
  package static func read(
    _ bytes: [UInt8], options: LogOptions
  ) throws(LogProblem) -> InteractionLog {
    try bytes.withUnsafeBufferPointer { (memory) throws(LogProblem) in
      try read(memory, options: options)
    }
  }

  /// The same, of bytes that stay where they are meanwhile. Of a zip no copy is made.
  static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, options: LogOptions
  ) throws(LogProblem) -> InteractionLog {
    defer { longwell_overwrite_stack() }
    var reading = try LogReading(options: options)
    if bytes.starts(with: archiveMark) {
      try reading.readArchive(levels: 1) { () throws(ArchiveProblem) in
        try ZipReader(lent: bytes, limits: options.limits.archive)
      }
    } else {
      try reading.read(MemoryBytes(bytes), levels: 2)
    }
    return try reading.finish()
  }

  /// Lets go of logs, overwriting what they were in memory.
  ///
  /// - Parameter body: lets go of the last reference to each.
  package static func forgetting(_ body: () -> Void) { FreedMemory.overwritten(body) }
}
