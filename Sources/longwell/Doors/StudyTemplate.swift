import Foundation
import Instruments

/// The example studies that travel inside the binary.
enum StudyTemplate {
  /// The names of the templates, in order.
  static var names: [String] {
    let folders = EmbeddedFile.inside("studies").compactMap { $0.path.split(separator: "/").first }
    return Set(folders.map(String.init)).sorted()
  }

  /// Writes a template's files and its analysis plan to a new or empty folder.
  ///
  /// - Throws: ``CommandFailure`` for an unknown template or a folder that holds something.
  static func write(_ name: String, to folder: URL) throws {
    let files = EmbeddedFile.inside("studies/\(name)")
    guard !files.isEmpty else {
      throw CommandFailure(
        .usage,
        "found the template \(TerminalText.safe(name)), expected one of \(names.joined(separator: ", "))"
      )
    }
    let manager = FileManager.default
    if manager.fileExists(atPath: folder.path) {
      guard try manager.contentsOfDirectory(atPath: folder.path).isEmpty else {
        throw CommandFailure(
          .refused, "\(folder.path): the folder is not empty; name a new one, nothing was written")
      }
    }
    for (path, file) in files { try write(file.bytes, to: folder.appending(path: path)) }
    if let plan = EmbeddedFile.at("analysis/\(name).yaml") {
      try write(plan.bytes, to: folder.appending(path: plan.path))
    }
    try write(Array("data/\n".utf8), to: folder.appending(path: ".gitignore"))
  }

  private static func write(_ bytes: [UInt8], to url: URL) throws {
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url, options: .withoutOverwriting)
  }
}
