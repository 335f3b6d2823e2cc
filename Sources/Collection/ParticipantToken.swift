import Crypto
import Foundation
import Identities

/// The secret in a personal link: who has it is taken for the person that it was made for.
///
/// 130 bits of an HMAC-SHA-256 under the study's link key of the person's UUID and a generation, in
/// Crockford's base 32: 26 small letters and digits without i, l, o and u. So a reminder can
/// contain it without its being stored, and raising the generation revokes it. The database keeps
/// its SHA-256 alone.
package struct ParticipantToken: Hashable, Sendable {
  /// The 26 characters, for links and nothing else.
  package let text: String
  /// Which of the person's tokens it is, from 1.
  package let generation: Int

  static let length = 26

  /// The token of a person; the same each time.
  init(of person: UUID, generation: Int, key: SecretKey) {
    let message = "longwell link/\(person.uuidString.lowercased())/\(generation)"
    text = Crockford.text(
      of: key.authenticationCode(for: Array(message.utf8)), length: Self.length)
    self.generation = generation
  }

  /// Whether a text has the form of a token, as far as its spelling tells.
  static func isSpelled(_ text: String) -> Bool {
    text.utf8.count == length && text.allSatisfy(Crockford.alphabet.contains)
  }

  /// What the database keeps of it.
  var digest: SHA256.Digest { Self.digest(of: text) }

  static func digest(of text: String) -> SHA256.Digest { SHA256.hash(data: Array(text.utf8)) }
}

extension ParticipantToken: CustomStringConvertible, CustomReflectable {
  /// A token never prints itself: whoever reads it can answer for the person.
  package var description: String { "a participant's token" }
  /// A token has nothing to show to a debugger's dump.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Sequence<UInt8> {
  /// In lower-case hexadecimal digits.
  var hexadecimal: String {
    map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }
}
