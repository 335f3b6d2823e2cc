import Crypto
package import Foundation

/// Where keys and UUIDs come from: the system's generator, or a seed for rehearsals.
///
/// Seeded values are a function of what they are for (`event 3 of chain …`), not of the order in
/// which they are asked for: one seed gives one database, whatever is run in parallel. Databases
/// of real people refuse a seed, because who knows it could guess what was erased.
package enum Secrets: Sendable, Hashable {
  case system
  case seeded(UInt64)

  /// Whether the values can be repeated.
  var isSeeded: Bool { self != .system }

  /// 32 bytes for the purpose named.
  package func key(for purpose: String) -> [UInt8] {
    switch self {
    case .system:
      return SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    case .seeded(let seed):
      var text = "longwell rehearsal \(seed) \(purpose)"
      return text.withUTF8 { bytes in
        var hash = SHA256()
        hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
        return Array(hash.finalize())
      }
    }
  }

  /// A version 4 UUID (RFC 9562) for the purpose named.
  package func uuid(for purpose: String) -> UUID {
    guard isSeeded else { return UUID() }
    var bytes = Array(key(for: "uuid \(purpose)").prefix(16))
    bytes[6] = (bytes[6] & 0x0F) | 0x40
    return UUID(variant: bytes)
  }

  /// A version 8 UUID (RFC 9562) for the purpose named, which begins with the last six bytes of another:
  /// the rows of one person lie together in an index by UUID, and planning somebody's occasions touches a
  /// page of it or two instead of eighty.
  ///
  /// The last six, because prompts are drawn from the first eight; 74 bits are the purpose's own.
  package func uuid(for purpose: String, beside other: UUID) -> UUID {
    var bytes = Array(key(for: "uuid \(purpose)").prefix(16))
    withUnsafeBytes(of: other.uuid) { other in
      for place in 0..<6 { bytes[place] = other[10 + place] }
    }
    bytes[6] = (bytes[6] & 0x0F) | 0x80
    return UUID(variant: bytes)
  }
}

extension UUID {
  /// The UUID of sixteen bytes, with the variant that RFC 9562 asks for put in its place.
  fileprivate init(variant bytes: [UInt8]) {
    var bytes = bytes
    bytes[8] = (bytes[8] & 0x3F) | 0x80
    self = bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
  }
}
