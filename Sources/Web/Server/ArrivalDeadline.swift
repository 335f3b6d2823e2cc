import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes the connection of who sends a request more slowly than any phone: a byte now and then would keep a
/// connection, and what waits for its end, for ever.
///
/// Heads are the business of the idle time-out, which bytes alone do not put off. A class because the channel
/// owns it.
final class ArrivalDeadline: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart

  /// What any body may take, in seconds: the longest form over a line of 8 KiB a second.
  static let usual: Int64 = 60
  /// The slowest line that larger bodies are waited for on, in bytes a second: that of an old phone in a train.
  static let slowest: Int64 = 8 * 1024
  /// What the largest upload may take, in seconds.
  static let longest: Int64 = 1800

  private var deadline: Scheduled<Void>?

  /// How long a body may take to arrive.
  ///
  /// - Parameter announced: its length; nil where the sender does not tell.
  static func time(for announced: Int64?) -> TimeAmount {
    .seconds(min(longest, usual + max(0, announced ?? 0) / slowest))
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      let announced = head.headerFields[.contentLength].flatMap { Int64($0) }
      let channel = context.channel
      deadline?.cancel()
      deadline = context.eventLoop.scheduleTask(in: Self.time(for: announced)) {
        channel.close(promise: nil)
      }
    case .body: break
    case .end: stop()
    }
    context.fireChannelRead(data)
  }

  func channelInactive(context: ChannelHandlerContext) {
    stop()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { stop() }

  private func stop() {
    deadline?.cancel()
    deadline = nil
  }
}
