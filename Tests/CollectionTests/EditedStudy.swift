import Definitions
import Foundation
import Studies
import Testing

/// A copy of a fixture's folder, the small study's by default, to be edited.
final class EditedStudy {
  let url = FileManager.default.temporaryDirectory
    .appendingPathComponent("longwell-edited-\(UUID().uuidString)")

  init(_ fixture: String = "small") throws {
    try FileManager.default.copyItem(
      at: Stage.fixtures.appendingPathComponent(fixture), to: url)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func edit(_ file: String, edits: [(String, String)]) throws {
    let path = url.appendingPathComponent(file)
    var text = try String(contentsOf: path, encoding: .utf8)
    for (old, new) in edits {
      try #require(text.contains(old), "nothing to edit: \(old)")
      text = text.replacing(old, with: new)
    }
    try Data(text.utf8).write(to: path)
  }

  func folder() throws -> StudyFolder {
    var problems = Problems()
    let folder = StudyFolder.load(directory: url, problems: &problems)
    return try #require(folder, "\(problems.list)")
  }
}
