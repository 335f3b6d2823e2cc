import Crypto
import Definitions
import Foundation
import Messages
import Testing

@Suite(
  "A gateway gets signed messages",
  .enabled(if: Peer.isThere, "python3 runs the test's gateway"))
struct WebhookCarrierTests {
  static func carrier(_ peer: Peer, path: String) throws -> WebhookCarrier {
    var problems = Problems()
    let text = """
      webhook: { url: "http://127.0.0.1:\(peer.port)/\(path)" }
      """
    let settings = CarrierSettings.load(
      Array(text.utf8), file: "messages.yaml", problems: &problems)
    return WebhookCarrier(try #require(settings?.webhook), secret: Array("shared".utf8))
  }

  @Test("whose signature the receiver can compute again")
  func signature() async throws {
    let peer = try Peer.web()
    let message = OutgoingMessage.sample()
    try await Self.carrier(peer, path: "204").send(message)
    let request = try #require(try peer.received(".txt").first)
    let signature = try #require(
      request.firstMatch(of: #/Longwell-Signature: t=(\d+),v1=([0-9a-f]{64})/#))
    let body = try #require(request.range(of: "\n\n").map { String(request[$0.upperBound...]) })
    let expected = HMAC<SHA256>.authenticationCode(
      for: Array("\(signature.1).\(body)".utf8), using: SymmetricKey(data: Array("shared".utf8)))
    #expect(expected.map { String(format: "%02x", $0) }.joined() == String(signature.2))
    #expect(signature.1 == "1804672800")
    #expect(request.contains("Idempotency-Key: \(message.id.uuidString.lowercased())"))
    let fields = try #require(
      try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: String])
    #expect(fields["to"] == "ann@example.org")
    #expect(fields["text"] == message.body)
    #expect(fields["kind"] == "opening")
  }

  @Test(
    "and its answer decides",
    arguments: zip(
      ["503", "502", "504", "429", "404", "302", "silent"],
      [
        CarrierFailure(.temporary, "HTTP 503"), CarrierFailure(.unanswered, "HTTP 502"),
        CarrierFailure(.unanswered, "HTTP 504"), CarrierFailure(.temporary, "HTTP 429"),
        CarrierFailure(.permanent, "HTTP 404"), CarrierFailure(.permanent, "HTTP 302"),
        CarrierFailure(.unanswered, "no answer to the request"),
      ]))
  func answers(path: String, expected: CarrierFailure) async throws {
    let peer = try Peer.web()
    let failure = await #expect(throws: CarrierFailure.self) {
      try await Self.carrier(peer, path: path).send(.sample())
    }
    #expect(failure == expected)
  }

  @Test("or nothing, where nobody listens")
  func nobody() async throws {
    let carrier = try {
      let peer = try Peer.web()
      return try Self.carrier(peer, path: "200")
    }()
    let failure = await #expect(throws: CarrierFailure.self) { try await carrier.send(.sample()) }
    #expect(failure == CarrierFailure(.temporary, "no connection"))
  }
}
