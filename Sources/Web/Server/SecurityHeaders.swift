import HTTPTypes
import Hummingbird

/// The headers that every answer has.
///
/// A page loads its style sheet, its script and nothing else, from here; it is shown in nobody's frame,
/// kept in no cache, and names itself to no other site. The referrer goes to this site only: browsers
/// that are told to send none send forms without an `Origin`.
struct SecurityHeaders: RouterMiddleware {
  typealias Context = WebContext

  /// Whether people reach the server by https, so that browsers may be told to stay with it.
  let isSecure: Bool

  static let policy = """
    default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
    worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'
    """

  func handle(
    _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    var response = try await next(request, context)
    response.headers[.contentSecurityPolicy] = Self.policy
    response.headers[.xContentTypeOptions] = "nosniff"
    for (name, value) in [
      ("Referrer-Policy", "same-origin"), ("X-Frame-Options", "DENY"),
      ("Cross-Origin-Opener-Policy", "same-origin"),
      ("Cross-Origin-Resource-Policy", "same-origin"),
      ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
      ("X-Robots-Tag", "noindex, nofollow"),
    ] {
      if let field = HTTPField.Name(name) { response.headers[field] = value }
    }
    if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    if isSecure {
      // Of this host alone: a study under a path has no say over its institution's other hosts.
      response.headers[.strictTransportSecurity] = "max-age=31536000"
    }
    return response
  }
}
