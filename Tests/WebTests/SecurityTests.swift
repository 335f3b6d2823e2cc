import Collection
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Testing

@testable import Web

@Suite("Nobody reaches what is not theirs")
struct SecurityTests {
  @Test("another participant's session is as unknown as one that does not exist")
  func others() async throws {
    let stage = try await WebStage()
    let (ann, hers) = try await stage.participant()
    let (_, his) = try await stage.participant()
    let session = try await stage.begin("baseline", of: ann, at: hers)
    let foreign = his + session.dropFirst(hers.count)
    for path in ["", "/1", "/review", "/thanks", "/support"] {
      #expect(try await stage.get(foreign + path).status == 404, "\(path)")
    }
    for path in ["/1", "/submit"] {
      #expect(try await stage.post(foreign + path, ["a.hours": "7"]).status == 404, "\(path)")
    }
    let occasion = try await stage.desk.database.read {
      try $0.occasions(of: ann).first?.uuid.uuidString.lowercased() ?? ""
    }
    #expect(try await stage.post(his + "/begin/\(occasion)").status == 404)
    #expect(try await stage.answers(of: ann).isEmpty)
  }

  @Test("unknown and revoked links are told alike on every route")
  func links() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    _ = try await stage.desk.revokeToken(of: pseudonym, now: WebStage.start)
    let wrong = "/p/" + String(repeating: "0", count: 26)
    for path in [
      "", "/consent", "/settings", "/data", "/leave", "/unsubscribe", "/sw.js", "/app.webmanifest",
    ] {
      let revoked = try await stage.get(home + path)
      let unknown = try await stage.get(wrong + path)
      #expect(revoked.status == 404 && unknown.status == 404, "\(path)")
      #expect(revoked.text == unknown.text, "\(path)")
    }
    for path in ["/consent", "/data", "/leave", "/unsubscribe", "/settings/zone", "/join"] {
      #expect(try await stage.post(home + path).status == 404, "\(path)")
    }
  }

  @Test(
    "a form of another site's page is refused",
    arguments: [
      [.origin: "https://evil.example"], [.origin: "null"],
      [.origin: "http://study.example.org"],
      [.origin: WebStage.origin, .secFetchSite: "cross-site"],
    ] as [HTTPFields])
  func origins(headers: HTTPFields) async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    var headers = headers
    headers[.contentType] = "application/x-www-form-urlencoded"
    let answer = try await stage.post(
      home + "/leave", ["way": "stop_and_keep", "sure": "yes"], headers)
    #expect(answer.status == 403)
    let status = try await stage.desk.database.read { try $0.participant(pseudonym)?.status }
    #expect(status == .enrolled)
  }

  @Test("every answer, also of a mistake, has the headers that keep it in")
  func headers() async throws {
    let stage = try await WebStage()
    let (_, home) = try await stage.participant()
    for path in [home, "/nowhere", "/p/wrong", "/assets/none.css"] {
      let answer = try await stage.get(path)
      #expect(answer.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
      #expect(answer.headers[.contentSecurityPolicy]?.contains("unsafe") == false)
      #expect(answer.headers[.xContentTypeOptions] == "nosniff", "\(path)")
      #expect(answer.headers[.strictTransportSecurity] != nil, "\(path)")
      #expect(answer.headers[.cacheControl] == "no-store", "\(path)")
      #expect(answer.headers[.setCookie] == nil, "\(path)")
    }
  }

  @Test("no page asks another host for anything, or holds a style or a script of its own")
  func nothingInline() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    let session = try await stage.begin("baseline", of: pseudonym, at: home)
    for path in [home, home + "/consent", home + "/settings", session + "/1", session + "/2"] {
      let text = try await stage.get(path).text
      for forbidden in ["http:", "https:", "<style", " style=", " onclick", "javascript:"] {
        #expect(!text.contains(forbidden), "\(path) holds \(forbidden)")
      }
      #expect(text.components(separatedBy: "<script").count == 2, "\(path)")
    }
  }

  @Test("hostile forms meet a clear refusal, never a mistake of ours")
  func hostileForms() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    let session = try await stage.begin("baseline", of: pseudonym, at: home)
    let form: HTTPFields = [
      .origin: WebStage.origin, .contentType: "application/x-www-form-urlencoded",
    ]
    let bodies: [[UInt8]] = [
      Array("a.hours=%".utf8), Array("a.hours=%zz".utf8), Array("%ff%fe=1".utf8),
      Array("a.hours=1e999".utf8), Array("a.hours=nan".utf8), Array("=&&&==".utf8),
      Array("a.company=99999999999999999999".utf8), Array("r.order.1=1&r.order.9=2".utf8),
      Array("a.words=%00%01".utf8), Array("t.hours=-1&t.hours=1e300".utf8),
      Array(repeating: UInt8(ascii: "a"), count: FormFields.longest + 1),
    ]
    for body in bodies {
      for path in [session + "/1", session + "/2", home + "/settings/pause", home + "/consent"] {
        let answer = try await stage.send(.post, path, form, body)
        #expect((200..<500).contains(answer.status), "\(path) \(body.prefix(40)): \(answer.status)")
      }
    }
    let json = try await stage.post(
      session + "/1", [:], [.origin: WebStage.origin, .contentType: "application/json"])
    #expect(json.status == 400)
    for path in ["/0", "/-1", "/999", "/x", "/1/2/3"] {
      let answer = try await stage.get(session + path)
      #expect([303, 404].contains(answer.status), "\(path): \(answer.status)")
    }
  }

  @Test("a failure waits longer each time, and an address is forgotten after a while")
  func delays() {
    let delay = FailureDelay()
    let pauses = (0..<9).map { _ in delay.failure(of: "192.0.2.1", now: WebStage.start) }
    #expect(pauses == pauses.sorted() && pauses.first == FailureDelay.first)
    #expect(pauses.last == FailureDelay.longest)
    #expect(delay.failure(of: "192.0.2.2", now: WebStage.start) == FailureDelay.first)
    let later = WebStage.start.addingTimeInterval(FailureDelay.memory + 1)
    #expect(delay.failure(of: "192.0.2.1", now: later) == FailureDelay.first)
  }

  @Test(
    "what failures are counted by",
    arguments: [
      ("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
      ("2001:db8::1", "2001:db8:0:0::/64"), ("fe80::1%eth0", "fe80:0:0:0::/64"),
    ])
  func networks(address: String, network: String) {
    #expect(ClientAddress.network(of: address) == network)
  }
}

extension HTTPField.Name {
  static var secFetchSite: Self { Self("Sec-Fetch-Site") ?? .accept }
}
