package import Foundation
import LocalTime

/// Turns a study's plan into the occasions of one participant. A pure function in the form of a value.
///
/// What is planned is a wall-clock date and time; the zone makes an instant of it at the very end. So
/// a daily 02:30 that a clock change moves to 03:00 for a night is back at 02:30 on the next one.
package struct Schedule {
  private let study: Study
  private let enrolled: LocalMoment
  private let zone: TimeZone
  /// The first opening of each occasion placed so far.
  private var firsts: [String: WallClock] = [:]

  /// The schedule of someone who enrolled at an instant.
  ///
  /// - Parameter zone: the participant's zone; a study of a fixed zone uses its own.
  package init(of study: Study, enrolled: Date, zone: TimeZone) {
    self.study = study
    self.zone = study.timeZone(participant: zone)
    self.enrolled = LocalMoment(enrolled, in: self.zone)
  }

  /// The occasions that have not passed at enrolment, by opening, then by their order in the file.
  package mutating func occasions() -> [PlannedOccasion] {
    let planned = study.occasions.flatMap { plan in
      let first = first(of: plan)
      return (0..<plan.timing.times).compactMap { index in
        occasion(plan, index: index, opening: first.adding((plan.timing.interval ?? .zero) * index))
      }
    }
    // Equal openings keep the order of the file; the standard library's sort is stable.
    return planned.sorted { $0.opens.instant < $1.opens.instant }
  }

  private func occasion(
    _ plan: OccasionPlan, index: Int, opening: WallClock
  ) -> PlannedOccasion? {
    let opens = opening.moment(in: zone)
    guard opens.instant >= enrolled.instant else { return nil }
    return PlannedOccasion(
      id: plan.id, index: index, opens: opens,
      closes: opens.adding(plan.openFor, in: zone).instant, instruments: plan.instruments)
  }

  /// The first opening of an occasion, from its anchor's. Reading a study refuses anchors that go
  /// round in a circle.
  private mutating func first(of plan: OccasionPlan) -> WallClock {
    if let known = firsts[plan.id] { return known }
    var opening = WallClock(enrolled)
    if case .occasion(let name) = plan.timing.anchor, let anchor = study.occasion(name) {
      opening = first(of: anchor)
    }
    opening = opening.adding(plan.timing.offset)
    if let time = plan.timing.time { opening = opening.at(time, in: zone) }
    firsts[plan.id] = opening
    return opening
  }
}

extension Study {
  /// The occasions of one participant, by opening.
  ///
  /// - Parameters:
  ///   - enrolled: the moment of enrolment.
  ///   - zone: the participant's time zone; a study of a fixed zone uses its own.
  ///   - seed: the seed of the participant's random prompts; planned waves draw nothing from it.
  package func plannedOccasions(
    enrolled: Date, zone: TimeZone, seed: UInt64
  ) -> [PlannedOccasion] {
    var schedule = Schedule(of: self, enrolled: enrolled, zone: zone)
    return schedule.occasions()
  }

  /// The zone that the schedule of a participant follows.
  package func timeZone(participant zone: TimeZone) -> TimeZone {
    guard case .fixed(let name) = timeZonePolicy else { return zone }
    return (try? LocalTime.timeZone(named: name)) ?? zone
  }
}

/// A planned wall-clock time: a date, what is added to it, and the time of day.
///
/// What is added is kept apart until the end, so that monthly openings from the 31st are clamped each
/// on its own and come back to the 31st.
private struct WallClock {
  private var base: LocalDate
  private var time: ClockTime
  private var span = Span.zero
  /// The exact moment this stands for, until the calendar is used: a moment in the second pass of an
  /// hour that occurs twice, or one with milliseconds, has no wall-clock name of its own.
  private var exact: LocalMoment?

  init(_ moment: LocalMoment) {
    base = moment.date
    time = moment.time
    exact = moment
  }

  func adding(_ more: Span) -> WallClock {
    var sum = self
    sum.span = span + more
    if more.hasCalendarPart { sum.exact = nil }
    return sum
  }

  /// The given time on the date that this falls on.
  func at(_ time: ClockTime, in zone: TimeZone) -> WallClock {
    var moved = self
    moved.time = time
    moved.exact = nil
    if span.seconds != 0 {
      moved.base = moment(in: zone).date
      moved.span = .zero
    }
    return moved
  }

  func moment(in zone: TimeZone) -> LocalMoment {
    let date = base.adding(months: span.months).adding(days: span.days)
    let start = exact ?? resolve(date, time, in: zone)
    guard span.seconds != 0 else { return start }
    return start.adding(Span(seconds: span.seconds), in: zone)
  }
}
