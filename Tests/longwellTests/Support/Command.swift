import Foundation
import Testing

/// Runs the built `longwell` as a user would.
struct Command {
  /// What a run came to.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The binary beside the test bundle.
  static let binary: URL = {
    let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    return bundle.appending(path: "longwell")
  }()

  /// Starts the command without waiting for it.
  ///
  /// - Returns: the process, its standard input and the pipe of its standard output.
  static func start(_ arguments: [String], in folder: URL) throws -> (
    process: Process, input: FileHandle, output: FileHandle
  ) {
    let process = Process()
    let input = Pipe()
    let output = Pipe()
    process.executableURL = binary
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = environment(folder)
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    return (process, input.fileHandleForWriting, output.fileHandleForReading)
  }

  /// Runs the command to its end.
  ///
  /// - Parameter environment: variables besides those that every run has.
  static func run(
    _ arguments: [String], in folder: URL, input: String = "", environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    let output = folder.appending(path: ".output-\(UUID().uuidString)")
    let errors = folder.appending(path: ".errors-\(UUID().uuidString)")
    let typed = folder.appending(path: ".input-\(UUID().uuidString)")
    defer {
      for file in [output, errors, typed] { try? FileManager.default.removeItem(at: file) }
    }
    for file in [output, errors] {
      _ = FileManager.default.createFile(atPath: file.path, contents: nil)
    }
    try Data(input.utf8).write(to: typed)
    process.executableURL = binary
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = self.environment(folder).merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: typed)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationReason == .exit ? process.terminationStatus : -1,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }

  /// Keys go to the test's folder, never to the home of whoever runs the tests.
  static func environment(_ folder: URL) -> [String: String] {
    var environment = ProcessInfo.processInfo.environment
    environment["LONGWELL_KEYS"] = folder.appending(path: "keys").path
    environment["TZ"] = "UTC"
    return environment
  }
}

/// A folder that is gone after the test.
final class ScratchFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appending(path: "longwell-test-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The bytes of each file below a folder, by path.
  func contents(of folder: String) throws -> [String: Data] {
    let base = url.appending(path: folder)
    var contents: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: base.path) {
      let file = base.appending(path: path)
      var isDirectory: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: file.path, isDirectory: &isDirectory)
      if !isDirectory.boolValue { contents[path] = try Data(contentsOf: file) }
    }
    return contents
  }
}
