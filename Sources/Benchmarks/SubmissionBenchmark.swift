import Collection
import Definitions
import Foundation
import Identities
import Storage
import Studies

/// How many participants can submit at once: `longwell serve` takes the 24 answers of needs-24 and the
/// submission, each on disk before it is acknowledged, from 64 connections.
///
/// The bound replays the rows that this wrote with Python's `sqlite3`, one transaction for each 64
/// submissions. The peer is a small server of Python's `http.server` and `sqlite3` with the same rows,
/// scores, a hashed event and one durable transaction for each submission, in one request.
enum SubmissionBenchmark {
  private static let people = 4000
  private static let connections = 64
  private static let views = 4000
  private static let items = (1...24).map { String(format: "n%02d", $0) }

  private static let study = """
    id: submissions
    version: 1.0.0
    title: Submissions
    languages: [en]
    timezone: participant
    contact: { name: Study team, email: team@example.org }
    consent:
      version: 1
      text: consent.md
      parts: [{ id: surveys, required: true }]
    occasions:
      - { id: baseline, at: enrolment, open_for: 3d, instruments: [needs-24] }
    """

  static func run() async throws {
    let command = Bundle.main.executableURL?.deletingLastPathComponent().appending(path: "longwell")
    guard let command, FileManager.default.isExecutableFile(atPath: command.path) else {
      return print("longwell serve: the command is not built beside this one; skipped")
    }
    print(
      "Submissions of 24 answers by \(people) people at \(connections) connections, each on disk "
        + "before it is acknowledged")
    let scratch = FileManager.default.temporaryDirectory
      .appending(path: "longwell-bench-\(UUID().uuidString)", directoryHint: .isDirectory)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let folder = scratch.appending(path: "study", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(study.utf8).write(to: folder.appending(path: "study.yaml"))
    try Data("What taking part means.\n".utf8).write(to: folder.appending(path: "consent.md"))
    let environment = ProcessInfo.processInfo.environment.merging(
      ["HOME": scratch.path, "LONGWELL_KEYS": scratch.appending(path: "keys").path]
    ) { $1 }

    let first = ServerProcess(
      command, ["enrol", folder.path, "--test", "--agree", "surveys", "--zone", "UTC"], environment)
    try first.run()
    let database = folder.appending(path: "data/longwell.db")
    let visitors = try await enrol(at: database, keys: scratch.appending(path: "keys"))
    let before = scratch.appending(path: "before.db")
    try FileManager.default.copyItem(at: database, to: before)

    let server = ServerProcess(
      command, ["serve", folder.path, "--port", "0", "--json"], environment)
    let port = try port(in: try server.firstLine())
    let pages = try HTTPLoad.run(
      (0..<views).map {
        let visitor = visitors[$0 % people]
        return [
          HTTPConnection.request(
            "GET", "/p/\(visitor.token)/s/\(visitor.session)/1", port: port)
        ]
      }, connections: connections, port: port)
    let load = try HTTPLoad.run(
      visitors.map { work($0, port: port) }, connections: connections, port: port)
    try server.stop()
    print("  longwell serve: \(load.text)")

    if let seconds = try bound(before: before, after: database) {
      let rate = Double(people) / seconds
      print(
        String(
          format: "    bound: %.0f a second by SQLite alone, one transaction for each 64; ours is "
            + "%.2f of it (0.3 wanted)", rate, load.rate / rate))
    } else {
      print("    bound: no python3 here; skipped")
    }
    if let peer = try python(scratch) {
      print("    Python's http.server and sqlite3: \(peer.text)")
      print(String(format: "    ours is %.1f times as many (4 wanted)", load.rate / peer.rate))
    } else {
      print("    Python's http.server and sqlite3: no python3 here; skipped")
    }
    print(
      "  views of the first page of questions: \(pages.text), \(pages.bytes / views) bytes each")
  }

  /// Somebody whose session has begun.
  private struct Visitor: Sendable {
    var token: String
    var session: String
  }

  private static func enrol(at url: URL, keys: URL) async throws -> [Visitor] {
    let paths = FileManager.default.enumerator(at: keys, includingPropertiesForKeys: nil)
    guard
      let key = paths?.lazy.compactMap({ $0 as? URL }).first(where: {
        $0.lastPathComponent == "links.key"
      })
    else { throw HTTPConnection.Failure(description: "no key of the links was made") }
    let database = try ResearchDatabase.open(at: url, mode: .existing, secrets: .system)
    let now = Date()
    let desk = try await StudyDesk.open(
      database, allocationSeed: 0, linkKey: SecretKey.load(from: key), now: now)
    let visitors = try await database.write { transaction in
      var generator = SeededGenerator(seed: 1)
      return try (0..<people).map { _ in
        let person = try desk.enrol(
          Enrolment(zone: "Europe/Amsterdam"), agreeingTo: ["surveys"], now: now,
          using: &generator, in: transaction
        ).participant.pseudonym
        let due = try desk.due(of: person, now: now, in: transaction)
        let session = try desk.begin(due[0].occasion.uuid, of: person, now: now, in: transaction)
        return Visitor(
          token: try desk.token(of: person, now: now, in: transaction).text,
          session: session.session.uuid.uuidString.lowercased())
      }
    }
    try database.close()
    return visitors
  }

  private static func work(_ visitor: Visitor, port: Int) -> [[UInt8]] {
    let fields = [
      ("Authorization", "Bearer \(visitor.token)"), ("Content-Type", "application/json"),
    ]
    let path = "/api/v1/sessions/\(visitor.session)"
    return [
      HTTPConnection.request(
        "POST", path + "/answers", port: port, fields: fields + [("Idempotency-Key", "page-1")],
        body: #"{"instrument":"needs-24","answers":{\#(answers)}}"#),
      HTTPConnection.request("POST", path + "/submission", port: port, fields: fields),
    ]
  }

  private static let answers = items.enumerated()
    .map { "\"\($0.element)\":\($0.offset % 5 + 1)" }.joined(separator: ",")

  /// The port that a server says it listens at: the number that its line ends with.
  private static func port(in line: String) throws -> Int {
    guard let port = line.matches(of: #/[0-9]+/#).last.flatMap({ Int($0.output) }) else {
      throw HTTPConnection.Failure(description: "no port in \(line)")
    }
    return port
  }

  // MARK: Beside it

  /// Seconds that SQLite takes for the rows that are in one database and not in the other.
  private static func bound(before: URL, after: URL) throws -> Double? {
    let script = """
      import sqlite3, sys, time
      before, after, people = sys.argv[1], sys.argv[2], int(sys.argv[3])
      old, new = sqlite3.connect(after), sqlite3.connect(before, isolation_level=None)
      new.execute('PRAGMA journal_mode = WAL'); new.execute('PRAGMA synchronous = FULL')
      names = [n for n, in old.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND "
        "name NOT LIKE 'sqlite_%'")]
      pieces = -(-people // 64)
      batches = [[] for _ in range(pieces)]
      for name in names:
          info = new.execute(f'PRAGMA table_info({name})').fetchall()
          columns = [c[1] for c in info]
          places = [c[0] for c in sorted(info, key=lambda c: c[5]) if c[5]]
          key = lambda row: tuple(row[place] for place in places)
          known = {key(row): row for row in new.execute(f'SELECT * FROM {name}')}
          rows = [row for row in old.execute(f'SELECT * FROM {name}') if known.get(key(row)) != row]
          if not rows: continue
          added = [row for row in rows if key(row) not in known]
          changed = [row + key(row) for row in rows if key(row) in known]
          insert = f"INSERT INTO {name} VALUES ({','.join('?' * len(columns))})"
          update = (f"UPDATE {name} SET {','.join(c + ' = ?' for c in columns)} WHERE "
            + ' AND '.join(columns[place] + ' = ?' for place in places))
          for sql, all in ((insert, added), (update, changed)):
              size = -(-len(all) // pieces)
              for piece in range(pieces):
                  part = all[piece * size:(piece + 1) * size]
                  if part: batches[piece].append((sql, part))
      new.execute('PRAGMA foreign_keys = OFF')
      begin = time.perf_counter()
      for batch in batches:
          new.execute('BEGIN IMMEDIATE')
          for sql, rows in batch: new.executemany(sql, rows)
          new.execute('COMMIT')
      print(time.perf_counter() - begin)
      """
    let process = ServerProcess(
      URL(filePath: "/usr/bin/env"),
      ["python3", "-c", script, before.path, after.path, "\(people)"],
      ProcessInfo.processInfo.environment)
    guard let line = try? process.firstLine() else { return nil }
    try process.finish()
    return Double(line)
  }

  /// What a small server in Python comes to.
  private static func python(_ scratch: URL) throws -> HTTPLoad.Outcome? {
    let script = """
      import hashlib, http.server, json, sqlite3, sys, threading
      path, people = sys.argv[1], int(sys.argv[2])
      db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
      db.executescript('''
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        CREATE TABLE sessions (id INTEGER PRIMARY KEY, token TEXT UNIQUE, state TEXT, submitted REAL);
        CREATE TABLE responses (id INTEGER PRIMARY KEY, session INTEGER, item TEXT, number REAL,
          at REAL, UNIQUE (session, item));
        CREATE TABLE scores (id INTEGER PRIMARY KEY, session INTEGER, name TEXT, value REAL,
          UNIQUE (session, name));
        CREATE TABLE events (id INTEGER PRIMARY KEY, content BLOB, previous TEXT, hash TEXT);''')
      db.execute('BEGIN')
      db.executemany("INSERT INTO sessions (token, state) VALUES (?, 'open')",
        [(hashlib.sha256(f'{n}'.encode()).hexdigest(),) for n in range(people)])
      db.execute('COMMIT')
      lock, last = threading.Lock(), '0' * 64
      scores = {f's{k}': [f'n{i:02d}' for i in range(k + 1, 25, 6)] for k in range(6)}
      scores |= {'even': [f'n{i:02d}' for i in range(2, 25, 2)], 'odd': [f'n{i:02d}' for i in range(1, 25, 2)]}
      class Handler(http.server.BaseHTTPRequestHandler):
          protocol_version = 'HTTP/1.1'
          def log_message(self, *_): pass
          def do_POST(self):
              global last
              body = self.rfile.read(int(self.headers['Content-Length']))
              answers = json.loads(body)['answers']
              token = hashlib.sha256(self.headers['Authorization'][7:].encode()).hexdigest()
              with lock:
                  db.execute('BEGIN IMMEDIATE')
                  session, = db.execute('SELECT id FROM sessions WHERE token = ?', (token,)).fetchone()
                  db.executemany('INSERT INTO responses (session, item, number, at) VALUES (?, ?, ?, 0)',
                    [(session, item, number) for item, number in answers.items()])
                  db.executemany('INSERT INTO scores (session, name, value) VALUES (?, ?, ?)',
                    [(session, name, sum(answers[i] for i in items) / len(items))
                      for name, items in scores.items()])
                  hash = hashlib.sha256(last.encode() + body).hexdigest()
                  db.execute('INSERT INTO events (content, previous, hash) VALUES (?, ?, ?)',
                    (body, last, hash))
                  last = hash
                  db.execute("UPDATE sessions SET state = 'submitted', submitted = 0 WHERE id = ?", (session,))
                  db.execute('COMMIT')
              self.send_response(200)
              self.send_header('Content-Length', '2')
              self.end_headers()
              self.wfile.write(b'{}')
      class Server(http.server.ThreadingHTTPServer):
          request_queue_size = 128
      server = Server(('127.0.0.1', 0), Handler)
      print(server.server_port, flush=True)
      server.serve_forever()
      """
    let process = ServerProcess(
      URL(filePath: "/usr/bin/env"),
      ["python3", "-c", script, scratch.appending(path: "peer.db").path, "\(people)"],
      ProcessInfo.processInfo.environment)
    guard let line = try? process.firstLine() else { return nil }
    defer { process.kill() }
    let port = try port(in: line)
    let body = #"{"answers":{\#(answers)}}"#
    return try HTTPLoad.run(
      (0..<people).map {
        [
          HTTPConnection.request(
            "POST", "/submit", port: port, fields: [("Authorization", "Bearer \($0)")], body: body)
        ]
      }, connections: connections, port: port)
  }
}

/// A program that runs beside the benchmark.
final class ServerProcess {
  private let process = Process()
  private let output = Pipe()

  init(_ program: URL, _ arguments: [String], _ environment: [String: String]) {
    process.executableURL = program
    process.arguments = arguments
    process.environment = environment
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
  }

  /// Starts it and waits for the first line that it prints.
  func firstLine() throws -> String {
    try process.run()
    var line: [UInt8] = []
    while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first {
      guard byte != UInt8(ascii: "\n") else { return String(decoding: line, as: UTF8.self) }
      line.append(byte)
    }
    throw HTTPConnection.Failure(description: "the program said nothing")
  }

  /// Runs it to its end, and fails unless it ends well.
  func run() throws {
    try process.run()
    try finish()
  }

  /// Waits for the end of what was started, and fails unless it ends well.
  func finish() throws {
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw HTTPConnection.Failure(description: "the program failed: \(process.terminationStatus)")
    }
  }

  /// Ends it at once.
  func kill() {
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Asks it to end, and waits.
  func stop() throws {
    process.terminate()
    process.waitUntilExit()
  }
}
