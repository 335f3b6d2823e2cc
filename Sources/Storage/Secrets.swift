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
    case .system: SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    case .seeded(let seed): Self.digest(seed, purpose).withUnsafeBytes { Array($0) }
    }
  }

  /// A version 4 UUID (RFC 9562) for the purpose named.
  package func uuid(for purpose: String) -> UUID {
    var bytes = bytes(for: purpose)
    bytes.6 = (bytes.6 & 0x0F) | 0x40
    bytes.8 = (bytes.8 & 0x3F) | 0x80
    return UUID(uuid: bytes)
  }

  /// A version 8 UUID (RFC 9562) for the purpose named, which begins with the last six bytes of another:
  /// the rows of one person lie together in an index by UUID, and planning somebody's occasions touches a
  /// page of it or two instead of eighty.
  ///
  /// The last six, because prompts are drawn from the first eight; 74 bits are the purpose's own.
  package func uuid(for purpose: String, beside other: UUID) -> UUID {
    var bytes = bytes(for: purpose)
    let other = other.uuid
    (bytes.0, bytes.1, bytes.2) = (other.10, other.11, other.12)
    (bytes.3, bytes.4, bytes.5) = (other.13, other.14, other.15)
    bytes.6 = (bytes.6 & 0x0F) | 0x80
    bytes.8 = (bytes.8 & 0x3F) | 0x80
    return UUID(uuid: bytes)
  }

  /// Bytes for a UUID, but those that say its version and variant.
  private func bytes(for purpose: String) -> uuid_t {
    switch self {
    case .system: UUID().uuid
    case .seeded(let seed):
      Self.digest(seed, "uuid \(purpose)").withUnsafeBytes { $0.loadUnaligned(as: uuid_t.self) }
    }
  }

  private static func digest(_ seed: UInt64, _ purpose: String) -> SHA256Digest {
    var text = "longwell rehearsal \(seed) \(purpose)"
    return text.withUTF8 { bytes in
      var hash = SHA256()
      hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
      return hash.finalize()
    }
  }
}
