internal import CEmbedded

/// A file that travels inside the binary.
package struct EmbeddedFile: Hashable, Sendable {
  /// Its path from the top of the repository: `instruments/needs-24.yaml`.
  package let path: String
  /// Its bytes.
  package let bytes: [UInt8]

  /// Every embedded file, by path.
  package static func all() -> [EmbeddedFile] {
    (0..<longwell_embedded_count()).map { index in
      let file = longwell_embedded_file(index)
      return EmbeddedFile(
        path: String(cString: file.path),
        bytes: Array(UnsafeBufferPointer(start: file.bytes, count: file.count)))
    }
  }

  /// The embedded files whose path begins with a folder's, with the path inside that folder.
  ///
  /// - Parameter folder: without a slash at the end: `studies/quickstart`.
  package static func inside(_ folder: String) -> [(path: String, file: EmbeddedFile)] {
    all().filter { $0.path.hasPrefix("\(folder)/") }
      .map { (String($0.path.dropFirst(folder.count + 1)), $0) }
  }

  /// The embedded file at a path from the top of the repository.
  package static func at(_ path: String) -> EmbeddedFile? {
    all().first { $0.path == path }
  }
}
