import Foundation

/// Standard output and standard error, kept apart: results on one, everything else on the other.
enum Console {
  /// Writes one line of result.
  static func out(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }

  /// Writes a file to standard output, byte by byte.
  static func bytes(_ bytes: Data) { FileHandle.standardOutput.write(bytes) }

  /// Writes one line of error, with the command's name before it.
  static func error(_ message: String) {
    raw("longwell: \(message)")
  }

  /// Writes one line to standard error as it stands.
  static func raw(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  /// Writes a value as pretty JSON with sorted keys, for programs to read.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .throw
    FileHandle.standardOutput.write(try encoder.encode(value) + Data("\n".utf8))
  }

  /// Whether a person is watching standard error, so that a moving progress bar makes sense.
  static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether a person is typing on standard input.
  static var isTyped: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }
}
