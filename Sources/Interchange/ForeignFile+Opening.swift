package import Foundation

extension ForeignFile {
  /// The largest file that is read. The largest forms in use have some ten megabytes.
  private static let mostBytes = 64 << 20

  /// Opens a file, or the folder of a ReproSchema activity, with the way to its neighbours: regular files
  /// below its folder, links followed only if they stay there.
  ///
  /// - Throws: ``ImportProblem`` where there is nothing that can be read.
  package static func open(_ url: URL) throws(ImportProblem) -> ForeignFile {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw ImportProblem(.unreadable, "\(url.relativePath): there is no such file or folder")
    }
    let file = isFolder.boolValue ? try schema(inside: url) : url
    let folder = file.deletingLastPathComponent().resolvingSymlinksInPath()
    let root = isFolder.boolValue ? url.resolvingSymlinksInPath() : folder
    guard let bytes = bytes(of: file) else {
      throw ImportProblem(
        .unreadable,
        "\(file.relativePath): found no regular file of at most \(mostBytes >> 20) MB that can be read"
      )
    }
    return ForeignFile(name: file.lastPathComponent, bytes: bytes) { path in
      guard !path.hasPrefix("/"), !path.unicodeScalars.contains("\0"), path.utf8.count < 1024 else {
        return nil
      }
      let neighbour = folder.appending(path: path).standardizedFileURL.resolvingSymlinksInPath()
      guard neighbour.path.hasPrefix(root.path + "/") else { return nil }
      return Self.bytes(of: neighbour)
    }
  }

  private static func bytes(of url: URL) -> [UInt8]? {
    let path = url.resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
      attributes[.type] as? FileAttributeType == .typeRegular,
      let size = attributes[.size] as? Int, size <= mostBytes,
      let data = try? Data(contentsOf: url)
    else { return nil }
    return Array(data)
  }

  /// The schema of the activity in a folder: the one file whose name says so.
  private static func schema(inside folder: URL) throws(ImportProblem) -> URL {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.sorted() ?? []
    let schemas = names.filter { name in
      let stem = name.split(separator: ".").first.map(String.init) ?? name
      return (stem.hasSuffix("_schema") || stem.hasSuffix("-schema") || stem == "activity")
        && !name.hasSuffix(".yaml")
    }
    guard let only = schemas.first, schemas.count == 1 else {
      let found = schemas.isEmpty ? "no file" : schemas.joined(separator: ", ")
      throw ImportProblem(
        .wrongFormat,
        "\(folder.relativePath): found \(found), expected one file named …_schema, as the folder of a "
          + "ReproSchema activity has; other formats are files")
    }
    return folder.appending(path: only)
  }
}
