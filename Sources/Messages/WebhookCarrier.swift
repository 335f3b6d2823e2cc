import CCurl
import Crypto
import Foundation

/// HTTP POST to a gateway, signed so that the gateway knows who it is from and how old it is.
///
/// The body is JSON with sorted keys: `id`, `kind`, `language`, `name` (where one is known),
/// `subject`, `text`, `to`. The header `Longwell-Signature: t=T,v1=S` has T, the seconds since 1970,
/// and S, the HMAC-SHA256 (RFC 2104) of `T.` and the body under the shared secret, in hexadecimal
/// digits. A gateway computes S again and refuses what is older than some minutes.
/// `Idempotency-Key` is the message's id: who gets one twice should pass it on once.
package struct WebhookCarrier: Carrier {
  package let channel = Channel.webhook
  let settings: WebhookSettings
  let secret: SymmetricKey
  var patience = Transfer.Patience(connecting: 20, whole: 60)

  /// - Parameter secret: what both sides know; from a key file or the environment.
  package init(_ settings: WebhookSettings, secret: [UInt8]) {
    self.settings = settings
    self.secret = SymmetricKey(data: secret)
  }

  package func send(_ message: OutgoingMessage) async throws(CarrierFailure) {
    guard let body = try? Self.body(of: message) else {
      throw CarrierFailure(.permanent, "a text that cannot be written as JSON")
    }
    let signature = Self.signature(of: body, at: message.date, under: secret)
    let transfer = Transfer(
      kind: .post(headers: [
        "Content-Type: application/json", "Longwell-Signature: \(signature)",
        "Idempotency-Key: \(message.id.uuidString.lowercased())",
        // Without it libcurl waits a second for leave to send.
        "Expect:",
      ]), url: settings.url, body: body, certificates: settings.certificates, patience: patience)
    try Self.judge(await transfer.perform())
  }

  private struct Body: Encodable {
    var id, kind, language, subject, text, to: String
    var name: String?
  }

  static func body(of message: OutgoingMessage) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(
      try encoder.encode(
        Body(
          id: message.id.uuidString.lowercased(), kind: message.kind, language: message.language,
          subject: message.subject, text: message.body, to: message.recipient.address,
          name: message.recipient.name)))
  }

  static func signature(of body: [UInt8], at date: Date, under secret: SymmetricKey) -> String {
    let seconds = Int64(date.timeIntervalSince1970.rounded(.down))
    let signed = Array("\(seconds).".utf8) + body
    let code = HMAC<SHA256>.authenticationCode(for: signed, using: secret)
    let digits = code.map { byte in
      let text = String(byte, radix: 16)
      return text.utf8.count == 1 ? "0" + text : text
    }.joined()
    return "t=\(seconds),v1=\(digits)"
  }

  /// What a transfer's outcome says about the message. 408, 425, 429 and 5xx are for later; other
  /// refusals will not change. 502 and 504 come from a server in between, which does not know what the
  /// one behind it has done.
  static func judge(_ outcome: Transfer.Outcome) throws(CarrierFailure) {
    switch outcome.response {
    case 200..<300: return
    case 502, 504: throw CarrierFailure(.unanswered, "HTTP \(outcome.response)")
    case 408, 425, 429, 500...: throw CarrierFailure(.temporary, "HTTP \(outcome.response)")
    case 300..<500: throw CarrierFailure(.permanent, "HTTP \(outcome.response)")
    default: break
    }
    if outcome.wasHandedOver { throw CarrierFailure(.unanswered, "no answer to the request") }
    throw CarrierFailure(.temporary, ConnectionFailure.words(for: outcome.failure))
  }
}
