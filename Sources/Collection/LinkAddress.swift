import Foundation

/// Where participants reach the study: the address that every personal link begins with.
///
/// It is configured, never taken from a request, so that nobody can make the study send links to a
/// host of theirs.
package struct LinkAddress: Hashable, Sendable, CustomStringConvertible {
  /// `https://study.example.org/panel`, without a slash at its end.
  package let description: String

  /// Reads an address: `https`, a host, perhaps a port and a path; `http` for this machine alone.
  package init?(_ text: String) {
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard let parts = URLComponents(string: trimmed), let scheme = parts.scheme,
      let host = parts.host, !host.isEmpty, parts.query == nil, parts.fragment == nil,
      parts.user == nil, parts.password == nil,
      trimmed.unicodeScalars.allSatisfy({ (0x21...0x7E).contains($0.value) })
    else { return nil }
    let isHere = ["localhost", "127.0.0.1", "[::1]", "::1"].contains(host)
    guard scheme == "https" || scheme == "http" && isHere else { return nil }
    description = String(trimmed.reversed().drop { $0 == "/" }.reversed())
  }

  /// What a right address looks like, for messages.
  package static let expected =
    "an address such as https://study.example.org (http for localhost alone)"

  /// The personal link that holds a token.
  package func link(_ token: ParticipantToken) -> String { "\(description)/p/\(token.text)" }
}
