import Foundation
import Messages

/// A server in Python, in a folder that is gone with it.
final class Peer: Sendable {
  static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

  /// Whether this machine can run one.
  static let isThere = ["python3", "openssl"].allSatisfy { name in
    ["/usr/bin", "/usr/local/bin", "/bin"].contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
    }
  }

  let folder: URL
  let port: Int
  private let process: Process
  private let input: Pipe

  /// A mail server with a certificate of its own making.
  static func mail(_ options: [String] = []) throws -> Peer {
    let folder = try scratch()
    try run(
      [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        "-keyout", "key.pem", "-out", "certificate.pem",
      ], in: folder)
    return try Peer(
      ["smtp_server.py", folder.path, "certificate.pem", "key.pem"] + options, in: folder)
  }

  /// A gateway.
  static func web() throws -> Peer {
    let folder = try scratch()
    return try Peer(["web_server.py", folder.path], in: folder)
  }

  private init(_ arguments: [String], in folder: URL) throws {
    self.folder = folder
    process = Process()
    input = Pipe()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["python3", Self.fixtures.appending(path: arguments[0]).path] + arguments.dropFirst()
    process.currentDirectoryURL = folder
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw CocoaError(.fileReadUnknown)
    }
    self.port = port
  }

  deinit {
    // Threads of Swift's tasks block signals, and so do their children; this one nobody blocks.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: folder)
  }

  var certificate: String { folder.appending(path: "certificate.pem").path }

  /// What was received, oldest first.
  func received(_ suffix: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(suffix) }.sorted {
        $0.count == $1.count ? $0 < $1 : $0.count < $1.count
      }
      .map { try String(contentsOf: folder.appending(path: $0), encoding: .utf8) }
  }

  static func scratch() throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "longwell-peer-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  private static func run(_ arguments: [String], in folder: URL) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
  }
}

extension OutgoingMessage {
  static func sample(
    to address: String = "ann@example.org", name: String? = "Ann", subject: String = "A survey",
    body: String = "Hello.\n.\nA dot alone above.\n"
  ) -> OutgoingMessage {
    OutgoingMessage(
      id: UUID(), kind: "opening", language: "en",
      sender: Mailbox(name: "Study team", address: "team@example.org"),
      recipient: Mailbox(name: name, address: address), subject: subject, body: body,
      unsubscribe: URL(string: "https://study.example.org/p/ABC/unsubscribe"),
      date: Date(timeIntervalSince1970: 1_804_672_800))
  }
}
