import Definitions
import Foundation
import Messages
import Testing

@Suite(
  "Mail goes through a real server",
  .enabled(if: Peer.isThere, "python3 and openssl run the test's mail server"))
struct SMTPCarrierTests {
  static func carrier(
    _ peer: Peer, security: String = "starttls", user: String? = nil, password: String? = nil,
    trusting: Bool = true, host: String = "localhost"
  ) throws -> SMTPCarrier {
    var lines = [
      "email:", "  host: \(host)", "  port: \(peer.port)",
      "  security: \(security)",
    ]
    if trusting { lines.append("  certificates: \(peer.certificate)") }
    if let user { lines.append("  user: \(user)") }
    var problems = Problems()
    let settings = CarrierSettings.load(
      Array(lines.joined(separator: "\n").utf8), file: "messages.yaml", problems: &problems)
    let mail = try #require(settings?.mail, "\(problems.list)")
    return SMTPCarrier(mail, password: password)
  }

  @Test("by each kind of connection", arguments: ["starttls", "tls", "none"])
  func securities(security: String) async throws {
    let peer = try Peer.mail(
      security == "tls" ? ["--tls"] : security == "none" ? ["--plain"] : [])
    try await Self.carrier(peer, security: security).send(.sample())
    let mails = try peer.received(".eml")
    #expect(mails.count == 1)
    let mail = try #require(mails.first)
    #expect(mail.hasPrefix("team@example.org ann@example.org\r\n"))
    #expect(mail.contains("To: \"Ann\" <ann@example.org>\r\n"))
    #expect(mail.contains("Hello.\r\n.\r\nA dot alone above.\r\n"))
    #expect(mail.contains("List-Unsubscribe: <https://study.example.org/p/ABC/unsubscribe>\r\n"))
    #expect(mail.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"))
  }

  @Test("with a log-in, and without a wrong one")
  func login() async throws {
    let peer = try Peer.mail(["--login", "team:secret word"])
    try await Self.carrier(peer, user: "team", password: "secret word").send(.sample())
    #expect(try peer.received(".eml").count == 1)
    let failure = await #expect(throws: CarrierFailure.self) {
      try await Self.carrier(peer, user: "team", password: "guess").send(.sample())
    }
    // A mistake in the settings: the message itself may go later.
    #expect(failure?.outcome == .temporary)
    #expect(failure.map { "\($0)".contains("planted") } == false)
    #expect(try peer.received(".eml").count == 1)
  }

  @Test(
    "and what the server says decides",
    arguments: zip(
      ["refused", "spam", "busy", "silent", "gone"],
      [
        CarrierFailure(.permanent, "SMTP 550"), CarrierFailure(.permanent, "SMTP 554"),
        CarrierFailure(.temporary, "SMTP 451"),
        CarrierFailure(.unanswered, "no answer to the text"),
        nil,
      ]))
  func answers(who: String, expected: CarrierFailure?) async throws {
    let peer = try Peer.mail()
    let failure = await #expect(throws: CarrierFailure.self) {
      try await Self.carrier(peer).send(.sample(to: "\(who)@example.org"))
    }
    if let expected { #expect(failure == expected) }
    // Without the text in its hands no server delivers.
    if who == "gone" { #expect(failure?.outcome == .temporary) }
    #expect(failure.map { "\($0)".contains("planted") } == false)
  }

  @Test("but not to a server that cannot prove its name, or that stays unencrypted")
  func refusals() async throws {
    let stranger = try Peer.mail()
    let distrust = await #expect(throws: CarrierFailure.self) {
      try await Self.carrier(stranger, trusting: false).send(.sample())
    }
    #expect(distrust == CarrierFailure(.temporary, "the server's certificate is not trusted"))
    let open = try Peer.mail(["--plain"])
    let exposed = await #expect(throws: CarrierFailure.self) {
      try await Self.carrier(open).send(.sample())
    }
    #expect(exposed == CarrierFailure(.temporary, "the server offers no encryption"))
    #expect(try open.received(".eml").isEmpty)
  }

  @Test("and not where nobody listens")
  func nobody() async throws {
    let carrier = try {
      let peer = try Peer.mail()
      return try Self.carrier(peer)
    }()
    let failure = await #expect(throws: CarrierFailure.self) {
      try await carrier.send(.sample())
    }
    #expect(failure?.outcome == .temporary)
  }

  @Test(
    "no address smuggles a command",
    arguments: [
      "ann@example.org\r\nRCPT TO:<eve@example.org>", "ann@example.org>", "ann", "a b@c.org", "",
      "ann@example.org\u{0}", "änn@example.org", "@", "ann@a@b",
    ])
  func addresses(address: String) async throws {
    let peer = try Peer.mail()
    let failure = await #expect(throws: CarrierFailure.self) {
      try await Self.carrier(peer).send(.sample(to: address))
    }
    #expect(failure?.outcome == .permanent)
    #expect(try peer.received(".eml").isEmpty)
  }

  @Test(
    "no name or subject begins a header, and a real parser reads what was meant",
    arguments: [
      ("Zoë \"Z\" Ünal", "Vragen & antwoorden: één minuut"),
      ("محمد", "استبيانك مفتوح الآن وسيبقى مفتوحًا حتى مساء الغد"),
      ("Ann\r\nBcc: eve@example.org", "Hi\r\nBcc: eve@example.org\r\n\r\nBody"),
      ("A\u{202E}nna\u{0}", "=?UTF-8?B?SGk=?="),
      (String(repeating: "long ", count: 60), "\u{2028}x"),
    ])
  func headers(name: String, subject: String) async throws {
    let peer = try Peer.mail()
    let body = "Grüße, αβγ = 100 %  \nمرحبا \(String(repeating: "wide ", count: 40))\n"
    try await Self.carrier(peer).send(.sample(name: name, subject: subject, body: body))
    let mail = try #require(try peer.received(".eml").first)
    let script = """
      import sys, email, email.policy, json
      data = sys.stdin.buffer.read().split(b"\\r\\n", 1)[1]
      m = email.message_from_bytes(data, policy=email.policy.default)
      to = m["To"].addresses[0]
      print(json.dumps([to.display_name, to.addr_spec, str(m["Subject"]), m.get_content(),
        [k for k in m.keys()], max(len(l) for l in data.split(b"\\r\\n"))]))
      """
    let read = try Self.python(script, input: mail)
    let parts = try #require(
      try JSONSerialization.jsonObject(with: Data(read.utf8)) as? [Any])
    let meant = { (text: String) in
      text.replacing("\u{202E}", with: "").map { $0.isNewline || $0 == "\0" ? " " : $0 }
        .split(separator: " ").map { String($0) }.joined(separator: " ")
    }
    // Python's parser adds spaces between encoded words of a name.
    let unspaced = { (text: String) in meant(text).replacing(" ", with: "") }
    #expect((parts[0] as? String).map(unspaced) == unspaced(name))
    #expect((parts[1] as? String) == "ann@example.org")
    #expect((parts[2] as? String) == meant(subject))
    let lines = { (text: String) in text.split { $0.isNewline }.map { String($0) } }
    #expect((parts[3] as? String).map(lines) == lines(body))
    #expect((parts[4] as? [String])?.contains("Bcc") == false)
    #expect((parts[5] as? Int).map { $0 <= 78 } == true)
  }

  static func python(_ script: String, input: String) throws -> String {
    let process = Process()
    let (typed, said) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script]
    process.standardInput = typed
    process.standardOutput = said
    try process.run()
    try typed.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try typed.fileHandleForWriting.close()
    let output = said.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }
}
