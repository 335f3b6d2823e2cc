import ArgumentParser
import Collection
import Foundation
import Logging
import Messages
import Storage
import Web

/// `longwell serve`: a study on the web.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve a study on the web, and keep it going.",
    discussion: """
      Participants answer at their personal links (longwell link); where the study lets people join by
      themselves, they do so at /join. Beside serving it does what longwell run does: it closes what
      has expired and sends what is due. SIGTERM and SIGINT let it finish what was begun.

      --rehearsal serves a copy of the study with simulated people in a folder that is removed at the
      end, and prints the link of one of them to try it out; nothing is sent to anybody.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Option(help: ArgumentHelp("The port to listen at; 0 for any that is free.", valueName: "port"))
  var port = 8080

  @Option(help: ArgumentHelp("The address to listen at.", valueName: "address"))
  var host = "127.0.0.1"

  @Option(
    help: ArgumentHelp(
      "Where participants reach the study, such as https://study.example.org (default: the one that "
        + "longwell link --address has kept).",
      valueName: "url"))
  var baseURL: String?

  @Option(help: ArgumentHelp("The certificate chain, a PEM file.", valueName: "file"))
  var tlsCert: String?

  @Option(help: ArgumentHelp("The certificate's private key, a PEM file.", valueName: "file"))
  var tlsKey: String?

  @Option(
    help: ArgumentHelp(
      "The address of a proxy in front of it, whose X-Forwarded-For is believed.",
      valueName: "address"))
  var trustedProxy: [String] = []

  @Flag(help: "Serve a simulated copy, to try the study out.")
  var rehearsal = false

  @Flag(help: "Print one line of JSON when requests are taken.")
  var json = false

  func validate() throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError("--port takes a number from 0 to 65535")
    }
    guard (tlsCert == nil) == (tlsKey == nil) else {
      throw ValidationError("--tls-cert and --tls-key go together")
    }
  }

  func run() async throws {
    // Participants' exports are read in its memory.
    CrashTraces.leaveNone()
    guard rehearsal else { return try await serve(try await realDoor()) }
    let copy = try RehearsalCopy(of: directory)
    defer { copy.remove() }
    try await serve(try await copy.start(now: Date()), isCopy: true)
  }

  private func realDoor() async throws -> StudyDoor {
    let door = try await StudyDoor.openOrStart(directory, for: .enrolling, now: Date())
    guard !door.isRehearsal else {
      throw CommandFailure(
        .refused, "this folder holds a rehearsal: add --rehearsal to serve a copy of its study")
    }
    return door
  }

  private func serve(_ door: StudyDoor, isCopy: Bool = false) async throws {
    let given = try givenAddress(door)
    let messenger = isCopy ? nil : try CarrierDoor.messenger(for: door, at: given)
    let lock = try InstanceLock(at: door.places.lock)
    // With port 0 the address is known once the system has chosen one: the socket comes first.
    let port = self.port == 0 && given == nil ? try FreePort.find(host: host) : self.port
    let address = try given ?? localAddress(port: port)
    var logger = Logger(label: "longwell") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .info
    let server = try WebServer(
      door.desk,
      settings: WebSettings(
        address: address, host: host, port: port, trustedProxies: Set(trustedProxy),
        certificate: tlsCert.flatMap { chain in
          tlsKey.map { (chain: URL(filePath: chain), key: URL(filePath: $0)) }
        }, erasurePlaces: door.erasurePlaces), logger: logger)
    let greeting = try await greeting(door, address: address, isCopy: isCopy)
    let clock = RunningClock()
    let scheduler = Scheduler(
      desk: door.desk, messenger: messenger, erasures: door.erasurePlaces, clock: clock,
      note: RunCommand.say)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        var generator = SystemRandomNumberGenerator()
        try await scheduler.run(using: &generator)
      }
      group.addTask {
        defer { clock.stop() }
        do { try await server.run { _ in greeting.show() } } catch let error as PortTaken {
          throw CommandFailure(.refused, error.description)
        }
      }
      try await group.waitForAll()
    }
    Console.raw("Stopped; nothing was left half done.")
    try door.desk.database.close()
    _ = consume lock
  }

  private func givenAddress(_ door: StudyDoor) throws -> LinkAddress? {
    guard let baseURL else {
      guard !rehearsal, FileManager.default.fileExists(atPath: door.places.addressFile.path) else {
        return nil
      }
      return try door.places.linkAddress()
    }
    guard let address = LinkAddress(baseURL) else {
      throw CommandFailure(
        .usage,
        "--base-url: found \(TerminalText.safe(baseURL)), expected \(LinkAddress.expected)")
    }
    return address
  }

  private func localAddress(port: Int) throws -> LinkAddress {
    let scheme = tlsCert == nil ? "http" : "https"
    guard let address = LinkAddress("\(scheme)://localhost:\(port)") else {
      throw CommandFailure(.usage, "--port: found \(port), expected a port")
    }
    return address
  }

  private func greeting(
    _ door: StudyDoor, address: LinkAddress, isCopy: Bool
  ) async throws -> ServeGreeting {
    guard isCopy else {
      return ServeGreeting(address: "\(address)", isJSON: json)
    }
    let token = try await RehearsalCopy.participant(of: door.desk, now: Date())
    return ServeGreeting(
      address: "\(address)", participantLink: address.link(token), apiToken: token.text,
      isJSON: json)
  }
}
