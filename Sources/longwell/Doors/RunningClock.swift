import Collection
import Dispatch
import Foundation
import Synchronization

/// The machine's clocks, and the signals that ask a running command to stop.
final class RunningClock: SchedulerClock {
  private struct State {
    var isStopping = false
    var sleep: Task<Void, Never>?
  }

  private let state = Mutex(State())
  private let start = ContinuousClock.now

  func now() -> Date { Date() }

  /// Counts on while the machine sleeps, so that waking up is no jump of the clock.
  func uptime() -> TimeInterval {
    start.duration(to: .now) / .seconds(1)
  }

  var isStopping: Bool { state.withLock { $0.isStopping } }

  func wait(until moment: Date) async -> Bool {
    let seconds = max(0, moment.timeIntervalSinceNow)
    let sleep = Task { _ = try? await Task.sleep(for: .seconds(seconds)) }
    let isStopping = state.withLock { state in
      if state.isStopping { sleep.cancel() }
      state.sleep = sleep
      return state.isStopping
    }
    guard !isStopping else { return false }
    await sleep.value
    return !self.isStopping
  }

  /// Ends the wait; what was begun is finished by who began it.
  func stop() {
    state.withLock { state in
      state.isStopping = true
      state.sleep?.cancel()
    }
  }

  /// Runs `body`, and stops this clock when the system or somebody at the terminal asks to.
  func heedingSignals<T>(_ body: () async throws -> T) async rethrows -> T {
    let sources = [SIGTERM, SIGINT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { self.stop() }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    return try await body()
  }
}

/// A clock that stands at a moment that was chosen, for a rehearsal's single step.
struct StandingClock: SchedulerClock {
  var moment: Date

  func now() -> Date { moment }
  func uptime() -> TimeInterval { 0 }
  func wait(until moment: Date) async -> Bool { false }
  var isStopping: Bool { false }
}
