import Foundation

/// A port that nobody listens at.
enum FreePort {
  /// Asks the system for one, by listening for a moment.
  ///
  /// - Throws: ``CommandFailure`` where there is none.
  static func find(host: String) throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard descriptor >= 0, isBound else {
      throw CommandFailure(.refused, "no free port was found; name one with --port")
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
