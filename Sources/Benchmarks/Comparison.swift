import Foundation

/// One row of the table: what was measured, and beside it what others take for the same.
enum Comparison {
  /// Prints our figures.
  static func ours(_ work: String, _ ours: Measurement) { print("  \(work): \(ours.text)") }

  /// Prints a peer's figures and its ratio to ours in processor time, or that it is not there.
  ///
  /// - Parameters:
  ///   - share: What part of our work the peer did, such as 20 of 1000 replicates.
  ///   - target: The ratio that is aimed at.
  static func peer(
    _ name: String, _ peer: Measurement?, ours: Measurement, share: Double = 1, target: Double?
  ) {
    guard let peer else { return print("    \(name): not installed, skipped") }
    let ratio = peer.processorMedian / share / ours.processorMedian
    let verdict = target.map {
      String(format: " (target %.0f ×%@)", $0, ratio >= $0 ? "" : ": missed")
    }
    print("    \(name): \(peer.text): \(String(format: "%.0f", ratio)) × ours\(verdict ?? "")")
  }

  /// Whether rows that take minutes are measured too: `--long`.
  static var isLong: Bool { CommandLine.arguments.contains("--long") }

  /// A folder for the data of one benchmark, removed afterwards.
  static func withFile(_ bytes: Data, _ body: (String) throws -> Void) throws {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "longwell-bench-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try bytes.write(to: file)
    try body(file.path)
  }
}
