import Foundation

/// The top of the repository.
let repository = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The bytes of a file of the repository.
func bytes(_ path: String) throws -> [UInt8] {
  Array(try Data(contentsOf: repository.appending(path: path)))
}

/// The text of a file of the repository.
func text(_ path: String) throws -> String {
  String(decoding: try bytes(path), as: UTF8.self)
}
