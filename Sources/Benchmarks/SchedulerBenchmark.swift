import Collection
import Definitions
import Foundation
import Instruments
import Messages
import Storage
import Studies

/// Whether a million occasions hold up the scheduler: 12,500 people who join over a year, 80 prompts
/// each, through enrolment, consent and the database.
enum SchedulerBenchmark {
  private static let people = 12_500
  private static let timed = 10_000
  /// How many join in one transaction.
  private static let inTransaction = 500
  private static let start = Date(timeIntervalSince1970: 1_798_761_600)
  private static let year: TimeInterval = 365 * 86_400

  private static let study = """
    id: prompts
    version: 1.0.0
    title: Prompts
    languages: [en]
    timezone: participant
    contact: { name: Study team, email: team@example.org }
    consent:
      version: 1
      text: consent.md
      parts: [{ id: surveys, required: true }]
    messages: { opening: standard, reminder: standard }
    occasions:
      - id: prompt
        random: { per_day: 5, between: ["09:00", "21:00"], apart: 60m }
        days: 2-17
        open_for: 30m
        remind: [10m]
        instruments: [moment]
    """

  static func run() async throws {
    print("A million occasions: \(people) people over a year, 80 prompts each")
    let scratch = FileManager.default.temporaryDirectory
      .appending(path: "longwell-bench-\(UUID().uuidString)", directoryHint: .isDirectory)
    defer { try? FileManager.default.removeItem(at: scratch) }
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    try Data(study.utf8).write(to: scratch.appending(path: "study.yaml"))
    try Data("What taking part means.\n".utf8).write(to: scratch.appending(path: "consent.md"))
    var problems = Problems()
    guard let folder = StudyFolder.load(directory: scratch, problems: &problems) else {
      throw problems
    }
    let database = try ResearchDatabase.open(
      at: scratch.appending(path: "study.db"), mode: .create(kind: .simulated),
      secrets: .seeded(1))
    let desk = try await StudyDesk.open(
      database, publishing: folder, allocationSeed: 1, now: start)
    try await enrol(at: desk)

    // The state that a scheduler keeps: what has expired is closed.
    let now = start.addingTimeInterval(20 * 86_400 + 12 * 3600)
    _ = try await desk.closeExpired(now: now)
    let open = try await desk.due(now: now).count
    try await measure(database, "closing and looking for the next moment") {
      _ = try $0.overdueOccasions(at: now)
      _ = try $0.nextOccasionMoment(after: now)
    }
    try await measure(database, "messages that are due (\(open) occasions open)") {
      _ = try desk.messageAgenda(at: now, channels: [.email], in: $0)
    }
    try await measure(database, "everything that can be answered") {
      _ = try desk.due(now: now, in: $0)
    }
    try database.close()
  }

  private static func enrol(at desk: StudyDesk) async throws {
    var generator = SeededGenerator(seed: 1)
    let clock = ContinuousClock()
    let begun = clock.now
    let work = Measurement.processorSeconds()
    var planned = 0
    for first in stride(from: 0, to: people, by: inTransaction) {
      if first == timed {
        let seconds = begun.duration(to: clock.now).seconds
        print(
          String(
            format: "  materialising %d people × 80 occasions: %.2f s (%.2f s of processor; below "
              + "10 s wanted)",
            timed, seconds, Measurement.processorSeconds() - work))
        try SQLiteBound.print(ofRowsIn: desk.database.url, besides: seconds)
      }
      let before = generator
      let (next, count) = try await desk.database.writeBehind { transaction in
        var names = before
        var count = 0
        for number in first..<min(first + inTransaction, people) {
          let moment = start.addingTimeInterval(year * Double(number) / Double(people))
          count += try desk.enrol(
            Enrolment(zone: "Europe/Amsterdam", isSimulated: true), agreeingTo: ["surveys"],
            now: moment, using: &names, in: transaction
          ).planned
        }
        return (names, count)
      }
      generator = next
      planned += count
    }
    print("  occasions in the database: \(planned)")
  }

  private static func measure(
    _ database: ResearchDatabase, _ what: String,
    _ body: @Sendable (ResearchSnapshot) throws -> Void
  ) async throws {
    let measurement = try await database.read { snapshot in
      try Measurement.of({ try body(snapshot) }, runs: 21)
    }
    print("  \(what): \(measurement.text) (below 10 ms wanted)")
  }
}
