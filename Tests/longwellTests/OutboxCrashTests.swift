import Foundation
import Testing

@Suite(
  "A killed sender sends nothing twice",
  .enabled(if: HangingGateway.isThere, "python3 runs the test's gateway"))
struct OutboxCrashTests {
  @Test("a message in the hands of its carrier is uncertain after a kill, and stays so")
  func killedWhileSending() throws {
    let scratch = try ScratchFolder()
    let gateway = try HangingGateway(in: scratch.url)
    try Self.makeStudy(in: scratch, gateway: gateway)
    let (process, _, _) = try Command.start(["run", "study"], in: scratch.url)
    while process.isRunning, try gateway.requests().isEmpty { usleep(5000) }
    #expect(process.isRunning, "it ended before it could be killed")
    // While one runs, no other may.
    #expect(try Command.run(["run", "study", "--once"], in: scratch.url).status == 3)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()

    for _ in 0..<2 {
      let again = try Command.run(["run", "study", "--once"], in: scratch.url)
      #expect(again.status == 0, "\(again.errors)")
    }
    #expect(try gateway.requests().count == 1)
    let listed = try Command.run(["messages", "study", "--state", "uncertain"], in: scratch.url)
    let id = try #require(listed.output.firstMatch(of: #/[0-9a-f-]{36}/#)).output
    #expect(listed.output.contains("interrupted"))
    #expect(try Command.run(["verify", "study"], in: scratch.url).status == 0)

    let doctor = try Command.run(["doctor", "study"], in: scratch.url)
    #expect(doctor.status == 1)
    #expect(doctor.output.contains("uncertain message: opening for baseline 1"))
    #expect(
      try Command.run(["messages", "study", "--sent", String(id)], in: scratch.url).status == 0)
    let healthy = try Command.run(["doctor", "study"], in: scratch.url)
    #expect(healthy.status == 0, "\(healthy.output)\(healthy.errors)")
  }

  @Test("a signal lets it finish what was begun", arguments: [SIGTERM, SIGINT])
  func stopped(signal: Int32) throws {
    let scratch = try ScratchFolder()
    let gateway = try HangingGateway(in: scratch.url)
    try Self.makeStudy(in: scratch, gateway: gateway)
    let (process, _, _) = try Command.start(["run", "study"], in: scratch.url)
    while process.isRunning, try gateway.requests().isEmpty { usleep(5000) }
    kill(process.processIdentifier, signal)
    try gateway.answer()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 0)
    let listed = try Command.run(["messages", "study", "--json"], in: scratch.url)
    #expect(listed.output.contains(#""state" : "sent""#), "\(listed.output)")
  }

  /// A study of real people with one participant whose baseline is open.
  static func makeStudy(in scratch: ScratchFolder, gateway: HangingGateway) throws {
    _ = try Command.run(["init", "study"], in: scratch.url)
    let file = scratch.url.appending(path: "study/study.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
    try Data((text + "\nmessages: { opening: standard }\n").utf8).write(to: file)
    try Data("webhook: { url: \"http://127.0.0.1:\(gateway.port)/\" }\n".utf8)
      .write(to: scratch.url.appending(path: "study/messages.yaml"))
    let checked = try Command.run(["check", "study"], in: scratch.url)
    #expect(checked.status == 0, "\(checked.output)")
    let enrolled = try Command.run(
      ["enrol", "study", "--agree", "surveys", "--email", "ann@example.org"], in: scratch.url)
    #expect(enrolled.status == 0, "\(enrolled.errors)")
    _ = try Command.run(
      ["link", "study", "--address", "https://study.example.org"], in: scratch.url)
    let keys = try String(
      contentsOf: scratch.url.appending(path: "study/data/keys.path"), encoding: .utf8)
    let secret = URL(filePath: keys.trimmingCharacters(in: .newlines))
      .appending(path: "webhook.secret")
    _ = FileManager.default.createFile(
      atPath: secret.path, contents: Data("shared\n".utf8), attributes: [.posixPermissions: 0o600])
  }
}

/// A gateway that takes a request and answers only when it is told to.
final class HangingGateway: Sendable {
  static let isThere = ["/usr/bin/python3", "/usr/local/bin/python3", "/bin/python3"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Notes each request in a file, then waits for a file `answer`.
  private static let script = """
    import http.server, os, sys, time
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            with open("requests", "a") as file:
                file.write("x")
            while not os.path.exists("answer"):
                time.sleep(0.01)
            self.send_response(204)
            self.end_headers()
        def log_message(self, *arguments):
            pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """

  let port: Int
  private let folder: URL
  private let process: Process

  init(in folder: URL) throws {
    self.folder = folder
    process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", Self.script]
    process.currentDirectoryURL = folder
    process.standardOutput = output
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  deinit {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  func requests() throws -> String {
    (try? String(contentsOf: folder.appending(path: "requests"), encoding: .utf8)) ?? ""
  }

  func answer() throws { try Data().write(to: folder.appending(path: "answer")) }
}
