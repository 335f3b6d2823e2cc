import CCurl
import Dispatch
import Foundation

/// One transfer by libcurl: a mail to a server, or bytes to a web address.
///
/// Every transfer has a connection of its own, on a thread of its own: libcurl waits for the network,
/// and threads that run Swift's tasks must not.
struct Transfer: Sendable {
  enum Kind: Sendable {
    /// Addresses of the envelope, without brackets.
    case mail(from: String, to: String)
    /// Header lines besides those that libcurl writes.
    case post(headers: [String])
  }

  /// What came of it.
  struct Outcome: Sendable {
    /// 0, or what libcurl calls the failure.
    var failure: UInt32
    /// The last code that the server answered, or 0.
    var response: Int
    /// Whether all bytes were handed over, so that the server may have acted on them.
    var wasHandedOver: Bool
  }

  var kind: Kind
  var url: String
  var body: [UInt8]
  var user: String?
  var password: String?
  /// Whether an unencrypted connection must become an encrypted one before anything is said.
  var demandsStartTLS = false
  /// The certificates to trust instead of the system's: a file in PEM.
  var certificates: String?
  /// Seconds until a connection stands, and until the whole is given up.
  var patience = Patience()

  struct Patience: Sendable {
    var connecting = 20
    /// Servers that check for spam answer within a minute or two (RFC 5321, 4.5.3.2, allows ten).
    var whole = 180
  }

  func perform() async -> Outcome {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: run()) }
    }
  }

  private func run() -> Outcome {
    guard let curl = curl_easy_init() else {
      return Outcome(failure: CURLE_FAILED_INIT.rawValue, response: 0, wasHandedOver: false)
    }
    defer { curl_easy_cleanup(curl) }
    let options =
      texts.map { longwell_curl_set_text(curl, $0.0, $0.1) }
      + numbers.map { longwell_curl_set_number(curl, $0.0, $0.1) }
    let list = listed.reduce(nil as UnsafeMutablePointer<curl_slist>?) { curl_slist_append($0, $1) }
    defer { curl_slist_free_all(list) }
    let isReady =
      options.allSatisfy { $0 == CURLE_OK }
      && longwell_curl_set_list(curl, isMail ? CURLOPT_MAIL_RCPT : CURLOPT_HTTPHEADER, list)
        == CURLE_OK
    guard isReady else {
      return Outcome(
        failure: CURLE_BAD_FUNCTION_ARGUMENT.rawValue, response: 0, wasHandedOver: false)
    }
    return body.withUnsafeBufferPointer { bytes in
      var payload = LongwellPayload(
        bytes: bytes.baseAddress, count: bytes.count, position: 0, ended: 0)
      return withUnsafeMutablePointer(to: &payload) { payload in
        guard longwell_curl_set_payload(curl, payload) == CURLE_OK else {
          return Outcome(
            failure: CURLE_BAD_FUNCTION_ARGUMENT.rawValue, response: 0, wasHandedOver: false)
        }
        let code = curl_easy_perform(curl)
        let sent = isMail ? payload.pointee.ended != 0 : longwell_curl_request_size(curl) > 0
        return Outcome(
          failure: code.rawValue, response: longwell_curl_response_code(curl), wasHandedOver: sent)
      }
    }
  }

  private var isMail: Bool {
    if case .mail = kind { true } else { false }
  }

  private var listed: [String] {
    switch kind {
    case .mail(_, let recipient): ["<\(recipient)>"]
    case .post(let headers): headers
    }
  }

  private var texts: [(CURLoption, String)] {
    var texts = [(CURLOPT_URL, url)]
    if case .mail(let sender, _) = kind { texts.append((CURLOPT_MAIL_FROM, "<\(sender)>")) }
    if let user { texts.append((CURLOPT_USERNAME, user)) }
    if let password { texts.append((CURLOPT_PASSWORD, password)) }
    if let certificates { texts.append((CURLOPT_CAINFO, certificates)) }
    return texts
  }

  private var numbers: [(CURLoption, Int)] {
    var numbers = [
      // Without it libcurl times name look-ups with a signal, which must not be on other threads.
      (CURLOPT_NOSIGNAL, 1), (CURLOPT_CONNECTTIMEOUT, patience.connecting),
      (CURLOPT_TIMEOUT, patience.whole),
      (CURLOPT_USE_SSL, demandsStartTLS ? Int(CURLUSESSL_ALL.rawValue) : 0),
    ]
    if isMail {
      numbers.append((CURLOPT_UPLOAD, 1))
    } else {
      numbers += [(CURLOPT_POST, 1), (CURLOPT_POSTFIELDSIZE, body.count)]
    }
    return numbers
  }
}
