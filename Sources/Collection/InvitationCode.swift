import Crypto
import Foundation
import Identities

/// A code that lets one person join: printed on a card, typed by hand, used once.
///
/// 80 bits of an HMAC-SHA-256 under the study's link key of the invitation's UUID, in Crockford's
/// base 32, shown in groups: `7K3M-9QXT-A2B4-C6D8`. The database keeps its SHA-256 alone.
package struct InvitationCode: Hashable, Sendable {
  /// The sixteen characters in four groups.
  package let text: String

  init(of invitation: UUID, key: SecretKey) {
    let message = "longwell code/\(invitation.uuidString.lowercased())"
    let spelled = Crockford.text(
      of: key.authenticationCode(for: Array(message.utf8)), length: Self.length)
    text = Self.grouped(spelled)
  }

  static let length = 16

  static func grouped(_ text: String) -> String {
    let characters = Array(text.uppercased())
    return stride(from: 0, to: characters.count, by: 4).map {
      String(characters[$0..<min($0 + 4, characters.count)])
    }.joined(separator: "-")
  }

  /// What the database keeps of it.
  var hash: String { Self.hash(of: text) ?? "" }

  /// The hash of a code as somebody typed it, in any case, with or without groups, O for 0 and I or
  /// L for 1; nil for what cannot be one.
  static func hash(of typed: String) -> String? {
    let plain = typed.lowercased().filter { !$0.isWhitespace && $0 != "-" }
      .replacing("o", with: "0").replacing("i", with: "1").replacing("l", with: "1")
    guard plain.count == length, plain.allSatisfy(Crockford.alphabet.contains) else { return nil }
    return SHA256.hash(data: Array(plain.utf8)).hexadecimal
  }
}

extension InvitationCode: CustomStringConvertible {
  /// A code never prints itself: whoever reads it can join in somebody's place.
  package var description: String { "an invitation's code" }
}

/// Crockford's base 32 in small letters: no i, l, o, u.
enum Crockford {
  static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

  /// The first bits of a code, five to a character, in this alphabet or another.
  static func text(
    of code: [UInt8], length: Int, alphabet: [Character] = Crockford.alphabet
  ) -> String {
    var characters: [Character] = []
    var waiting: (bits: UInt32, count: UInt32) = (0, 0)
    for byte in code {
      waiting = ((waiting.bits << 8 | UInt32(byte)) & 0xFFFF, waiting.count + 8)
      while waiting.count >= 5, characters.count < length {
        waiting.count -= 5
        characters.append(alphabet[Int(waiting.bits >> waiting.count & 31)])
      }
    }
    return String(characters)
  }
}
