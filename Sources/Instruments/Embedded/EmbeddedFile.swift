internal import CEmbedded

/// A file that travels inside the binary.
package struct EmbeddedFile: Hashable, Sendable {
  /// Its path from the top of the repository: `instruments/needs-24.yaml`.
  package let path: String
  /// Its bytes.
  package let bytes: [UInt8]

  /// Every embedded file, by path.
  package static func all() -> [EmbeddedFile] { files { _ in true } }

  /// The embedded files whose path begins with a folder's, with the path inside that folder.
  ///
  /// - Parameter folder: without a slash at the end: `studies/quickstart`.
  package static func inside(_ folder: String) -> [(path: String, file: EmbeddedFile)] {
    files { $0.hasPrefix("\(folder)/") }
      .map { (String($0.path.dropFirst(folder.count + 1)), $0) }
  }

  /// The embedded file at a path from the top of the repository.
  package static func at(_ path: String) -> EmbeddedFile? {
    files { $0 == path }.first
  }

  /// Those with wanted paths; only their bytes are copied.
  private static func files(where isWanted: (String) -> Bool) -> [EmbeddedFile] {
    (0..<longwell_embedded_count()).compactMap { index in
      let file = longwell_embedded_file(index)
      let path = String(cString: file.path)
      guard isWanted(path) else { return nil }
      return EmbeddedFile(
        path: path, bytes: Array(UnsafeBufferPointer(start: file.bytes, count: file.count)))
    }
  }
}
