import Foundation
import Synchronization

/// One connection to a server on this machine that stays open, with one request at a time (HTTP/1.1, RFC
/// 9112): no more than load needs, so that the client takes little of the processors that it measures.
struct HTTPConnection: ~Copyable {
  private let socket: Int32
  private var buffer = [UInt8](repeating: 0, count: 65_536)

  /// What went wrong with a request.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  init(port: Int) throws(Failure) {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let outcome = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard outcome == 0 else { throw Failure(description: "no connection to port \(port)") }
    var on: Int32 = 1
    setsockopt(
      socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit { close(socket) }

  /// Sends a request and waits for its answer.
  ///
  /// - Returns: the status and the bytes of the body.
  mutating func send(_ request: [UInt8]) throws(Failure) -> (status: Int, body: [UInt8]) {
    var sent = 0
    while sent < request.count {
      let count = request.withUnsafeBytes {
        Glibc.send(
          socket, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure(description: "the server closed the connection") }
      sent += count
    }
    var received: [UInt8] = []
    while true {
      if let answer = Self.answer(in: received) { return answer }
      let count = buffer.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
      guard count > 0 else { throw Failure(description: "the server closed the connection") }
      received += buffer[..<count]
    }
  }

  /// The answer that bytes hold, once all of it is there.
  private static func answer(in bytes: [UInt8]) -> (status: Int, body: [UInt8])? {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).lowercased()
      .components(separatedBy: "\r\n")
    let length =
      lines.first { $0.hasPrefix("content-length:") }
      .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
    guard bytes.count >= end.upperBound + length else { return nil }
    let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return (status, Array(bytes[end.upperBound..<(end.upperBound + length)]))
  }

  /// A request's bytes.
  static func request(
    _ method: String, _ path: String, port: Int, fields: [(String, String)] = [], body: String = ""
  ) -> [UInt8] {
    let head =
      [
        "\(method) \(path) HTTP/1.1", "Host: localhost:\(port)",
        "Content-Length: \(body.utf8.count)",
      ]
      + fields.map { "\($0.0): \($0.1)" }
    return Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
  }
}

/// Requests over many connections at once.
enum HTTPLoad {
  /// What a load came to.
  struct Outcome: Sendable {
    var elapsed = 0.0
    /// Seconds of each piece of work, in ascending order.
    var latencies: [Double] = []
    var bytes = 0

    /// How many pieces of work a second.
    var rate: Double { Double(latencies.count) / elapsed }

    /// The latency that a share of the work stayed within, in seconds.
    func quantile(_ share: Double) -> Double {
      latencies.isEmpty
        ? .nan : latencies[min(latencies.count - 1, Int(share * Double(latencies.count)))]
    }

    var text: String {
      String(
        format: "%.0f a second; p50 %@ ms, p99 %@ ms", rate, milliseconds(quantile(0.5)),
        milliseconds(quantile(0.99)))
    }
  }

  /// Does each piece of work, a few requests one after the other, on the next connection that is free.
  ///
  /// - Throws: the first failure, or an answer that is no success.
  static func run(
    _ work: [[[UInt8]]], connections: Int, port: Int
  ) throws -> Outcome {
    struct State {
      var next = 0
      var latencies: [Double] = []
      var bytes = 0
      var failure: HTTPConnection.Failure?
    }
    let state = Mutex(State())
    let clock = ContinuousClock()
    @Sendable func converse() throws(HTTPConnection.Failure) {
      var connection = try HTTPConnection(port: port)
      while true {
        let index = state.withLock { state in
          defer { state.next += 1 }
          return state.failure == nil ? state.next : work.count
        }
        guard index < work.count else { return }
        let begun = clock.now
        var bytes = 0
        for request in work[index] {
          let (status, body) = try connection.send(request)
          guard (200..<400).contains(status) else {
            throw HTTPConnection.Failure(
              description: "status \(status): \(String(decoding: body.prefix(300), as: UTF8.self))")
          }
          bytes += body.count
        }
        let seconds = begun.duration(to: clock.now).seconds
        state.withLock {
          $0.latencies.append(seconds)
          $0.bytes += bytes
        }
      }
    }
    let begun = clock.now
    let done = DispatchSemaphore(value: 0)
    for _ in 0..<connections {
      Thread.detachNewThread {
        do throws(HTTPConnection.Failure) { try converse() } catch {
          state.withLock { $0.failure = $0.failure ?? error }
        }
        done.signal()
      }
    }
    for _ in 0..<connections { done.wait() }
    let elapsed = begun.duration(to: clock.now).seconds
    return try state.withLock { state in
      if let failure = state.failure { throw failure }
      return Outcome(elapsed: elapsed, latencies: state.latencies.sorted(), bytes: state.bytes)
    }
  }
}
