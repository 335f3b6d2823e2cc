import Crypto
import Foundation
import Identities
import Storage

/// What a researcher is handed once and keeps: the second factor, and codes for the day that it is lost.
package struct ResearcherCredentials: Sendable {
  package let secondFactor: OneTimePassword
  /// Each is 80 bits in Crockford's base 32, in groups, and opens the door once in the second factor's place.
  package let recoveryCodes: [String]

  static let codeCount = 8

  /// New ones from the system's generator, also in a rehearsal: the door is real.
  package init() {
    func random() -> [UInt8] { Secrets.system.key(for: "credentials") }
    secondFactor = OneTimePassword(secret: Array(random().prefix(OneTimePassword.bytes)))
    recoveryCodes = (0..<Self.codeCount).map { _ in
      InvitationCode.grouped(Crockford.text(of: random(), length: InvitationCode.length))
    }
  }

  var codeHashes: [String] { recoveryCodes.compactMap(InvitationCode.hash) }
}

extension ResearcherCredentials: CustomStringConvertible, CustomReflectable {
  /// They never print themselves.
  package var description: String { "a researcher's credentials" }
  /// They have nothing to show to a debugger's dump.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A secret that a researcher's browser or program shows: 130 bits from the system's generator, in
/// Crockford's base 32. The database keeps its SHA-256 alone.
package struct DoorToken: Hashable, Sendable {
  package let text: String
  static let prefix = "longwell_"

  /// - Parameter prefix: what programs' tokens begin with, so that those who look for secrets in public places
  ///   know them.
  init(prefix: String = "") {
    text = prefix + Crockford.text(of: Secrets.system.key(for: "token"), length: 26)
  }

  var hash: String { Self.hash(of: text) }

  static func hash(of text: String) -> String { ParticipantToken.digest(of: text).hexadecimal }
}

extension DoorToken: CustomStringConvertible, CustomReflectable {
  /// A token never prints itself.
  package var description: String { "a token" }
  /// A token has nothing to show to a debugger's dump.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

extension StudyDesk {
  /// The key of second factors, from that of the links: whoever copies the database alone has none.
  private func secondFactorKey(of researcher: UUID) throws -> SymmetricKey {
    let salt = withUnsafeBytes(of: researcher.uuid) { Array($0) }
    return try readLinkKey().derived(for: "second factor", salt: salt)
  }

  func sealed(_ secret: OneTimePassword, of researcher: UUID) throws -> [UInt8] {
    let box = try AES.GCM.seal(secret.secret, using: try secondFactorKey(of: researcher))
    guard let combined = box.combined else { throw CollectionError(.noLinkKey, "sealing") }
    return Array(combined)
  }

  /// - Throws: ``CollectionError`` `noLinkKey` when it was sealed under another key.
  func secondFactor(of researcher: ResearcherRecord) throws -> OneTimePassword {
    let key = try secondFactorKey(of: researcher.uuid)
    guard let box = try? AES.GCM.SealedBox(combined: researcher.credentials.secondFactor),
      let secret = try? AES.GCM.open(box, using: key)
    else {
      throw CollectionError(
        .noLinkKey, researcher.name, detail: "its second factor was sealed with another key")
    }
    return OneTimePassword(secret: Array(secret))
  }
}
