import Collection
import Foundation
import Instruments
import LocalTime
import Messages
import Storage
import Studies
import Synchronization
import Testing

@Suite("The outbox")
struct OutboxTests {
  @Test func `after a restoration, what may have gone out since the backup waits for a person`()
    async throws
  {
    let office = try await PostOffice()
    // One hour after the opening the study is restored from a backup of the day before.
    try await office.desk.database.write {
      try $0.recordRestoration(ofBackupFrom: Stage.start, at: PostOffice.hours(1))
    }
    try await office.step(at: PostOffice.hours(1.5))
    #expect(office.carrier.sent.isEmpty)
    let waiting = try await office.desk.messages(in: [.uncertain])
    #expect(waiting.map(\.record.kind) == [.opening])
    #expect(waiting.first?.record.failure == "the study was restored from a backup")
    // What is due later goes out, and what a person sends on its way.
    let message = try #require(waiting.first).record.uuid
    try await office.desk.decide(.resend, about: message, now: PostOffice.hours(1.6))
    try await office.step(at: PostOffice.hours(1.7))
    #expect(office.carrier.sent.map(\.kind) == ["opening"])
    try await office.step(at: PostOffice.hours(24.5))
    #expect(office.carrier.sent.map(\.kind) == ["opening", "reminder"])
    #expect(try await office.desk.database.verify() == [])
  }

  @Test func `a wave has an opening message and its reminders, once each, by day`() async throws {
    let office = try await PostOffice()
    var generator = SeededGenerator(seed: 1)
    let moments = Mutex<[String]>([])
    let scheduler = office.scheduler(
      try office.messenger(), from: Stage.start, until: Stage.after(hours: 24 * 12)
    ) { note in
      guard case .message(let record) = note else { return }
      moments.withLock { $0.append("\(record.kind.rawValue) \(record.due.utcText)") }
    }
    try await scheduler.run(using: &generator)
    // The second reminder, 44 hours after 09:00, falls on 05:00: quiet until 08:00.
    #expect(
      moments.withLock { $0 } == [
        "opening 2026-01-13T08:00:00Z", "reminder 2026-01-14T08:00:00Z",
        "reminder 2026-01-15T07:00:00Z", "opening 2026-01-20T08:00:00Z",
        "reminder 2026-01-21T08:00:00Z", "reminder 2026-01-22T07:00:00Z",
      ])
    #expect(office.carrier.sent.count == 6)
    #expect(try await office.states() == Array(repeating: .sent, count: 6))
    #expect(try await office.desk.database.verify() == [])
  }

  @Test func `messages have the personal link, and nothing personal in subject or link`()
    async throws
  {
    let office = try await PostOffice()
    try await office.step(at: PostOffice.hours(0))
    try await office.step(at: PostOffice.hours(24))
    let token = try await office.desk.token(of: office.pseudonym, now: Stage.start)
    for message in office.carrier.sent {
      #expect(message.body.contains("https://study.example.org/p/\(token.text)"))
      #expect(
        message.unsubscribe?.absoluteString
          == "https://study.example.org/p/\(token.text)/unsubscribe")
      for personal in ["Ann", "ann@", office.pseudonym] {
        #expect(!message.subject.contains(personal))
        #expect(message.unsubscribe?.absoluteString.contains(personal) == false)
      }
    }
    let reminder = try #require(office.carrier.sent.last)
    #expect(reminder.subject == "Still open")
    #expect(reminder.body.contains("until 2026-01-15 09:00 (Europe/Amsterdam)"))
    #expect(reminder.body.contains("Ask Study team <team@example.org>."))
  }

  @Test func `who submits is thanked, and reminded no more`() async throws {
    let office = try await PostOffice()
    try await office.step(at: PostOffice.hours(0))
    let session = try await office.stage.begin(
      "week", of: office.pseudonym, now: PostOffice.hours(1))
    try await office.stage.save("m1", .number(4), in: session, now: PostOffice.hours(1))
    try await office.desk.submit(session, now: PostOffice.hours(1))
    for hour in 1..<60 { try await office.step(at: PostOffice.hours(Double(hour))) }
    #expect(office.carrier.sent.map(\.kind) == ["opening", "thanks"])
  }

  @Test func `who has begun is not told that it opened, but reminded`() async throws {
    let office = try await PostOffice()
    _ = try await office.stage.begin("week", of: office.pseudonym, now: PostOffice.hours(0.1))
    for hour in [0.2, 24, 47] { try await office.step(at: PostOffice.hours(hour)) }
    #expect(office.carrier.sent.map(\.kind) == ["reminder", "reminder"])
  }

  enum Silence: CaseIterable { case withdrawn, unsubscribed, paused }

  @Test(arguments: Silence.allCases)
  func `nothing comes to people who are`(_ silence: Silence) async throws {
    let office = try await PostOffice()
    switch silence {
    case .withdrawn:
      try await office.desk.withdraw(office.pseudonym, .stopAndKeep, now: Stage.start)
    case .unsubscribed:
      try await office.desk.withdraw(office.pseudonym, .stopReminders, now: Stage.start)
    case .paused:
      // It opens before the pause is decided; the reminders would fall into it.
      let first = try #require(LocalDate("2026-01-13"))
      let last = try #require(LocalDate("2026-01-16"))
      try await office.desk.pause(office.pseudonym, on: first...last, now: PostOffice.hours(0))
    }
    for hour in [0.5, 24, 47] { try await office.step(at: PostOffice.hours(hour)) }
    #expect(office.carrier.sent.isEmpty)
  }

  @Test func `after a standstill people get the latest message, not all`() async throws {
    let office = try await PostOffice()
    try await office.step(at: PostOffice.hours(30))
    #expect(office.carrier.sent.map(\.kind) == ["reminder"])
  }

  @Test func `after a standstill nothing goes out in quiet hours`() async throws {
    let office = try await PostOffice()
    // 22:00 by the clocks of the participant; quiet until 08:00, when the reminder is not due yet.
    let next = try await office.step(at: PostOffice.hours(13))
    #expect(office.carrier.sent.isEmpty)
    let end = try #require(next)
    #expect(end == PostOffice.hours(23))
    try await office.step(at: end)
    #expect(office.carrier.sent.map(\.kind) == ["opening"])
  }

  @Test func `another attempt waits for the end of quiet hours`() async throws {
    let office = try await PostOffice()
    office.carrier.fail([CarrierFailure(.temporary, "SMTP 451")])
    try await office.step(at: PostOffice.hours(11.99))
    // Its pause is over at night.
    let next = try await office.step(at: PostOffice.hours(13))
    #expect(office.carrier.sent.isEmpty)
    #expect(next == PostOffice.hours(23))
    try await office.step(at: PostOffice.hours(23))
    #expect(office.carrier.sent.map(\.kind) == ["opening"])
  }

  @Test func `a publication sends no reminder twice`() async throws {
    let office = try await PostOffice()
    try await office.step(at: PostOffice.hours(0))
    try await office.step(at: PostOffice.hours(24))
    let edited = try EditedStudy("reminders")
    try edited.edit(
      "study.yaml",
      edits: [("version: 1.0.0", "version: 1.1.0"), ("[24h, 44h]", "[12h, 24h, 44h]")])
    let desk = try await office.desk.publish(
      try edited.folder(), for: .everyone, now: PostOffice.hours(24.5)
    ).desk
    let due = try await desk.database.read {
      try desk.messageAgenda(at: PostOffice.hours(25), channels: [.email], in: $0).due
    }
    #expect(due.isEmpty)
    // The next wave has the new one.
    let later = try await desk.database.read {
      try desk.messageAgenda(
        at: PostOffice.hours(7 * 24 + 24.1), channels: [.email], in: $0
      ).due.map(\.record.number)
    }
    #expect(later == [1])
  }

  @Test func `a message by each channel that reaches a person`() async throws {
    let office = try await PostOffice()
    let other = KeepingCarrier(.webhook)
    let messenger = try office.messenger([office.carrier, other])
    try await office.step(at: PostOffice.hours(0), messenger)
    try await office.step(at: PostOffice.hours(0.1), messenger)
    #expect(office.carrier.sent.count == 1)
    #expect(other.sent.count == 1)
  }

  @Test func `who has no address is shown, once`() async throws {
    let office = try await PostOffice(email: nil)
    try await office.step(at: PostOffice.hours(0))
    try await office.step(at: PostOffice.hours(0.1))
    let listed = try await office.desk.messages(in: [.failed])
    #expect(listed.map(\.record.failure) == ["no address"])
  }

  // MARK: Failures

  @Test func `a reported failure is tried again, later each time, and given up in the open`()
    async throws
  {
    let office = try await PostOffice()
    office.carrier.fail(Array(repeating: CarrierFailure(.temporary, "SMTP 451"), count: 100))
    var moments: [Date] = []
    var now = PostOffice.hours(0)
    for _ in 0..<8 {
      try await office.step(at: now)
      let record = try #require(
        try await office.desk.messages(in: [.waiting, .failed]).first?.record)
      guard let next = record.next else { break }
      moments.append(now)
      now = next
    }
    let pauses = zip(moments.dropFirst() + [now], moments).map { $0.timeIntervalSince($1) }
    #expect(pauses.count == 7)
    for (attempt, pause) in pauses.enumerated() {
      let whole = min(3600, 60 * Double(1 << attempt))
      #expect(pause >= whole / 2 - 0.001 && pause <= whole + 0.001)
    }
    let failed = try await office.desk.messages(in: [.failed])
    #expect(failed.map(\.record.failure) == ["SMTP 451, given up after 8 attempts"])
    #expect(office.carrier.sent.isEmpty)
    #expect(try await office.desk.database.verify() == [])
    // A person can let it go again.
    let id = try #require(failed.first?.record.uuid)
    office.carrier.fail([])
    try await office.desk.decide(.resend, about: id, now: now)
    try await office.step(at: now)
    #expect(office.carrier.sent.count == 1)
  }

  @Test func `what waits is dropped when it is no longer needed`() async throws {
    let office = try await PostOffice()
    office.carrier.fail([CarrierFailure(.temporary, "no connection")])
    try await office.step(at: PostOffice.hours(0))
    try await office.desk.withdraw(office.pseudonym, .stopReminders, now: PostOffice.hours(0))
    try await office.step(at: PostOffice.hours(1))
    #expect(try await office.states() == [.dropped])
    #expect(office.carrier.sent.isEmpty)
  }

  @Test func `a permanent failure is not tried again`() async throws {
    let office = try await PostOffice()
    office.carrier.fail([CarrierFailure(.permanent, "SMTP 550")])
    try await office.step(at: PostOffice.hours(0))
    try await office.step(at: PostOffice.hours(5))
    #expect(try await office.states() == [.failed])
  }

  @Test(arguments: [StudyDesk.MessageDecision.wasSent, .resend])
  func `what is unanswered waits for a person`(decision: StudyDesk.MessageDecision) async throws {
    let office = try await PostOffice()
    office.carrier.fail([CarrierFailure(.unanswered, "no answer to the text")])
    for hour in [0.0, 1, 5] { try await office.step(at: PostOffice.hours(hour)) }
    #expect(office.carrier.sent.count == 1)
    let listed = try await office.desk.messages(in: [.uncertain])
    let id = try #require(listed.first?.record.uuid)
    try await office.desk.decide(decision, about: id, now: PostOffice.hours(6))
    try await office.step(at: PostOffice.hours(6))
    #expect(office.carrier.sent.count == (decision == .resend ? 2 : 1))
    #expect(try await office.states() == [.sent])
    let refused = await refusal {
      try await office.desk.decide(.resend, about: id, now: PostOffice.hours(7))
    }
    #expect(refused?.code == .notOpenToDecision)
    #expect(try await office.desk.database.verify() == [])
  }

  // MARK: Crashes

  /// Every step of six messages, and then some that are not reached.
  static let crashes = Messenger.Step.allCases.flatMap { step in (0..<6).map { (step, $0) } }

  @Test(arguments: crashes)
  func `after a crash each message was sent once, or is listed as uncertain`(
    step: Messenger.Step, occurrence: Int
  ) async throws {
    let office = try await PostOffice()
    let seen = Mutex(0)
    let messenger = try office.messenger { reached in
      guard reached == step else { return }
      let isNow = seen.withLock { count in
        defer { count += 1 }
        return count == occurrence
      }
      if isNow { throw PostOffice.Crash() }
    }
    let hours: [Double] = [0, 24, 47, 168, 192, 215]
    let moments = hours.map(PostOffice.hours)
    for moment in moments {
      do { try await office.step(at: moment, messenger) } catch is PostOffice.Crash {
        // Whoever comes after the crash knows nothing but the database.
        try await office.step(at: moment)
      }
    }
    let listed = try await office.desk.messages(in: Set(MessageState.allCases))
    #expect(listed.count == 6)
    let sent = Dictionary(grouping: office.carrier.sent, by: \.id).mapValues(\.count)
    for record in listed.map(\.record) {
      let times = sent[record.uuid] ?? 0
      switch record.state {
      case .sent: #expect(times == 1)
      case .uncertain: #expect(times <= 1)
      default: Issue.record("\(record.state)")
      }
    }
    let uncertain = listed.count { $0.record.state == .uncertain }
    #expect(uncertain == (step == .claimed || step == .handedOver ? 1 : 0))
    #expect(try await office.desk.database.verify() == [])
  }

  @Test func `two senders at once send one message`() async throws {
    let office = try await PostOffice()
    let messenger = try office.messenger()
    let now = PostOffice.hours(0)
    let due = try #require(try await messenger.agenda(at: now).due.first)
    await withTaskGroup(of: Void.self) { group in
      for seed in 0..<20 {
        group.addTask {
          var generator = SeededGenerator(seed: UInt64(seed))
          _ = try? await messenger.deliver(due, clock: { now }, using: &generator)
        }
      }
    }
    #expect(office.carrier.sent.count == 1)
    #expect(try await office.states() == [.sent])
  }

  // MARK: Clocks, locks and versions

  @Test func `whoever runs for long goes on with the version that is published meanwhile`()
    async throws
  {
    let office = try await PostOffice()
    let edited = try EditedStudy("reminders")
    try edited.edit("study.yaml", edits: [("version: 1.0.0", "version: 1.1.0")])
    let scheduler = office.scheduler(
      try office.messenger(), from: Stage.start, until: PostOffice.hours(1))
    _ = try await office.desk.publish(try edited.folder(), for: .everyone, now: Stage.start)
    var generator = SeededGenerator(seed: 1)
    try await scheduler.run(using: &generator)
    #expect(office.carrier.sent.map(\.kind) == ["opening"])
  }

  @Test(arguments: [-7200.0, 7200, 1])
  func `a clock that was moved is noted`(seconds: TimeInterval) async throws {
    let office = try await PostOffice()
    var generator = SeededGenerator(seed: 1)
    let notes = Mutex<[TimeInterval]>([])
    let scheduler = office.scheduler(
      try office.messenger(), from: PostOffice.hours(-10), until: PostOffice.hours(-4),
      moved: seconds
    ) { note in
      if case .clockJumped(let seconds) = note { notes.withLock { $0.append(seconds.rounded()) } }
    }
    try await scheduler.run(using: &generator)
    #expect(notes.withLock { $0 } == (seconds == 1 ? [] : [seconds]))
    #expect(try await office.desk.database.verify() == [])
  }

  @Test func `an erasure that had to wait is done by the scheduler`() async throws {
    let office = try await PostOffice()
    let folder = office.stage.folder
    let ledger = ErasureLedger(at: folder.appendingPathComponent("erasures.jsonl"))
    try await office.desk.withdraw(office.pseudonym, .stopAndErase, now: Stage.start)
    #expect(try await office.desk.pendingErasures().count == 1)
    var generator = SeededGenerator(seed: 1)
    let scheduler = Scheduler(
      desk: office.desk, messenger: try office.messenger(),
      erasures: ErasurePlaces(
        contacts: folder.appendingPathComponent("identities.db"), ledger: ledger),
      clock: LeapingClock(from: PostOffice.hours(0), until: .distantFuture))
    try await scheduler.step(using: &generator)
    #expect(try await office.desk.pendingErasures() == [])
    #expect(try await office.desk.database.verify() == [])
  }

  @Test func `one process at a time`() async throws {
    let office = try await PostOffice()
    let file = office.stage.folder.appendingPathComponent("run.lock")
    func hold() throws -> CollectionError? {
      let lock = try InstanceLock(at: file)
      var refused: CollectionError?
      do { _ = try InstanceLock(at: file) } catch let error as CollectionError { refused = error }
      _ = consume lock
      return refused
    }
    #expect(try hold()?.code == .alreadyRunning)
    _ = try InstanceLock(at: file)
  }
}
