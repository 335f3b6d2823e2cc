package import Foundation

/// Messages as files, one for each, as mail programs open them: `<id>.eml`.
///
/// For rehearsals, and for labs whose own system picks them up. A file appears whole or not at all;
/// a message that comes again replaces its file with itself.
package struct FileCarrier: Carrier {
  package let channel = Channel.file
  let folder: URL

  /// - Parameter folder: made when it is not there, readable by its owner only: messages hold names,
  ///   addresses and personal links.
  package init(folder: URL) { self.folder = folder }

  package func send(_ message: OutgoingMessage) async throws(CarrierFailure) {
    let name = "\(message.id.uuidString.lowercased()).eml"
    let temporary = folder.appending(path: ".\(name)")
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try? FileManager.default.removeItem(at: temporary)
      let descriptor = open(temporary.path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
      guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
      let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      try handle.write(contentsOf: Data(MailDocument(message: message).bytes))
      try handle.synchronize()
      try handle.close()
      guard rename(temporary.path, folder.appending(path: name).path) == 0 else {
        throw CocoaError(.fileWriteUnknown)
      }
    } catch {
      throw CarrierFailure(.temporary, "the file could not be written")
    }
  }
}
