package import Collection
package import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import NIOSSL

/// A study on the web.
///
/// It finishes what it has accepted before it ends: on SIGTERM or SIGINT it takes no more connections,
/// answers what has been asked, and returns.
package struct WebServer: Sendable {
  let study: RunningDesk
  let settings: WebSettings
  let renderer: PageRenderer
  let clock: @Sendable () -> Date
  let wait: @Sendable (TimeInterval) async throws -> Void
  let passwords: PasswordWork
  let logger: Logger

  /// - Parameters:
  ///   - desk: the study; its writes share transactions from here on.
  ///   - clock: the time; a fixed one in tests.
  ///   - wait: waits for some seconds; not at all in tests.
  ///   - passwords: checks those of the study team.
  ///   - logger: takes a line for each request: route, status, duration. No address, answer or token.
  /// - Throws: the parser's error for a template in the binary that cannot be read.
  package init(
    _ desk: StudyDesk, settings: WebSettings, passwords: PasswordWork = PasswordWork(),
    logger: Logger,
    clock: @escaping @Sendable () -> Date = { Date() },
    wait: @escaping @Sendable (TimeInterval) async throws -> Void = {
      try await Task.sleep(for: .seconds($0))
    }
  ) throws {
    study = RunningDesk(desk.sharingCommits())
    self.settings = settings
    renderer = try PageRenderer()
    self.clock = clock
    self.wait = wait
    self.passwords = passwords
    self.logger = logger
  }

  /// How long a connection may stay without a byte, in seconds: longer than a slow phone takes between
  /// two packets, shorter than what lets a few slow clients hold every connection.
  static let idle: Int64 = 30

  /// Listens until told to stop.
  ///
  /// - Parameter whenReady: is called with the port once requests are taken.
  /// - Throws: ``PortTaken``, or an error of the system when the certificate cannot be read.
  package func run(whenReady: @escaping @Sendable (Int) async -> Void) async throws {
    do { try await application(whenReady: whenReady).runService() } catch let error as IOError
      where error.errnoCode == EADDRINUSE
    {
      throw PortTaken(host: settings.host, port: settings.port)
    }
  }

  func application(
    whenReady: @escaping @Sendable (Int) async -> Void = { _ in }
  ) throws -> Application<RouterResponder<WebContext>> {
    var quiet = logger
    quiet.logLevel = max(.notice, logger.logLevel)
    return Application(
      responder: router().buildResponder(), server: try server(),
      configuration: ApplicationConfiguration(
        address: .hostname(settings.host, port: settings.port)),
      onServerRunning: { channel in
        await whenReady(channel.localAddress?.port ?? settings.port)
      }, logger: quiet)
  }

  private func server() throws -> HTTPServerBuilder {
    let plain = HTTPServerBuilder.http1(
      configuration: .init(
        additionalChannelHandlers: [ArrivalDeadline()], idleTimeout: .seconds(Self.idle),
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: 16 * 1024, maxHeaderListSize: 32 * 1024, maxHeaderFieldCount: 100)))
    guard let certificate = settings.certificate else { return plain }
    let chain = try NIOSSLCertificate.fromPEMFile(certificate.chain.path)
    let key = try NIOSSLPrivateKey(file: certificate.key.path, format: .pem)
    return try .tls(
      plain,
      tlsConfiguration: .makeServerConfiguration(
        certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key)))
  }

  /// For whoever watches over the process: whether it lives, and whether it can read its database.
  private func addHealth(to router: Router<WebContext>) {
    router.get("health") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "text/plain"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: "ok\n")))
    }
    router.get("ready") { _, _ in
      _ = try await study.current()
      return Response(
        status: .ok, headers: [.contentType: "text/plain"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: "ready\n")))
    }
  }

  /// Every route, behind what holds for all of them.
  func router() -> Router<WebContext> {
    let router = Router(context: WebContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: RequestLog(logger: logger))
    let metrics = PrometheusMetrics()
    router.add(middleware: RequestMetrics(metrics: metrics))
    router.add(middleware: SecurityHeaders(isSecure: settings.isSecure))
    let pages = ParticipantPages(
      study: study, settings: settings, renderer: renderer, clock: clock, wait: wait)
    router.add(middleware: ProblemPages(pages: pages))
    router.add(middleware: OriginCheck(origin: settings.origin))
    let study = router.group(RouterPath(settings.path))
    pages.add(to: study)
    TeamPages(pages: pages, work: passwords).add(to: study)
    let api = study.group(RouterPath(ParticipantAPI.folder))
    ParticipantAPI(pages: pages).add(to: api)
    TeamAPI(pages: pages).add(to: api)
    addHealth(to: router)
    MetricsRoute(pages: pages, metrics: metrics).add(to: router)
    return router
  }
}

/// Somebody else listens at the port.
package struct PortTaken: Error, CustomStringConvertible {
  let host: String
  let port: Int

  /// One line: what, and what to do.
  package var description: String {
    "\(host):\(port) is taken by another program; name another port with --port"
  }
}
