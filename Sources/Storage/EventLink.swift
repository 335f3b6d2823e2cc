import Crypto

/// The bytes of a link, which are what is hashed: everything about the event but its content, which
/// stands in it as a keyed hash. A bare hash of "4" would be found in five tries; with the key gone,
/// the keyed one says nothing, and the chain still verifies.
struct EventLink {
  var chain: String
  var number: Int64
  var kind: String
  var happened: Int64
  var previous: String
  var contentMAC: String

  /// What stands in place of the hash before the first event.
  static let start = String(repeating: "0", count: 64)

  /// Canonical JSON, written out: an object with sorted names, and nothing in it needs quoting.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(320)
    bytes += "{\"at\":\(happened),\"chain\":\"".utf8
    bytes += chain.utf8
    bytes += "\",\"content\":\"".utf8
    bytes += contentMAC.utf8
    bytes += "\",\"kind\":\"".utf8
    bytes += kind.utf8
    bytes += "\",\"number\":\(number),\"previous\":\"".utf8
    bytes += previous.utf8
    bytes += "\"}".utf8
    return bytes
  }

  static func hash(of bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).withUnsafeBytes { Hexadecimal.text(of: $0) }
  }

  static func mac(of content: [UInt8], key: [UInt8]) -> String {
    HMAC<SHA256>.authenticationCode(for: content, using: SymmetricKey(data: key))
      .withUnsafeBytes { Hexadecimal.text(of: $0) }
  }
}
