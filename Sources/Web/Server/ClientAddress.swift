import HTTPTypes
import Hummingbird

/// Who is at the other end, behind the proxies that are trusted.
struct ClientAddress: Sendable {
  /// The addresses of the proxies in front of this server.
  let trusted: Set<String>

  /// The client's address: the connection's own, or the last one in `X-Forwarded-For` that is no
  /// trusted proxy's. What stands before that one, the client has written.
  func of(_ request: Request, _ context: WebContext) -> String {
    guard let peer = context.peer else { return "unknown" }
    guard trusted.contains(peer) else { return peer }
    let header = HTTPField.Name("X-Forwarded-For").map { request.headers[values: $0] } ?? []
    let chain = header.flatMap { $0.split(separator: ",") }.map { String($0.trimmed) }
    return chain.last { !trusted.contains($0) } ?? peer
  }

  /// What failures are counted by: an IPv4 address, or the /64 that an IPv6 address belongs to, because
  /// a household has all of it.
  static func network(of address: String) -> String {
    guard address.contains(":") else { return address }
    let halves = address.prefix { $0 != "%" }.split(separator: "::", maxSplits: 1)
    let groups = (halves.first ?? "").split(separator: ":").map(String.init)
    let isShort = address.contains("::")
    let padded =
      isShort && groups.count < 4
      ? groups + Array(repeating: "0", count: 4 - groups.count) : groups
    return padded.prefix(4).joined(separator: ":") + "::/64"
  }
}
