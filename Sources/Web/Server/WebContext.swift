import Hummingbird
import NIOCore

/// What is known of a request besides itself.
struct WebContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The address at the other end of the connection; nil where there is none, in tests.
  let peer: String?

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    peer = source.channel.remoteAddress?.ipAddress
  }
}
