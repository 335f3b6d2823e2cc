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
    return buffer.bytes.elementsEqual([0x50, 0x4B, 0x03, 0x04])
  }

  /// Reads an export that is in memory, such as an upload; it is never on disk.
  ///
  /// - Throws: as ``read(path:options:)``.
  package static func read(
    _ bytes: [UInt8], options: LogOptions
  ) throws(LogProblem) -> InteractionLog {
    defer { longwell_overwrite_stack() }
    var reading = try LogReading(options: options)
    try reading.read(MemoryBytes(bytes), levels: 2)
    return try reading.finish()
  }
}
