import Hummingbird
import Logging

/// A line for each request: the route's template, the status and how long it took. What the path holds,
/// tokens above all, is in no log; neither are addresses.
struct RequestLog: RouterMiddleware {
  typealias Context = WebContext

  let logger: Logger

  func handle(
    _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    let response = try await next(request, context)
    let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
    logger.info(
      "request",
      metadata: [
        "method": "\(request.method.rawValue)", "route": "\(context.endpointPath ?? "none")",
        "status": "\(response.status.code)",
        "milliseconds": "\((milliseconds * 10).rounded() / 10)",
      ])
    return response
  }
}
