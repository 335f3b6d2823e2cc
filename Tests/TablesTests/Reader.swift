import Foundation

/// Other programs that read what we write.
///
/// `make test-exports` installs them and sets `LONGWELL_READERS=1`, with which a reader that is not there
/// is a failure; without it, tests are left out where their reader is missing.
enum Reader {
  static let mustRead = ProcessInfo.processInfo.environment["LONGWELL_READERS"] != nil
  static let hasPyreadstat = has([interpreter, "-c", "import pyreadstat"])
  static let hasFrictionless = has([interpreter, "-c", "import frictionless"])
  static let hasHaven = has(["Rscript", "-e", "library(haven)"])
  static let hasR = has(["Rscript", "--version"])

  private static let interpreter = ProcessInfo.processInfo.environment["PYTHON"] ?? "python3"
  private static let scripts = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

  /// What a Python script of the fixtures prints; nil if it fails.
  static func python(_ script: String, _ arguments: String...) throws -> Data? {
    try output(of: [interpreter, scripts.appending(path: script).path] + arguments)
  }

  /// What an R script of the fixtures prints; nil if it fails.
  static func r(_ script: String, _ arguments: String...) throws -> Data? {
    try output(of: ["Rscript", scripts.appending(path: script).path] + arguments)
  }

  private static func has(_ command: [String]) -> Bool {
    ((try? output(of: command)) ?? nil) != nil
  }

  private static func output(of command: [String]) throws -> Data? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? data : nil
  }
}
