import Definitions
import Foundation
import LocalTime
import Testing

@testable import Studies

@Suite("Random prompts")
struct PromptTests {
  static let moments =
    "id: prompt, random: { per_day: 5, between: [\"09:00\", \"21:00\"], apart: 60m }, days: 1-14, "
    + "open_for: 30m, remind: [10m]"

  func plan(
    _ occasion: String, enrolled: String = "2026-03-20T07:00", in name: String = "Europe/Berlin",
    seed: UInt64 = 7
  ) throws -> [PlannedOccasion] {
    let zone = try timeZone(named: name)
    return try StudySamples.study(occasions: [occasion]).plannedOccasions(
      enrolled: try instant(iso8601: enrolled, in: zone), zone: zone, seed: seed)
  }

  @Test(
    "each day has its prompts, within the hours, an hour apart", arguments: 0..<20 as Range<UInt64>)
  func hold(seed: UInt64) throws {
    // Berlin's clocks change on the tenth day.
    let planned = try plan(Self.moments, seed: seed)
    #expect(planned.map(\.index) == Array(0..<70))
    let hours = try #require(ClockTime("09:00"))...(try #require(ClockTime("21:00")))
    #expect(planned.allSatisfy { hours.contains($0.opens.time) })
    let days = Dictionary(grouping: planned, by: \.opens.date)
    #expect(days.count == 14 && days.values.allSatisfy { $0.count == 5 })
    for (earlier, later) in zip(planned, planned.dropFirst()) {
      #expect(later.opens.instant.timeIntervalSince(earlier.opens.instant) >= 3600)
    }
    #expect(planned.allSatisfy { $0.closes == $0.opens.instant.addingTimeInterval(1800) })
    #expect(planned.allSatisfy { $0.reminders == [$0.opens.instant.addingTimeInterval(600)] })
  }

  @Test("a seed gives one plan, and other seeds give others")
  func seeded() throws {
    let first = try plan(Self.moments)
    #expect(first == (try plan(Self.moments)))
    #expect(first != (try plan(Self.moments, seed: 8)))
    // Days are independent of each other: fewer days, the same prompts.
    #expect(
      try plan(Self.moments.replacing("1-14", with: "[1, 3]")).map(\.opens)
        == first.map(\.opens).enumerated().filter { [0, 2].contains($0.offset / 5) }.map(\.element))
  }

  @Test("on the day of enrolment only what has not passed is created")
  func partialDay() throws {
    let whole = try plan(Self.moments)
    let late = try plan(Self.moments, enrolled: "2026-03-20T15:00")
    #expect(
      late == whole.filter { $0.opens.date > whole[0].opens.date || $0.opens.time.hour >= 15 })
    #expect(late.count < 70 && late.count >= 65)
  }

  @Test("hours that pass midnight belong to the day they began on")
  func midnight() throws {
    let planned = try plan(
      "id: night, random: { per_day: 3, between: [\"20:00\", \"02:00\"], apart: 30m }, "
        + "days: 1-30, open_for: 20m")
    #expect(planned.count == 90)
    #expect(planned.allSatisfy { $0.opens.time.hour >= 20 || $0.opens.time.hour <= 2 })
    #expect(planned.contains { $0.opens.time.hour < 2 })
  }

  @Test("a day that lost an hour has as many prompts as fit")
  func shortDay() throws {
    // From 01:00 to 04:00 there are two hours on 2026-03-29, and three on other days.
    let planned = try plan(
      "id: night, random: { per_day: 4, between: [\"01:00\", \"04:00\"], apart: 1h }, "
        + "days: 1-2, open_for: 20m", enrolled: "2026-03-28T00:30")
    #expect(planned.map(\.index) == [0, 1, 2, 3, 4, 5, 6])
  }

  @Test(
    "the distance holds over nights that lose an hour", arguments: 0..<60 as Range<UInt64>)
  func shortNights(seed: UInt64) throws {
    let planned = try plan(
      "id: p, random: { per_day: 5, between: [\"05:00\", \"01:00\"], apart: 4h }, days: 1-14, "
        + "open_for: 10m", seed: seed)
    #expect(planned.count >= 67)
    for (one, next) in zip(planned, planned.dropFirst()) {
      #expect(next.opens.instant.timeIntervalSince(one.opens.instant) >= 4 * 3600)
    }
  }

  @Test("a day that a zone left out has no prompts")
  func lostDay() throws {
    // Apia went from 29 to 31 December 2011.
    let planned = try plan(
      "id: p, random: { per_day: 4, between: [\"09:00\", \"21:00\"], apart: 2h }, days: 1-5, "
        + "open_for: 10m", enrolled: "2011-12-28T07:00", in: "Pacific/Apia")
    #expect(planned.map(\.index) == Array(0..<8) + Array(12..<20))
    #expect(planned.allSatisfy { (9...21).contains($0.opens.time.hour) })
    for (one, next) in zip(planned, planned.dropFirst()) {
      #expect(next.opens.instant.timeIntervalSince(one.opens.instant) >= 2 * 3600)
    }
  }

  @Test(
    "designs that a clock change can break are warned of",
    arguments: [
      ("per_day: 5, between: [\"05:00\", \"01:00\"], apart: 4h", "over night"),
      ("per_day: 13, between: [\"09:00\", \"21:00\"], apart: 60m", "in a day"),
      ("per_day: 5, between: [\"09:00\", \"21:00\"], apart: 60m", ""),
    ])
  func tight(random: String, warning: String) throws {
    var problems = Problems()
    _ = Study.load(
      Array(
        StudySamples.file(occasions: ["id: p, random: { \(random) }, days: 1-3, open_for: 10m"])
          .utf8),
      file: "study.yaml", problems: &problems)
    #expect(problems.list.map(\.severity) == (warning.isEmpty ? [] : [.warning]))
    #expect(problems.list.allSatisfy { $0.found.contains(warning) })
  }

  @Test("the draws are uniform over all moments that keep the distance")
  func uniform() throws {
    // Three of 0…12 with at least 2 between; every set has the same share.
    let (count, length, apart) = (3, 12, 2)
    var expected: [[Int]: Double] = [:]
    for first in 0...8 {
      for second in first...8 {
        for third in second...8 { expected[[first, second + 2, third + 4]] = 1 / 165 }
      }
    }
    var generator = SeededGenerator(seed: 1)
    let draws = 200_000
    var counts: [[Int]: Double] = [:]
    for _ in 0..<draws {
      counts[
        PromptDraw.moments(count, in: length, apart: apart, using: &generator), default: 0] += 1
    }
    #expect(Set(counts.keys) == Set(expected.keys))
    let square = expected.reduce(0) { sum, entry in
      let mean = entry.value * Double(draws)
      let difference = (counts[entry.key] ?? 0) - mean
      return sum + difference * difference / mean
    }
    // 165 sets; the 99.9th percentile of chi-squared with 164 degrees of freedom is 225.6 (R's qchisq).
    #expect(expected.count == 165)
    #expect(square < 225.6)
  }

  @Test("in continuous time the first of k moments has the mean of a uniform order statistic")
  func orderStatistics() {
    // The i-th of k sorted uniforms on [0, S] has the mean S·i/(k + 1); S = 43200 − 4·3600 = 28800.
    var generator = SeededGenerator(seed: 2)
    var sums = [Double](repeating: 0, count: 5)
    let draws = 40_000
    for _ in 0..<draws {
      let moments = PromptDraw.moments(5, in: 43_200, apart: 3600, using: &generator)
      for place in 0..<5 { sums[place] += Double(moments[place]) }
    }
    for place in 0..<5 {
      let mean = 28_800 * Double(place + 1) / 6 + 3600 * Double(place)
      // The standard error is at most 28800·√(1/28)/200 ≈ 27; four of them.
      #expect(abs(sums[place] / Double(draws) - mean) < 110)
    }
  }

  @Test(
    "designs without room are refused with the arithmetic",
    arguments: [
      ("per_day: 14, between: [\"09:00\", \"21:00\"], apart: 60m", "13 × 1h = 13h", "12h"),
      ("per_day: 5, between: [\"09:00\", \"21:00\"], apart: 4h", "4 × 4h = 16h", "12h"),
      ("per_day: 3, between: [\"22:00\", \"02:00\"], apart: 150m", "2 × 150m = 5h", "4h"),
      ("per_day: 2, between: [\"01:00\", \"00:00\"], apart: 2h", "prompts 2h apart", "with 1h"),
    ])
  func infeasible(random: String, needed: String, there: String) throws {
    let problems = try #require(refusal("id: p, random: { \(random) }, days: 1-3, open_for: 10m"))
    #expect(problems.count == 1)
    #expect(problems[0].found.contains(needed) && problems[0].found.contains(there))
  }

  @Test("what just fits is allowed")
  func justFits() throws {
    let planned = try plan(
      "id: p, random: { per_day: 13, between: [\"09:00\", \"21:00\"], apart: 60m }, days: 1, "
        + "open_for: 10m")
    #expect(planned.map(\.opens.time.description).first == "09:00")
    #expect(planned.map(\.opens.time.description).last == "21:00")
  }

  @Test(
    "what is no prompt is refused at its field",
    arguments: [
      ("random: { per_day: 2, between: [\"09:00\"], apart: 1h }, days: 1", "1 time"),
      ("random: { per_day: 2, between: [\"09:00\", \"9:30\"], apart: 1h }, days: 1", "'9:30'"),
      ("random: { per_day: 2, between: [\"09:00\", \"21:00\"] }, days: 1", "apart"),
      ("random: { per_day: 2, between: [\"09:00\", \"21:00\"], apart: 1d }, days: 1", "'1d'"),
      ("random: { per_day: 0, between: [\"09:00\", \"21:00\"], apart: 1h }, days: 1", "0"),
      ("random: { per_day: 1, between: [\"09:00\", \"21:00\"] }", "without days"),
      ("random: { per_day: 1, between: [\"09:00\", \"09:00\"] }, days: 1", "end when they begin"),
      ("random: { per_day: 1, between: [\"09:00\", \"21:00\"] }, days: 3-1", "'3-1'"),
      ("random: { per_day: 1, between: [\"09:00\", \"21:00\"] }, days: [1, 1]", "day 1"),
      ("random: { per_day: 1, between: [\"09:00\", \"21:00\"] }, phase: rest", "'rest'"),
      ("random: { per_day: 1, between: [\"09:00\", \"21:00\"] }, at: enrolment", "both"),
      (
        "random: { per_day: 1, between: [\"09:00\", \"21:00\"], waking: asked }, days: 1", "'asked'"
      ),
      ("event: { at_most: 3, per: hour }", "'hour'"),
      ("event: { at_most: 3, per: day }, remind: [5m]", "reminders of an event"),
      ("days: 1-3, time: \"08:00\", weekdays: [mon]", "'mon'"),
      ("days: 1-3", "time"),
      ("at: enrolment, remind: [10m]", "window of 10m"),
      ("at: enrolment, remind: [5m, 5m]", "5m after 5m"),
      ("at: enrolment, grace: soon", "'soon'"),
      ("at: enrolment, only_if: \"arm =\"", "="),
    ])
  func refused(timing: String, found: String) throws {
    let problems = try #require(refusal("id: p, \(timing), open_for: 10m"))
    #expect(
      problems.contains { $0.description.contains(found) }, "\(problems.map(\.description))")
  }

  func refusal(_ occasion: String) -> [Problem]? {
    let text = """
      id: sample
      version: 1.0.0
      title: Sample
      languages: [en]
      timezone: participant
      contact: { name: Team, email: team@example.org }
      consent: { version: 1, text: consent.md, parts: [{ id: surveys, required: true }] }
      occasions:
        - { \(occasion), instruments: [needs-24] }

      """
    var problems = Problems()
    let study = Study.load(Array(text.utf8), file: "study.yaml", problems: &problems)
    return study == nil ? problems.sorted : nil
  }
}
