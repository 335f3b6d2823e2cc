package import Foundation
import LocalTime

/// Turns a study's plan into the occasions of one participant. A pure function in the form of a value.
///
/// What is planned is a wall-clock date and time; the zone makes an instant of it at the very end. So
/// a daily 02:30 that a clock change moves to 03:00 for a night is back at 02:30 on the next one. A
/// participant who changes zone, or their waking hours, gets a new plan for what has not opened by
/// then; what the new plan would have opened before that moment is left out.
package struct Schedule {
  let study: Study
  let life: ParticipantTime
  let enrolled: LocalMoment
  /// The stretches of life between changes, oldest first; at least one.
  private var stays: [Stay]

  /// A stretch in which nothing that the plan depends on changes.
  struct Stay {
    var since: Date
    var clock: ZoneClock
    var waking: DayHours?
    /// The first opening of each wave placed so far.
    var firsts: [String: WallClock] = [:]
  }

  /// The schedule of a participant. A study of a fixed zone follows its own clocks.
  package init(of study: Study, for life: ParticipantTime) {
    self.study = study
    self.life = life
    stays = Self.stays(of: study, life)
    enrolled = stays[0].clock.moment(life.enrolled)
  }

  private static func stays(of study: Study, _ life: ParticipantTime) -> [Stay] {
    let home = life.zones.first?.zone ?? .gmt
    var changes = Set([life.enrolled])
    if study.timeZonePolicy == .participant { changes.formUnion(life.zones.map(\.since)) }
    changes.formUnion(life.waking.map(\.since))
    return changes.filter { $0 >= life.enrolled }.sorted().map { since in
      let zone = life.zones.last { $0.since <= since }?.zone ?? home
      return Stay(
        since: since, clock: ZoneClock(study.timeZone(participant: zone)),
        waking: life.waking.last { $0.since <= since }?.hours)
    }
  }

  /// The occasions that have not passed at enrolment, by opening, then by their order in the file.
  package mutating func occasions() -> [PlannedOccasion] {
    let planned = study.occasions.flatMap { occasions(of: $0) }
    // Equal openings keep the order of the file; the standard library's sort is stable.
    return planned.sorted { $0.opens.instant < $1.opens.instant }
  }

  private mutating func occasions(of plan: OccasionPlan) -> [PlannedOccasion] {
    var placed: [Placed] = []
    let openings = stays.indices.map { self.openings(of: plan, during: $0) }
    for index in openings[0].indices {
      for stay in stays.indices {
        let end = stay + 1 < stays.count ? stays[stay + 1].since : nil
        guard let opening = openings[stay][index] else { continue }
        let opens = opening.moment
        if let end, opens.instant >= end { continue }
        // What the plan puts before this stretch has passed: at enrolment, or by the change.
        let begin = stays[stay].since
        if stay == 0 ? opens.instant >= begin : opens.instant > begin {
          placed.append(Placed(index: index, stay: stay, opening: opening))
        }
        break
      }
    }
    if case .random(let prompts) = plan.timing {
      placed = spaced(placed, apart: prompts.apart)
    }
    return placed.compactMap { place in
      guard !life.pauses.contains(where: { $0.covers(place.opens) }) else { return nil }
      return occasion(plan, place)
    }
  }

  /// An opening as the clocks show it, and the date and time of day that it was planned for, from which a
  /// clock change may have moved it.
  struct Opening {
    var moment: LocalMoment
    var planned: (date: LocalDate, time: ClockTime)?
  }

  /// An opening in the stretch of life that it falls into.
  private struct Placed {
    var index: Int
    var stay: Int
    var opening: Opening
    var opens: LocalMoment { opening.moment }
  }

  /// Leaves out prompts that a change, or a night that lost an hour, brought too near to the one before.
  private func spaced(
    _ placed: [Placed], apart: Int
  ) -> [Placed] {
    var kept: [Placed] = []
    for place in placed.sorted(by: { $0.opens.instant < $1.opens.instant }) {
      if let last = kept.last,
        place.opens.instant.timeIntervalSince(last.opens.instant) < Double(apart)
      {
        continue
      }
      kept.append(place)
    }
    return kept
  }

  private mutating func occasion(_ plan: OccasionPlan, _ place: Placed) -> PlannedOccasion {
    let (stay, opens) = (place.stay, place.opens)
    // A window of days ends at the planned time of day, also when a clock change moved its opening: the
    // next window begins then.
    let closes =
      if let planned = place.opening.planned, plan.openFor.hasCalendarPart {
        WallClock(planned.date, planned.time).adding(plan.openFor).moment(
          by: &stays[stay].clock)
      } else { stays[stay].clock.adding(plan.openFor, to: opens) }
    let graceEnds =
      plan.grace == .zero
      ? closes.instant : stays[stay].clock.instant(plan.grace, after: closes)
    let reminders = plan.reminders.map { stays[stay].clock.instant($0, after: opens) }
    return PlannedOccasion(
      id: plan.id, index: place.index, opens: opens, closes: closes.instant,
      graceEnds: max(closes.instant, graceEnds),
      reminders: reminders.filter { $0 < closes.instant }, instruments: plan.instruments)
  }

  /// The openings of an occasion by the clocks of a stretch, by index; nil for one that finds no place.
  private mutating func openings(
    of plan: OccasionPlan, during stay: Int
  ) -> [Opening?] {
    switch plan.timing {
    case .wave(let wave):
      let first = first(of: wave, named: plan.id, during: stay)
      return (0..<wave.times).map { index in
        let planned = first.adding((wave.interval ?? .zero) * index)
        return Opening(
          moment: planned.moment(by: &stays[stay].clock),
          planned: planned.onTheCalendar)
      }
    case .daily(let daily):
      return daily.days.dates(enrolled: enrolled.date).map { date in
        Opening(
          moment: stays[stay].clock.resolve(date, daily.time), planned: (date, daily.time))
      }
    case .random(let prompts):
      var current = stays[stay]
      defer { stays[stay] = current }
      return moments(of: prompts, named: plan.id, during: &current)
        .map { $0.map { Opening(moment: $0) } }
    case .event: return []
    }
  }

  /// The first opening of a wave, from its anchor's. Reading a study refuses anchors that go round in
  /// a circle.
  private mutating func first(
    of wave: WaveTiming, named id: String, during stay: Int
  ) -> WallClock {
    if let known = stays[stay].firsts[id] { return known }
    var opening = WallClock(enrolled)
    if case .occasion(let name) = wave.anchor, let anchor = study.occasion(name),
      case .wave(let before) = anchor.timing
    {
      opening = first(of: before, named: name, during: stay)
    }
    opening = opening.adding(wave.offset)
    if let time = wave.time { opening = opening.at(time, by: &stays[stay].clock) }
    stays[stay].firsts[id] = opening
    return opening
  }
}

extension Study {
  /// The occasions of one participant, by opening.
  package func plannedOccasions(of life: ParticipantTime) -> [PlannedOccasion] {
    var schedule = Schedule(of: self, for: life)
    return schedule.occasions()
  }

  /// The occasions of a participant who stays in one zone, by opening.
  ///
  /// - Parameters:
  ///   - enrolled: the moment of enrolment.
  ///   - zone: the participant's time zone; a study of a fixed zone uses its own.
  ///   - seed: the seed of the participant's random prompts; planned waves draw nothing from it.
  package func plannedOccasions(
    enrolled: Date, zone: TimeZone, seed: UInt64
  ) -> [PlannedOccasion] {
    plannedOccasions(of: ParticipantTime(enrolled: enrolled, zone: zone, seed: seed))
  }

  /// The zone that the schedule of a participant follows.
  package func timeZone(participant zone: TimeZone) -> TimeZone {
    guard case .fixed(let name) = timeZonePolicy else { return zone }
    return (try? LocalTime.timeZone(named: name)) ?? zone
  }
}
