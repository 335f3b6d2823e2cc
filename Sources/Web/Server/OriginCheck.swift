import HTTPTypes
import Hummingbird

/// Refuses what another site's page sends here.
///
/// Browsers say where a form or a script comes from (`Origin`, or `Sec-Fetch-Site` where a policy hides
/// it). What says neither is no browser of this decade: it is let pass, because only who has a personal
/// link can do anything with it, and researchers' forms carry a secret of their own.
struct OriginCheck: RouterMiddleware {
  typealias Context = WebContext

  /// The scheme, host and port that people reach the server by.
  let origin: String

  func handle(
    _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    if request.method != .get, request.method != .head, !isOwn(request) {
      throw WebProblem.foreignOrigin
    }
    return try await next(request, context)
  }

  private func isOwn(_ request: Request) -> Bool {
    if let site = HTTPField.Name("Sec-Fetch-Site").flatMap({ request.headers[$0] }) {
      guard site == "same-origin" || site == "none" else { return false }
    }
    guard let sent = request.headers[.origin] else { return true }
    return sent == origin
  }
}
