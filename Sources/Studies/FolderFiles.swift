import Definitions
import Foundation

/// Reads files below one folder and nowhere else.
struct FolderFiles {
  let directory: URL

  enum Content {
    case bytes([UInt8])
    /// There is no such file.
    case absent
    /// There is one, but it was reported and not read.
    case refused
  }

  /// A consent text of a megabyte is not read by anyone; a larger file is a mistake.
  static let sizeLimit = 1_000_000

  /// A path as the user would type it.
  func displayed(_ path: String) -> String {
    let folder = directory.relativePath
    return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
  }

  func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: directory.appending(path: path).path)
  }

  /// The folders in a folder below, by name.
  func folders(in folder: String) -> [String] {
    let root = directory.appending(path: folder)
    let names = try? FileManager.default.contentsOfDirectory(atPath: root.path)
    return (names ?? []).filter { name in
      var isFolder: ObjCBool = false
      return !name.hasPrefix(".")
        && FileManager.default.fileExists(
          atPath: root.appending(path: name).path, isDirectory: &isFolder)
        && isFolder.boolValue
    }.sorted()
  }

  /// The YAML files of a folder below, by name.
  func definitions(in folder: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: directory.appending(path: folder).path)
    return (names ?? []).filter { $0.hasSuffix(".yaml") && !$0.hasPrefix(".") }.sorted()
      .map { "\(folder)/\($0)" }
  }

  /// The bytes of a file. Reports a study file that is absent, and anything that is no plain file
  /// inside the folder, links that lead out of it included.
  func read(_ path: String, problems: inout Problems) -> Content {
    let place = Place.whole(displayed(path))
    let file = directory.appending(path: path).resolvingSymlinksInPath()
    let root = directory.resolvingSymlinksInPath().path
    guard file.path.hasPrefix(root == "/" ? root : root + "/") else {
      problems.report(
        at: place, found: "a link that leads out of the study folder", expected: "a file inside it")
      return .refused
    }
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: file.path) else {
      if path == "study.yaml" {
        problems.report(at: place, found: "no such file", expected: "a study file")
      }
      return .absent
    }
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      problems.report(at: place, found: "something that is no file", expected: "a file")
      return .refused
    }
    guard let size = attributes[.size] as? Int, size <= FolderFiles.sizeLimit else {
      problems.report(
        at: place, found: "a file of more than \(FolderFiles.sizeLimit) bytes",
        expected: "a smaller one")
      return .refused
    }
    guard let data = try? Data(contentsOf: file) else {
      problems.report(at: place, found: "a file that cannot be read", expected: "a readable file")
      return .refused
    }
    return .bytes(Array(data))
  }
}
