import Collection
import Definitions
import Foundation
import Hummingbird
import Identities
import Logging
import NIOCore
import NIOEmbedded
import Storage
import Studies
import Synchronization
import Testing

@testable import Web

/// A study on the web with an empty database in a folder that is gone when the test is, and a client
/// that asks its router without a network.
final class WebStage: Sendable {
  /// Monday 2026-01-12T10:00Z, 11:00 in Amsterdam.
  static let start = Date(timeIntervalSince1970: 1_768_212_000)
  static let origin = "https://study.example.org"

  let folder: URL
  let desk: StudyDesk
  let server: WebServer
  let responder: RouterResponder<WebContext>

  /// The pauses after failures, in seconds, which are not waited for.
  let waits: Shared<[TimeInterval]>

  init(
    _ fixture: String = "everything", address: String = WebStage.origin,
    withIdentities: Bool = false, linkKeySeed: UInt64 = 1
  ) async throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("longwell-web-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let database = try ResearchDatabase.open(
      at: folder.appendingPathComponent("longwell.db"), mode: .create(kind: .real),
      secrets: .system)
    let identities =
      try withIdentities
      ? IdentityDatabase.open(
        at: folder.appendingPathComponent("identities.db"), key: .forRehearsal(seed: 1),
        creating: true) : nil
    desk = try await StudyDesk.open(
      database, identities: identities, publishing: try Self.study(fixture), allocationSeed: 1,
      linkKey: .forRehearsal(seed: linkKeySeed), now: Self.start)
    let now = Shared(WebStage.start)
    let waits = Shared<[TimeInterval]>([])
    self.waits = waits
    server = try WebServer(
      desk,
      settings: WebSettings(
        address: try #require(LinkAddress(address)), host: "127.0.0.1", port: 0),
      passwords: PasswordWork(cost: PasswordCost(exponent: 1)),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, clock: { now.value },
      wait: { waits.value.append($0) })
    responder = server.router().buildResponder()
    clock = now
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A value that the server and its test share.
  final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>
    init(_ value: Value) { mutex = Mutex(value) }
    var value: Value {
      get { mutex.withLock { $0 } }
      set { mutex.withLock { $0 = newValue } }
    }
  }

  /// The clock of the server.
  let clock: Shared<Date>

  static func study(_ name: String) throws -> StudyFolder {
    var problems = Problems()
    let folder = StudyFolder.load(
      directory: URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/\(name)"), problems: &problems)
    return try #require(folder, "\(problems.list)")
  }

  // MARK: People

  /// A participant who has agreed, or not, and the path of their page.
  func participant(
    consenting: Bool = true, to parts: Set<String> = ["surveys"], language: String? = nil,
    site: String? = nil
  ) async throws -> (pseudonym: String, home: String) {
    var generator = SystemRandomNumberGenerator()
    var enrolment = Enrolment(
      zone: "Europe/Amsterdam", site: site, language: language, isTest: true)
    enrolment.entry = .team
    let participant = try await desk.enrol(enrolment, now: clock.value, using: &generator)
    if consenting {
      try await desk.consent(participant.pseudonym, to: parts, now: clock.value)
    }
    let token = try await desk.token(of: participant.pseudonym, now: clock.value)
    return (participant.pseudonym, "/p/\(token.text)")
  }

  // MARK: Requests

  /// What came back.
  struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var location: String? { headers[.location] }
  }

  func get(_ path: String, _ headers: HTTPFields = [:]) async throws -> Answer {
    try await send(.get, path, headers, [])
  }

  /// Sends a form as a browser does.
  func post(
    _ path: String, _ fields: KeyValuePairs<String, String> = [:], _ headers: HTTPFields? = nil
  ) async throws -> Answer {
    let allowed = CharacterSet.alphanumerics
    let body = fields.map { name, value in
      [name, value].map { $0.addingPercentEncoding(withAllowedCharacters: allowed) ?? "" }
        .joined(separator: "=")
    }.joined(separator: "&")
    return try await send(
      .post, path,
      headers ?? [
        .origin: Self.origin, .contentType: "application/x-www-form-urlencoded",
      ], Array(body.utf8))
  }

  func send(
    _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields, _ body: [UInt8]
  ) async throws -> Answer {
    let request = Request(
      head: HTTPRequest(
        method: method, scheme: "https", authority: "study.example.org", path: path,
        headerFields: headers),
      body: RequestBody(buffer: ByteBuffer(bytes: body)))
    var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    logger[metadataKey: "hb.request.id"] = "1"
    let context = WebContext(
      source: ApplicationRequestContextSource(channel: NIOAsyncTestingChannel(), logger: logger))
    let response = try await responder.respond(to: request, context: context)
    let writer = Writer()
    try await response.body.write(writer)
    return Answer(
      status: response.status.code, headers: response.headers,
      bytes: writer.bytes.withLock { $0 })
  }

  private final class Writer: ResponseBodyWriter, Sendable {
    let bytes = Mutex<[UInt8]>([])
    func write(_ buffer: ByteBuffer) async throws {
      bytes.withLock { $0 += Array(buffer.readableBytesView) }
    }
    func finish(_ trailingHeaders: HTTPFields?) async throws {}
  }
}

extension HTTPFields {
  static var own: HTTPFields { [.origin: WebStage.origin] }
}
