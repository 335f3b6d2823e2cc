import Foundation
import LocalTime

/// A message as mail servers take it: Internet Message Format (RFC 5322) with MIME (RFC 2045, 2047).
///
/// Every header's text is made harmless here, whatever it was: no line break of a name or a subject
/// can begin another header.
struct MailDocument {
  let message: OutgoingMessage

  /// Header lines, an empty line, the text; CRLF throughout, all ASCII.
  var bytes: [UInt8] {
    let head = headers.map { "\($0.name): \($0.value)\r\n" }.joined()
    return Array(head.utf8) + Array("\r\n".utf8) + QuotedPrintable.encode(message.body)
  }

  private var headers: [(name: String, value: String)] {
    let domain = message.sender.address.split(separator: "@").last.map(String.init) ?? "localhost"
    var headers = [
      ("Date", MailDate.text(of: message.date)),
      ("From", Self.text(of: message.sender)),
      ("To", Self.text(of: message.recipient)),
      ("Subject", HeaderText.encode(message.subject)),
      // The same for every attempt, so that a mail system that got it twice can tell.
      ("Message-ID", "<\(message.id.uuidString.lowercased())@\(domain)>"),
      // Keeps holiday notices from answering (RFC 3834).
      ("Auto-Submitted", "auto-generated"),
      ("Content-Language", HeaderText.encode(message.language)),
      ("MIME-Version", "1.0"),
      ("Content-Type", "text/plain; charset=utf-8"),
      ("Content-Transfer-Encoding", "quoted-printable"),
    ]
    if let unsubscribe = message.unsubscribe {
      // RFC 2369 and, for the one click, RFC 8058.
      headers.append(("List-Unsubscribe", "<\(unsubscribe.absoluteString)>"))
      headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    }
    return headers
  }

  private static func text(of mailbox: OutgoingMessage.Mailbox) -> String {
    guard let name = mailbox.name, name.contains(where: { !$0.isWhitespace }) else {
      return mailbox.address
    }
    return "\(HeaderText.phrase(name)) <\(mailbox.address)>"
  }
}

/// Addresses that can stand in a header and an SMTP command as they are.
enum MailAddress {
  /// Whether it is a plain `local@domain` of printable ASCII, without quotes, comments or routes.
  ///
  /// Stricter than RFC 5321: what it allows beyond this, nobody has and attackers use. Addresses in
  /// other scripts (RFC 6531) need servers that few people have.
  static func isPlain(_ address: String) -> Bool {
    let parts = address.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...64).contains(parts[0].utf8.count),
      (1...255).contains(parts[1].utf8.count)
    else { return false }
    let refused = Set("()<>[]:;,\\\"".utf8)
    return address.utf8.allSatisfy { (0x21...0x7E).contains($0) && !refused.contains($0) }
  }
}

/// Dates as headers have them, in UTC: `Wed, 10 Mar 2027 10:00:00 +0000` (RFC 5322, 3.3).
enum MailDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]

  static func text(of date: Date) -> String {
    let moment = LocalMoment(date, in: .gmt)
    // 1970-01-01 was a Thursday.
    let day = Int((date.timeIntervalSince1970 / 86_400).rounded(.down))
    let weekday = weekdays[((day % 7) + 7) % 7]
    return "\(weekday), \(moment.date.day) \(months[moment.date.month - 1]) \(moment.date.year) "
      + "\(moment.time.fullDescription) +0000"
  }
}
