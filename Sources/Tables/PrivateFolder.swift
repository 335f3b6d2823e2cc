package import Foundation

/// A folder that data about people are written to: what is made here, only its owner can read.
///
/// A folder that was there keeps its permissions; the files in it are the owner's all the same.
package struct PrivateFolder: Sendable {
  /// Where it is.
  package let url: URL

  package init(_ url: URL) { self.url = url }

  /// Writes a file as a whole or not at all, making the folders on the way.
  ///
  /// - Parameter path: where, within the folder; a file that is there is replaced.
  /// - Throws: the file system's error.
  package func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    let file = url.appending(path: path)
    let folder = file.deletingLastPathComponent()
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let part = folder.appending(path: ".\(file.lastPathComponent).\(UUID().uuidString)")
    let descriptor = open(part.path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
    guard descriptor >= 0 else { throw Self.failure(file) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try handle.write(contentsOf: Data(bytes))
      try handle.close()
      guard rename(part.path, file.path) == 0 else { throw Self.failure(file) }
    } catch {
      try? FileManager.default.removeItem(at: part)
      throw error
    }
  }

  private static func failure(_ file: URL) -> CocoaError {
    let code: CocoaError.Code = errno == ENOSPC ? .fileWriteOutOfSpace : .fileWriteNoPermission
    return CocoaError(code, userInfo: [NSFilePathErrorKey: file.path])
  }
}
