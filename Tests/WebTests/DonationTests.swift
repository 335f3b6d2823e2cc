import Collection
import Foundation
import HTTPTypes
import Hummingbird
import InteractionLogs
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Storage
import Testing

@testable import Web

@Suite("A participant gives a log of their own")
struct DonationTests {
  /// Conversations of 2025-12-30 (one), 2026-01-05 (two) and 2026-01-06 (one), 14 messages.
  static func export() throws -> [UInt8] {
    Array(
      try Data(
        contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
          .appending(path: "Fixtures/exports/conversations.json")))
  }

  /// Someone who agreed to give logs.
  private func donor(_ stage: WebStage) async throws -> (pseudonym: String, home: String) {
    try await stage.participant(to: ["surveys", "logs"])
  }

  private func stage() async throws -> WebStage {
    try await WebStage("logs", withIdentities: true)
  }

  private func donations(_ stage: WebStage, _ pseudonym: String) async throws -> [DonationRecord] {
    try await stage.desk.database.read { try $0.donations(of: pseudonym) }
  }

  @Test("uploaded, looked at, a day and a conversation kept back, and given")
  func walk() async throws {
    let stage = try await stage()
    let (pseudonym, home) = try await donor(stage)
    #expect(try await stage.get(home).text.contains(home + "/logs"))
    let form = try await stage.get(home + "/logs")
    #expect(form.text.contains("multipart/form-data") && form.text.contains("<li>ChatGPT</li>"))
    let uploaded = try await stage.upload(try Self.export(), at: home)
    #expect(uploaded.status == 303 && uploaded.location == home + "/logs/preview")
    let overview = try await stage.get(home + "/logs/preview")
    #expect(overview.text.contains("Conversations: 4. Days with use: 3. Messages: 14."))
    #expect(overview.text.contains("December 2025") && overview.text.contains("January 2026"))
    #expect(try await donations(stage, pseudonym).isEmpty, "looking stores nothing")

    let month = try await stage.get(home + "/logs/preview/2026-01")
    #expect(month.text.contains("Monday, 5 January 2026. Conversations: 2. Messages: 6."))
    let marked = try await stage.post(home + "/logs/preview/2026-01", ["day": "2026-01-06"])
    #expect(marked.location == home + "/logs/preview?said=logs_marked")
    let day = try await stage.get(home + "/logs/preview/2026-01-05")
    let tokens = day.text.matches(of: #/value="([0-9a-f]{16,64})"/#).map { String($0.1) }
    #expect(tokens.count == 2)
    // A token of another day is none of this form's.
    let kept = try await stage.post(
      home + "/logs/preview/2026-01-05", ["conversation": tokens[0], "conversation": "feed"])
    #expect(kept.location == home + "/logs/preview/2026-01?said=logs_marked")
    let again = try await stage.get(home + "/logs/preview")
    #expect(again.text.contains("Kept back: 2 conversations and 1 days."), "\(again.text)")
    #expect(try await stage.get(home + "/logs/preview/2026-01").text.contains(" checked"))

    let given = try await stage.post(home + "/logs/preview", ["go": "give"])
    #expect(given.status == 200 && given.text.contains("2 conversations and 2 days"))
    let rows = try await stage.desk.database.read { try $0.interactionRows(of: pseudonym) }
    #expect(rows.days.filter(\.isWithheld).map(\.day) == ["2026-01-06"])
    #expect(rows.conversations.count { $0.isWithheld } == 2)
    #expect(try await stage.desk.database.verify() == [])
    let gone = try await stage.get(home + "/logs/preview")
    #expect(gone.location == home + "/logs?said=logs_forgotten", "what is given waits no longer")
    for page in [form, overview, month, day, given] {
      for word in ["planted", "style=", "<script>", "http"] {
        #expect(!page.text.contains(word), "\(word)")
      }
      #expect(page.bytes.count < 40_000)
    }
  }

  @Test("given again it is merged, and what was kept back stays so")
  func twice() async throws {
    let stage = try await stage()
    let (pseudonym, home) = try await donor(stage)
    _ = try await stage.upload(try Self.export(), at: home)
    _ = try await stage.post(home + "/logs/preview/2026-01", ["day": "2026-01-06"])
    _ = try await stage.post(home + "/logs/preview", ["go": "give"])
    stage.clock.value += 600
    _ = try await stage.upload(try Self.export(), at: home)
    let overview = try await stage.get(home + "/logs/preview")
    #expect(overview.text.contains("Given before, and replaced by this: 3 conversations."))
    let month = try await stage.get(home + "/logs/preview/2026-01")
    #expect(month.text.contains("6 January 2026: kept back in an earlier donation."))
    _ = try await stage.post(home + "/logs/preview/2026-01")
    let given = try await stage.post(home + "/logs/preview", ["go": "give"])
    #expect(given.text.contains("3 conversations and 2 days"))
    #expect(try await donations(stage, pseudonym).count == 2)
    #expect(try await stage.desk.database.verify() == [])
  }

  @Test("nothing is stored that was not seen: another donation meanwhile is told")
  func meanwhile() async throws {
    let stage = try await stage()
    let (pseudonym, home) = try await donor(stage)
    _ = try await stage.upload(try Self.export(), at: home)
    _ = try await stage.post(home + "/logs/preview/2026-01", ["day": "2026-01-06"])
    // By the other door, as a researcher does on the machine itself.
    let arriving = try DonationShelf().arrival(of: pseudonym, bytes: nil)
    arriving.export.append(try Self.export()[...])
    let log = try await stage.desk.read(arriving.export, of: pseudonym)
    _ = try await stage.desk.donate(
      try await stage.desk.previewDonation(of: log, now: stage.clock.value),
      now: stage.clock.value)
    stage.clock.value += 60
    let given = try await stage.post(home + "/logs/preview", ["go": "give"])
    #expect(given.location == home + "/logs/preview?said=logs_changed")
    #expect(try await donations(stage, pseudonym).count == 1)
    let again = try await stage.post(home + "/logs/preview", ["go": "give"])
    #expect(again.status == 200)
    #expect(try await stage.desk.database.verify() == [])
  }

  @Test("it rests on its part of the consent, and is gone with it")
  func agreement() async throws {
    let stage = try await stage()
    let (_, declined) = try await stage.participant()
    let refused = try await stage.get(declined + "/logs")
    #expect(refused.status == 409 && refused.text.contains(declined + "/consent"))
    #expect(try await stage.upload(try Self.export(), at: declined).status == 409)

    let (pseudonym, home) = try await donor(stage)
    _ = try await stage.upload(try Self.export(), at: home)
    _ = try await stage.post(home + "/logs/preview", ["go": "give"])
    _ = try await stage.upload(try Self.export(), at: home)
    _ = try await stage.post(home + "/consent", ["part": "surveys"])
    #expect(try await stage.post(home + "/logs/preview", ["go": "give"]).status == 409)
    _ = try await stage.post(home + "/consent", ["part": "surveys", "part": "logs"])
    let forgotten = try await stage.get(home + "/logs/preview")
    #expect(forgotten.location == home + "/logs?said=logs_forgotten")
    _ = try await stage.desk.completeErasures(
      at: stage.server.settings.erasurePlaces, now: stage.clock.value)
    let rows = try await stage.desk.database.read { try $0.interactionRows(of: pseudonym) }
    #expect(rows.conversations.isEmpty && rows.days.isEmpty)

    _ = try await stage.upload(try Self.export(), at: home)
    _ = try await stage.post(home + "/leave", ["way": "stop_and_keep", "sure": "yes"])
    #expect(try await stage.get(home + "/logs/preview").status == 409)
    let plain = try await WebStage()
    let (_, other) = try await plain.participant()
    #expect(try await plain.get(other + "/logs").status == 404)
    #expect(try await !plain.get(other).text.contains(other + "/logs"))
  }

  @Test("what nobody decides about is forgotten, and what is given back at once")
  func forgetting() async throws {
    let stage = try await stage()
    let (_, home) = try await donor(stage)
    _ = try await stage.upload(try Self.export(), at: home)
    #expect(try await stage.get(home + "/logs/preview").status == 200)
    stage.clock.value += DonationShelf.time
    #expect(try await stage.get(home + "/logs/preview").status == 303)
    #expect(try await stage.get(home + "/logs?said=logs_forgotten").text.contains("summary"))
    _ = try await stage.upload(try Self.export(), at: home)
    let discarded = try await stage.post(home + "/logs/preview", ["go": "discard"])
    #expect(discarded.location == home + "?said=logs_discarded")
    #expect(try await stage.get(home + "/logs/preview").status == 303)
    let (_, his) = try await donor(stage)
    _ = try await stage.upload(try Self.export(), at: home)
    #expect(try await stage.get(his + "/logs/preview").status == 303, "another's is nobody's")
    for path in ["2026-02", "2026-01-07", "undated", "x", "2026-13"] {
      #expect(try await stage.get(home + "/logs/preview/" + path).status == 404, "\(path)")
    }
  }

  // MARK: - Hostile uploads

  @Test("what is no export, or not all of one, meets a page that says so")
  func refusals() async throws {
    let stage = try await stage()
    let (pseudonym, home) = try await donor(stage)
    let export = try Self.export()
    // A zip's first record and nothing else, a zip that breaks off, JSON that does, and no text at all.
    let files: [[UInt8]] = [
      [], Array("PK\u{3}\u{4}".utf8), Array("PK\u{3}\u{4}".utf8) + export.prefix(1000),
      Array("[".utf8), Array(#"{"planted": [1, 2]}"#.utf8), Array("planted;1\n2;3\n".utf8),
      [0xFF, 0xFE, 0x00, 0x89] + Array(repeating: 0, count: 5000),
      Array(repeating: UInt8(ascii: "["), count: 20_000),
      Array("[{\"conversations\": [{\"from\": \"human\", \"value\": \"planted\"}]}]".utf8),
    ]
    for file in files {
      let answer = try await stage.upload(file, at: home)
      #expect(answer.status == 422, "\(file.prefix(20))")
      #expect(answer.text.contains("could not be taken") && !answer.text.contains("planted"))
    }
    let late = try await stage.upload(export, at: home, ["exported": "2026-01-01"])
    #expect(late.status == 422)
    #expect(try await stage.get(home + "/logs/preview").status == 303)
    #expect(try await donations(stage, pseudonym).isEmpty)
  }

  @Test("a form that is none, or breaks off, is no file")
  func forms() async throws {
    let stage = try await stage()
    let (_, home) = try await donor(stage)
    let whole = WebStage.form(try Self.export(), ["account": "1"])
    let bodies: [[UInt8]] = [
      [], Array("--edge".utf8), whole.dropLast(30), Array(whole.prefix(100)),
      WebStage.form(nil, ["account": "1"]), WebStage.form([1], ["account": "0"]),
      WebStage.form([1], ["account": String(repeating: "1", count: 5000)]),
      Array("--edge\r\n".utf8) + Array(repeating: UInt8(ascii: "x"), count: 10_000),
      Array("--edge\r\nContent-Disposition: form-data\r\n\r\nx\r\n--edge--".utf8),
    ]
    for (place, body) in bodies.enumerated() {
      let answer = try await stage.send(.post, home + "/logs", WebStage.multipart, body)
      #expect([400, 413].contains(answer.status), "\(place)")
      #expect(answer.text.contains("<h1>"), "\(place)")
    }
    for type in [
      "multipart/form-data", "multipart/form-data; boundary=", "text/plain", "application/json",
      "multipart/form-data; boundary=\(String(repeating: "x", count: 200))",
    ] {
      let headers: HTTPFields = [.origin: WebStage.origin, .contentType: type]
      let answer = try await stage.send(.post, home + "/logs", headers, whole)
      #expect(answer.status == 400, "\(type)")
    }
    let foreign: HTTPFields = [
      .origin: "https://evil.example", .contentType: "multipart/form-data; boundary=edge",
    ]
    #expect(try await stage.send(.post, home + "/logs", foreign, whole).status == 403)
  }

  @Test("what announces more than can be taken is refused before it comes, by a page")
  func tooLarge() async throws {
    let stage = try await stage()
    let (_, home) = try await donor(stage)
    var headers = WebStage.multipart
    headers[.contentLength] = "\(DonationShelf.largestExport + 1_000_000)"
    let answer = try await stage.send(.post, home + "/logs", headers, [])
    #expect(answer.status == 413 && answer.text.contains("larger than can be uploaded"))
  }

  @Test("a form is the same in whatever pieces it comes", arguments: [1, 2, 3, 7, 64, 1000])
  func pieces(size: Int) throws {
    let file = Array("first\r\n--edg\r\n--\r\n\r\n".utf8)
    let form = WebStage.form(file, ["account": "2", "exported": "2026-01-07"])
    let arrival = try DonationShelf().arrival(of: "P-222222", bytes: nil)
    var reader = try UploadForm(
      contentType: "Multipart/Form-Data; charset=utf-8; Boundary=\"edge\"", into: arrival.export,
      limit: file.count)
    for start in stride(from: 0, to: form.count, by: size) {
      try form[start..<min(form.count, start + size)].withUnsafeBytes { try reader.take($0) }
    }
    #expect(reader.fields == ["account": "2", "exported": "2026-01-07"])
    #expect(arrival.export.count == file.count && reader.isWhole)
    var narrow = try UploadForm(
      contentType: "multipart/form-data; boundary=edge", into: arrival.export, limit: 8)
    #expect(throws: WebProblem.tooLong) { try form.withUnsafeBytes { try narrow.take($0) } }
  }

  @Test("one export of each arrives at once, and only so much of all")
  func crowd() throws {
    let shelf = DonationShelf()
    let first = try shelf.arrival(of: "P-222222", bytes: nil)
    #expect(throws: DonationShelf.Crowded.self) { try shelf.arrival(of: "P-222222", bytes: 1) }
    do {
      let second = try shelf.arrival(of: "P-333333", bytes: DonationShelf.largestExport)
      #expect(throws: DonationShelf.Crowded.self) { try shelf.arrival(of: "P-444444", bytes: 1) }
      _ = consume second
    }
    _ = try shelf.arrival(of: "P-444444", bytes: 1)
    _ = consume first
    _ = try shelf.arrival(of: "P-222222", bytes: 1)
  }

  @Test("who sends slowly is waited for as long as a phone takes, and no longer")
  func slow() async throws {
    #expect(ArrivalDeadline.time(for: nil) == .seconds(60))
    #expect(ArrivalDeadline.time(for: 8 << 20) == .seconds(60 + 1024))
    #expect(ArrivalDeadline.time(for: 1 << 40) == .seconds(1800))
    let head = HTTPRequestPart.head(
      HTTPRequest(
        method: .post, scheme: "https", authority: "study.example.org", path: "/",
        headerFields: [.contentLength: "10"]))
    for isWhole in [false, true] {
      let channel = NIOAsyncTestingChannel()
      try await channel.testingEventLoop.submit {
        try channel.pipeline.syncOperations.addHandler(ArrivalDeadline())
      }.get()
      try await channel.connect(to: try SocketAddress(ipAddress: "192.0.2.1", port: 1)).get()
      try await channel.writeInbound(head)
      try await channel.writeInbound(HTTPRequestPart.body(ByteBuffer(string: "x")))
      if isWhole { try await channel.writeInbound(HTTPRequestPart.end(nil)) }
      await channel.testingEventLoop.advanceTime(by: .seconds(59))
      #expect(channel.isActive)
      await channel.testingEventLoop.advanceTime(by: .seconds(2))
      #expect(channel.isActive == isWhole)
    }
  }
}

extension WebStage {
  static let multipart: HTTPFields = [
    .origin: origin, .contentType: "multipart/form-data; boundary=edge",
  ]

  /// A form with a file, as browsers write it.
  static func form(_ file: [UInt8]?, _ fields: KeyValuePairs<String, String>) -> [UInt8] {
    var form: [UInt8] = []
    for (name, value) in fields {
      form += Array(
        "--edge\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
    }
    if let file {
      form += Array(
        """
        --edge\r
        Content-Disposition: form-data; name="file"; filename="export.zip"\r
        Content-Type: application/zip\r
        \r\n
        """.utf8)
      form += file + Array("\r\n".utf8)
    }
    return form + Array("--edge--\r\n".utf8)
  }

  func upload(
    _ file: [UInt8], at home: String, _ fields: KeyValuePairs<String, String> = ["exported": ""]
  ) async throws -> Answer {
    try await send(.post, home + "/logs", Self.multipart, Self.form(file, fields))
  }
}
