import CCurl
import Foundation

/// E-mail by SMTP (RFC 5321), encrypted by STARTTLS (RFC 3207) or from the first byte (RFC 8314).
package struct SMTPCarrier: Carrier {
  package let channel = Channel.email
  let settings: MailSettings
  let password: String?
  var patience = Transfer.Patience()

  /// - Parameter password: what the user logs in with; from a key file or the environment, never
  ///   from the study's folder.
  package init(_ settings: MailSettings, password: String?) {
    self.settings = settings
    self.password = password
  }

  package func send(_ message: OutgoingMessage) async throws(CarrierFailure) {
    guard MailAddress.isPlain(message.recipient.address) else {
      throw CarrierFailure(.permanent, "an address that mail cannot go to")
    }
    guard MailAddress.isPlain(message.sender.address) else {
      throw CarrierFailure(.permanent, "a sender's address that mail cannot come from")
    }
    let scheme = settings.security == .tls ? "smtps" : "smtp"
    let transfer = Transfer(
      kind: .mail(from: message.sender.address, to: message.recipient.address),
      url: "\(scheme)://\(settings.host):\(settings.port)",
      body: MailDocument(message: message).bytes,
      user: settings.user, password: settings.user == nil ? nil : password,
      demandsStartTLS: settings.security == .starttls, certificates: settings.certificates,
      patience: patience)
    try Self.judge(await transfer.perform())
  }

  /// What a transfer's outcome says about the message.
  ///
  /// Only the answer to the text itself can leave doubt: until the last line was handed over, no server
  /// delivers. An answer of 5xx about the log-in is a mistake in the settings, so the message may go
  /// later; one about the recipient or the text will not change.
  static func judge(_ outcome: Transfer.Outcome) throws(CarrierFailure) {
    guard outcome.failure != CURLE_OK.rawValue else { return }
    let answer = "SMTP \(outcome.response)"
    switch outcome.response {
    case 400..<500, 530, 534, 535, 538: throw CarrierFailure(.temporary, answer)
    case 500..<600:
      let isAboutMessage =
        outcome.wasHandedOver || outcome.failure == CURLE_SEND_ERROR.rawValue
      throw CarrierFailure(isAboutMessage ? .permanent : .temporary, answer)
    default: break
    }
    if outcome.wasHandedOver { throw CarrierFailure(.unanswered, "no answer to the text") }
    throw CarrierFailure(.temporary, ConnectionFailure.words(for: outcome.failure))
  }
}

/// What libcurl's failures are in words; numbers for the rare ones.
enum ConnectionFailure {
  static func words(for code: UInt32) -> String {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST.rawValue: "the server's name is not known"
    case CURLE_COULDNT_CONNECT.rawValue: "no connection"
    case CURLE_OPERATION_TIMEDOUT.rawValue: "no answer in time"
    case CURLE_USE_SSL_FAILED.rawValue: "the server offers no encryption"
    case CURLE_PEER_FAILED_VERIFICATION.rawValue, CURLE_SSL_CACERT_BADFILE.rawValue:
      "the server's certificate is not trusted"
    case CURLE_SSL_CONNECT_ERROR.rawValue: "no encrypted connection"
    case CURLE_LOGIN_DENIED.rawValue: "the log-in was refused"
    default: "libcurl \(code)"
    }
  }
}
