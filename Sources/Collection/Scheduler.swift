package import Foundation
package import Storage

/// Time, as a scheduler knows it: to ask for and to wait for.
package protocol SchedulerClock: Sendable {
  /// The clock on the wall.
  func now() -> Date
  /// Seconds since some moment, by a clock that nobody sets.
  func uptime() -> TimeInterval
  /// Waits until a moment.
  ///
  /// - Returns: false when it is time to stop instead.
  func wait(until moment: Date) async -> Bool
  /// Whether it is time to stop.
  var isStopping: Bool { get }
}

/// Keeps a study going: closes what has expired, sends what is due, settles what was interrupted,
/// and sleeps until the next moment.
///
/// It is a value with one `run`, which ends when its clock says so; what was begun is finished
/// first. One at a time may run for a study: its caller holds the ``InstanceLock``.
package struct Scheduler: Sendable {
  /// Something worth a line in a log; it names nobody.
  package enum Note: Hashable, Sendable {
    case closed(Closing)
    case message(MessageRecord)
    case interrupted(messages: Int)
    case clockJumped(seconds: TimeInterval)
    case enrolmentsSettled(finished: Int, undone: Int)
    case erasuresPending(Int)
    case postponed(because: String)
  }

  package private(set) var desk: StudyDesk
  /// Nobody is written to without one.
  package private(set) var messenger: Messenger?
  /// What erasures that wait have to reach; without it they wait on.
  let erasures: ErasurePlaces?
  let clock: any SchedulerClock
  let note: @Sendable (Note) -> Void

  /// The longest sleep, in seconds: other processes enrol and submit meanwhile, and nothing wakes the
  /// scheduler for it.
  let longestSleep: TimeInterval
  /// From how many seconds on a difference between the clocks is a jump: what network time corrects
  /// by itself is far below, a wrong time zone or date far above.
  static let jump: TimeInterval = 120

  package init(
    desk: StudyDesk, messenger: Messenger?, erasures: ErasurePlaces? = nil,
    clock: any SchedulerClock, longestSleep: TimeInterval = 60,
    note: @escaping @Sendable (Note) -> Void = { _ in }
  ) {
    self.desk = desk
    self.messenger = messenger
    self.erasures = erasures
    self.clock = clock
    self.longestSleep = longestSleep
    self.note = note
  }

  /// Runs until the clock says to stop.
  ///
  /// - Parameter generator: gives the jitter of pauses before another attempt.
  /// - Throws: ``CollectionError``, `StorageError` other than a database that is busy or a disk that
  ///   is full, which it outlasts.
  package func run(using generator: inout some RandomNumberGenerator) async throws {
    var last = (wall: clock.now(), uptime: clock.uptime())
    var scheduler = self
    repeat {
      try await noteJump(since: &last)
      let now = clock.now()
      var next = now.addingTimeInterval(longestSleep)
      do {
        try await scheduler.refresh()
        if let moment = try await scheduler.step(using: &generator) { next = min(next, moment) }
      } catch let error as StorageError where error.code == .busy || error.code == .diskFull {
        note(.postponed(because: error.description))
      }
      // A second at least, so that what cannot be done does not keep the machine busy.
      next = max(next, clock.now().addingTimeInterval(1))
      guard await clock.wait(until: next) else { return }
    } while !clock.isStopping
  }

  /// Learns of the versions that another process has published meanwhile.
  private mutating func refresh() async throws {
    desk = try await desk.refreshed()
    messenger?.desk = desk
  }

  /// Does once what there is to do now.
  ///
  /// - Returns: when there is something to do next, as far as is known.
  /// - Throws: ``CollectionError``, `StorageError`, `IdentityError`.
  @discardableResult
  package func step(using generator: inout some RandomNumberGenerator) async throws -> Date? {
    let next = try await keepGoing(using: &generator)
    guard let erasures else { return next }
    // Last, because an erasure that has to wait must not keep anybody from being written to.
    let waiting = try await desk.completeErasures(at: erasures, now: clock.now())
    if !waiting.isEmpty { note(.erasuresPending(waiting.count)) }
    return next
  }

  private func keepGoing(
    using generator: inout some RandomNumberGenerator
  ) async throws -> Date? {
    let now = clock.now().wholeMilliseconds
    let interrupted = try await desk.settleInterruptedMessages(now: now)
    if interrupted > 0 { note(.interrupted(messages: interrupted)) }
    if desk.identities != nil {
      let (finished, undone) = try await desk.settlePendingEnrolments(now: now)
      if !finished.isEmpty || !undone.isEmpty {
        note(.enrolmentsSettled(finished: finished.count, undone: undone.count))
      }
    }
    let closing = try await desk.closeExpired(now: now)
    if closing != Closing() { note(.closed(closing)) }
    var next = try await desk.database.read { try $0.nextOccasionMoment(after: now) }
    guard let messenger else { return next }
    let agenda = try await messenger.agenda(at: now)
    for due in agenda.due {
      guard !clock.isStopping else { break }
      let clock = clock
      let sent = try await messenger.deliver(
        due, clock: { clock.now().wholeMilliseconds }, using: &generator)
      guard let sent else { continue }
      note(.message(sent))
      next = [next, sent.next].compactMap(\.self).min()
    }
    return [next, agenda.next].compactMap(\.self).min()
  }

  private func noteJump(since last: inout (wall: Date, uptime: TimeInterval)) async throws {
    let current = (wall: clock.now(), uptime: clock.uptime())
    let expected = last.wall.addingTimeInterval(current.uptime - last.uptime)
    last = current
    let difference = current.wall.timeIntervalSince(expected)
    guard abs(difference) >= Self.jump else { return }
    note(.clockJumped(seconds: difference))
    try await desk.database.write { transaction in
      try transaction.recordClockJump(from: expected, to: current.wall)
    }
  }
}
