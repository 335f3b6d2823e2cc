import Crypto
package import Foundation

/// The second factor: six digits of an app, new every half minute (TOTP, RFC 6238, with HMAC-SHA-1 as
/// RFC 4226 has it, because that is what every app knows).
package struct OneTimePassword: Hashable, Sendable {
  /// 160 bits, as RFC 4226 recommends.
  let secret: [UInt8]

  static let bytes = 20
  static let digits = 6
  /// For how many seconds a code is shown.
  static let period = 30
  /// By how many steps a telephone's clock may be off, either way.
  static let slack = 1

  /// The secret as apps take it when it is typed, in Base32 (RFC 4648).
  package var spelled: String {
    Crockford.text(
      of: secret, length: secret.count * 8 / 5,
      alphabet: Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
  }

  /// The address that a QR code hands to an app (`otpauth:`).
  package func address(study: String, name: String) -> String {
    let allowed = CharacterSet(
      charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    func encoded(_ text: String) -> String {
      text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }
    let issuer = encoded("Longwell \(study)")
    return "otpauth://totp/\(issuer):\(encoded(name))?secret=\(spelled)&issuer=\(issuer)"
      + "&algorithm=SHA1&digits=\(Self.digits)&period=\(Self.period)"
  }

  /// The time step of a moment.
  static func step(at now: Date) -> Int { Int(now.timeIntervalSince1970) / period }

  /// The code of a time step.
  func code(at step: Int) -> String {
    let message = withUnsafeBytes(of: UInt64(step).bigEndian) { Array($0) }
    let mac = Array(
      HMAC<Insecure.SHA1>.authenticationCode(for: message, using: SymmetricKey(data: secret)))
    let offset = Int(mac[mac.count - 1] & 15)
    let number = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
    let text = String(number % 1_000_000)
    return String(repeating: "0", count: Self.digits - text.count) + text
  }

  /// The code that an app shows at a moment.
  package func code(at now: Date) -> String { code(at: Self.step(at: now)) }

  /// Whether an app shows a code at a moment, or did half a minute before.
  package func shows(_ typed: String, at now: Date) -> Bool {
    step(of: typed, after: 0, now: now) != nil
  }

  /// The time step that a code belongs to, about now and after the last that was taken; nil for a wrong
  /// code and for one that was used.
  func step(of typed: String, after last: Int, now: Date) -> Int? {
    let given = Array(typed.filter { !$0.isWhitespace }.utf8)
    let current = Self.step(at: now)
    var found: Int?
    // Every step is compared, whichever fits.
    for step in max(0, current - Self.slack)...current + Self.slack
    where ConstantTime.areEqual(given, Array(code(at: step).utf8)) && step > last {
      found = step
    }
    return found
  }
}

extension OneTimePassword: CustomStringConvertible, CustomReflectable {
  /// A secret never prints itself.
  package var description: String { "a second factor" }
  /// A secret has nothing to show to a debugger's dump.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
