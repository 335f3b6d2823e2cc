import Foundation
import Storage

extension StudyDesk {
  /// The folder of the databases and the files in it that others than their owner may read or
  /// write, by path. They were made the owner's alone; a copy or a careless `chmod` changes that.
  package func exposedFiles() -> [String] {
    let folder = database.url.deletingLastPathComponent()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    func isExposed(_ path: String) -> Bool {
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      let permissions = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0
      return permissions & 0o077 != 0
    }
    // Within a folder that only its owner may enter, nobody else reaches a file.
    guard isExposed(folder.path) else { return [] }
    return [folder.path] + names.sorted().map { folder.appending(path: $0).path }.filter(isExposed)
  }
}
