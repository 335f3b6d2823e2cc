import Definitions
import Foundation
import LocalTime
import Storage
import Tables
import Testing

@testable import Analysis
@testable import Studies

@Suite struct ExposureTests {
  /// The first occasion of the first participant began an hour after this.
  static let enrolled = SampleStudy.enrolled

  /// A study that takes logs, with sessions of 30 minutes so many hours before the first occasion began.
  private func evaluator(
    hoursBefore: [Double], coveredDays: Double = 30, withheld: [String] = [],
    recall: Span? = nil, study: Span? = Span(days: 7)
  ) -> (ExposureEvaluator, OccasionRow, OccasionRow) {
    let rows = SampleStudy().rows
    let first = rows.occasions[0]
    let begun = Self.enrolled.addingTimeInterval(3600)
    let donation = DonationRecord(
      uuid: UUID(), source: "chatgpt", account: 1, isDaily: false, zone: "Europe/Amsterdam",
      coveredFrom: begun.addingTimeInterval(-coveredDays * 86_400),
      coveredUntil: begun.addingTimeInterval(86_400), consentVersion: 1, consentPart: "logs",
      lists: [], donated: begun)
    let sessions = hoursBefore.map { hours in
      InteractionSessionRow(
        donation: donation.uuid, started: begun.addingTimeInterval(-hours * 3600),
        ended: begun.addingTimeInterval(-hours * 3600 + 1800), numbers: [.userMessages: 2])
    }
    let logs = ParticipantLogs(
      pseudonym: first.occasion.pseudonym, donations: [donation],
      rows: InteractionRows(
        sessions: sessions,
        days: withheld.map { InteractionDayRow(withheld: $0, donation: donation.uuid) }))
    var outline = SampleStudy().outline
    outline.logs = LogPlan(sources: ["chatgpt"], exposure: study)
    for index in outline.occasions.indices { outline.occasions[index].recall = recall }
    return (ExposureEvaluator([logs], study: outline), first, rows.occasions[3])
  }

  private func value(
    _ name: String, _ evaluator: ExposureEvaluator, _ row: OccasionRow
  ) throws -> Double? {
    evaluator.result(try #require(ExposureName(name)), for: row).value
  }

  @Test(arguments: [
    ("exposure.minutes", true), ("exposure_3d.affect", true), ("exposure_day.sessions", true),
    ("exposure_1d_lag1.minutes", true), ("exposure_lag2.has_log", true), ("exposure.mood", false),
    ("exposure_x.minutes", false), ("exposure_0d.minutes", false), ("exposures.minutes", false),
    ("exposure_1d_lag0.minutes", false), ("needs-3.need", false), ("exposure", false),
  ])
  func namesAreRead(name: String, isOne: Bool) {
    #expect((ExposureName(name) != nil) == isOne)
  }

  @Test func theWindowIsHalfOpenAndEndsWhereTheSessionBegan() throws {
    let (evaluator, row, _) = evaluator(hoursBefore: [168, 24, 0.25, 0, 168.5])
    #expect(try value("exposure.sessions", evaluator, row) == 3)
    // One that was going on is cut at either end; the one that begins with the occasion is not in it.
    #expect(try value("exposure.minutes", evaluator, row) == 30 + 30 + 15)
    #expect(try value("exposure_1d.sessions", evaluator, row) == 2)
    #expect(try value("exposure_1d_lag6.sessions", evaluator, row) == 1)
    #expect(try value("exposure_day.sessions", evaluator, row) == 1)
    #expect(try value("exposure_day_lag1.sessions", evaluator, row) == 1)
    // Six whole days and the two parts of a seventh.
    let covered = try #require(try value("exposure.covered_days", evaluator, row))
    #expect(abs(covered - 7) < 1e-12)
  }

  @Test func theColumnWinsOverTheStudyAndTheStudyOverTheInstrument() throws {
    let (own, row, _) = evaluator(hoursBefore: [50, 20], recall: Span(days: 1))
    #expect(try value("exposure.sessions", own, row) == 2)
    #expect(try value("exposure_1d.sessions", own, row) == 1)
    let (recalled, other, _) = evaluator(
      hoursBefore: [50, 20], recall: Span(days: 1), study: nil)
    #expect(try value("exposure.sessions", recalled, other) == 1)
    let (none, last, _) = evaluator(hoursBefore: [50, 20], study: nil)
    #expect(try value("exposure.sessions", none, last) == nil)
  }

  @Test func notDonatedNotCoveredWithheldAndZeroAreFourThings() throws {
    let name = try #require(ExposureName("exposure_2d.minutes"))
    let (silent, row, stranger) = evaluator(hoursBefore: [])
    #expect(silent.result(name, for: row).value == 0)
    #expect(silent.result(name, for: stranger).reason == .notDonated)
    #expect(try value("exposure.has_log", silent, stranger) == 0)
    #expect(try value("exposure.has_log", silent, row) == 1)
    let (uncovered, early, _) = evaluator(hoursBefore: [], coveredDays: -0.5)
    #expect(uncovered.result(name, for: early).reason == .notCovered)
    let (kept, back, _) = evaluator(
      hoursBefore: [], withheld: ["2026-01-10", "2026-01-11", "2026-01-12"])
    #expect(kept.result(name, for: back).reason == .withheld)
    #expect(try value("exposure_2d.withheld_days", kept, back) == 3)
  }

  /// Thirty minutes on each of ten days, as logs of days of so many accounts, with a chat log that ended before.
  private func days(accounts: Int, chatsUntil days: Double?) -> (ExposureEvaluator, OccasionRow) {
    let first = SampleStudy().rows.occasions[0]
    let begun = Self.enrolled.addingTimeInterval(3600)
    func donation(_ source: String, _ account: Int, until: Date) -> DonationRecord {
      DonationRecord(
        uuid: UUID(), source: source, account: account, isDaily: source == "csv-days",
        zone: "Europe/Amsterdam", coveredFrom: begun.addingTimeInterval(-40 * 86_400),
        coveredUntil: until, consentVersion: 1, consentPart: "logs", lists: [], donated: begun)
    }
    var donations = (1...accounts).map { donation("csv-days", $0, until: begun) }
    let rows = donations.flatMap { donation in
      (1...10).map { number in
        InteractionDayRow(
          donation: donation.uuid, day: String(format: "2026-01-%02d", 12 - number),
          numbers: [.minutes: 30])
      }
    }
    if let days {
      donations.append(
        donation("chatgpt", 1, until: begun.addingTimeInterval(-days * 86_400)))
    }
    let logs = ParticipantLogs(
      pseudonym: first.occasion.pseudonym, donations: donations, rows: InteractionRows(days: rows))
    var outline = SampleStudy().outline
    outline.logs = LogPlan(sources: ["csv-days", "chatgpt"], exposure: Span(days: 7))
    return (ExposureEvaluator([logs], study: outline), first)
  }

  @Test(arguments: [(1, nil), (2, nil), (1, 12.0)] as [(Int, Double?)])
  func logsOfDaysCountEachDateOnceAndNeverAsZero(accounts: Int, chatsUntil: Double?) throws {
    let (evaluator, row) = days(accounts: accounts, chatsUntil: chatsUntil)
    #expect(try value("exposure.covered_days", evaluator, row) == 7)
    #expect(try value("exposure.minutes", evaluator, row) == Double(7 * 30 * accounts))
    #expect(try value("exposure.active_days", evaluator, row) == 7)
    #expect(try value("exposure.sessions", evaluator, row) == nil)
  }

  @Test func aPlanMayUseExposureWhereTheStudyTakesLogs() throws {
    let text = SampleStudy.plan.replacing(
      "    wave: index", with: "    wave: index\n    minutes: exposure.minutes")
    let plan = try #require(SampleStudy.load(text).plan)
    var refused = Problems()
    plan.check(against: SampleStudy().outline, problems: &refused)
    #expect(refused.sorted.contains { $0.description.contains("takes no logs") })

    var outline = SampleStudy().outline
    outline.logs = LogPlan(sources: ["chatgpt"], exposure: Span(days: 7))
    var fine = Problems()
    plan.check(against: outline, problems: &fine)
    #expect(!fine.hasErrors)
    outline.logs = LogPlan(sources: ["chatgpt"], exposure: nil)
    var open = Problems()
    plan.check(against: outline, problems: &open)
    #expect(open.sorted.contains { $0.description.contains("without a window") })
    outline.logs = LogPlan(sources: ["chatgpt"], exposure: Span(days: 7))
    let table = try AnalysisTable(plan: plan, study: outline, data: SampleStudy().rows).table
    let column = try #require(table["minutes"])
    #expect(column.unit == "minutes" && column.label == "minutes of use")
    #expect(column.missingReasons?.allSatisfy { $0 == .notDonated } == true)

    let tables = try StudyExport(study: outline, data: SampleStudy().rows).tables()
    #expect(
      Set(tables.map(\.name)).isSuperset(of: ["exposures", "conversations", "days"]))
  }
}
