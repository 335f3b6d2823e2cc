import Collection
import Foundation
import Identities
import Messages
import Storage
import Studies
import Synchronization
import Testing

/// A carrier that keeps what it is given, or fails as it is told.
final class KeepingCarrier: Carrier {
  let channel: Channel
  private let kept = Mutex<[OutgoingMessage]>([])
  private let failing = Mutex<[CarrierFailure]>([])

  init(_ channel: Channel = .email) { self.channel = channel }

  /// What went out, oldest first.
  var sent: [OutgoingMessage] { kept.withLock { $0 } }

  /// Lets the next messages fail, one after the other.
  func fail(_ failures: [CarrierFailure]) { failing.withLock { $0 = failures } }

  func send(_ message: OutgoingMessage) async throws(CarrierFailure) {
    let failure = failing.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    // What is unanswered may well have arrived.
    if failure == nil || failure?.outcome == .unanswered { kept.withLock { $0.append(message) } }
    if let failure { throw failure }
  }
}

/// A clock that jumps to whatever is waited for, until an end.
final class LeapingClock: SchedulerClock {
  private struct State {
    var now: Date
    var uptime: TimeInterval = 0
    var waits: [Date] = []
  }

  private let state: Mutex<State>
  private let end: Date
  /// How far the clock on the wall is moved at its third reading.
  private let moved: TimeInterval

  init(from start: Date, until end: Date, moved: TimeInterval = 0) {
    state = Mutex(State(now: start))
    self.end = end
    self.moved = moved
  }

  func now() -> Date { state.withLock { $0.now } }
  func uptime() -> TimeInterval { state.withLock { $0.uptime } }
  var isStopping: Bool { now() >= end }

  func wait(until moment: Date) async -> Bool {
    state.withLock { state in
      state.uptime += moment.timeIntervalSince(state.now)
      state.now = moment
      if state.waits.count == 2 { state.now += moved }
      state.waits.append(moment)
      return state.now < end
    }
  }
}

/// The study that writes, with its keys and contacts, one participant, and a carrier.
final class PostOffice: Sendable {
  /// An interruption, as a crash would make one.
  struct Crash: Error {}

  let stage: Stage
  let desk: StudyDesk
  let carrier = KeepingCarrier()
  let pseudonym: String

  /// Enrolled on Monday 12 January 2026 at 11:00 in Amsterdam: the first wave opens on Tuesday at 9.
  static let opening = Stage.start.addingTimeInterval(22 * 3600)

  init(email: String? = "ann@example.org", fixture: String = "reminders") async throws {
    stage = try await Stage(withIdentities: true, fixture: fixture)
    desk = try await StudyDesk.open(
      stage.database, identities: stage.desk.identities, allocationSeed: 1,
      linkKey: .forRehearsal(seed: 3), now: Stage.start)
    var generator = SystemRandomNumberGenerator()
    pseudonym = try await desk.enrol(
      Enrolment(
        zone: "Europe/Amsterdam", contact: ContactDetails(name: "Ann\r\nBcc: x@y.org", email: email)
      ),
      agreeingTo: ["surveys"], now: Stage.start, using: &generator
    ).participant.pseudonym
  }

  func messenger(
    _ carriers: [any Carrier]? = nil,
    interruption: @escaping @Sendable (Messenger.Step) throws -> Void = { _ in }
  ) throws -> Messenger {
    Messenger(
      desk: desk, carriers: carriers ?? [carrier],
      links: try #require(LinkAddress("https://study.example.org")), interruption: interruption)
  }

  /// A scheduler that lives through a stretch of time; nothing happens behind its back, so it sleeps
  /// long.
  func scheduler(
    _ messenger: Messenger, from start: Date, until end: Date, moved: TimeInterval = 0,
    note: @escaping @Sendable (Scheduler.Note) -> Void = { _ in }
  ) -> Scheduler {
    Scheduler(
      desk: desk, messenger: messenger,
      clock: LeapingClock(from: start, until: end, moved: moved), longestSleep: 3600, note: note)
  }

  /// One step of a scheduler at a moment.
  @discardableResult
  func step(at now: Date, _ messenger: Messenger? = nil) async throws -> Date? {
    var generator = SeededGenerator(seed: 1)
    let messenger = try messenger ?? self.messenger()
    return try await Scheduler(
      desk: desk, messenger: messenger,
      clock: LeapingClock(from: now, until: .distantFuture)
    ).step(using: &generator)
  }

  func states() async throws -> [MessageState] {
    try await desk.messages(in: Set(MessageState.allCases)).map(\.record.state)
  }

  static func hours(_ hours: Double) -> Date { opening.addingTimeInterval(hours * 3600) }
}
