import Foundation

/// R, where it is installed with what a comparison needs.
enum Peer {
  /// Runs an R script that prints one number on its last line.
  ///
  /// - Returns: the number, or `nil` where R or one of the packages is missing.
  static func r(_ script: String, packages: [String]) throws -> Double? {
    let needs = packages.map { "requireNamespace('\($0)', quietly = TRUE)" }
      .joined(separator: " && ")
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "Rscript", "--vanilla", "-e",
      "if (!(\(needs))) quit(status = 9)\nsuppressPackageStartupMessages({\(script)})",
    ]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { return nil }
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    let last = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).last
    return last.flatMap { Double($0.split(separator: " ").last ?? "") }
  }
}
