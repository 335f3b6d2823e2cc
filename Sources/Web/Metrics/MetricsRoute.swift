import Collection
import Hummingbird
import Metrics
import Storage

/// Counts requests and how long they took, by the route's template and the status.
struct RequestMetrics: RouterMiddleware {
  typealias Context = WebContext

  let metrics: PrometheusMetrics

  /// Methods are anybody's to invent; what is counted by name is not.
  private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .delete]

  func handle(
    _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    let response = try await next(request, context)
    let duration = ContinuousClock.now - start
    let method = Self.methods.contains(request.method) ? request.method.rawValue : "other"
    let route = context.endpointPath ?? "none"
    Counter(
      label: "longwell_requests_total",
      dimensions: [("method", method), ("route", route), ("status", "\(response.status.code)")],
      factory: metrics
    ).increment()
    Metrics.Timer(
      label: "longwell_request_seconds", dimensions: [("route", route)], factory: metrics
    ).recordNanoseconds(Int64((duration / .nanoseconds(1)).rounded()))
    return response
  }
}

/// `/metrics`: what whoever watches over the process scrapes, with a token of the scope `metrics`.
struct MetricsRoute: Sendable {
  let pages: ParticipantPages
  let metrics: PrometheusMetrics

  func add<Routes: RouterMethods>(to router: Routes) where Routes.Context == WebContext {
    router.get("metrics") { request, context in
      let (desk, researcher) = try await TeamAPI(pages: pages).caller(request, context)
      guard researcher.scopes?.contains(.metrics) == true else {
        throw CollectionError(.notAllowed, "metrics")
      }
      try await note(await desk.overview(of: researcher.sites))
      return Response(
        status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text)))
    }
  }

  /// Where the study stands, as levels; what is at zero is said, so that it can be waited for.
  private func note(_ overview: StudyOverview) async throws {
    func set(_ name: String, _ labels: [(String, String)] = [], _ value: Int) {
      Meter(label: name, dimensions: labels, factory: metrics).set(value)
    }
    for status in ParticipantStatus.allCases {
      set(
        "longwell_participants", [("status", status.rawValue)],
        overview.sites.reduce(0) { $0 + $1.participants[status, default: 0] })
    }
    for state in OccasionState.allCases {
      set(
        "longwell_occasions", [("state", state.rawValue)],
        overview.occasions.reduce(0) { $0 + $1.states[state, default: 0] })
    }
    for state in MessageState.allCases {
      set(
        "longwell_messages", [("state", state.rawValue)], overview.messages[state, default: 0])
    }
    set("longwell_concerns", [], overview.concerns)
    set("longwell_erasures_pending", [], overview.pendingErasures)
  }
}
