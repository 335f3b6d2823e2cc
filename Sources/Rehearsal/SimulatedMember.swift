import Foundation
import LocalTime
import Storage
import Studies

/// A simulated person who has enrolled, as the simulation knows them.
struct SimulatedMember: Sendable {
  /// A planned occasion as the person expects it.
  struct Visit: Sendable {
    var plan: String
    var opens: Date
    var closes: Date
    var graceEnds: Date
    /// When the person decides about it: at its opening, or at consent when that is later.
    var due: Date
    /// Where the person stood when they decided to answer.
    var states: [Int: SimulatedState] = [:]
    /// Whether it is answered at the end of its window and submitted after it.
    var isLate = false
  }

  var person: SimulatedPerson
  let pseudonym: String
  /// The local date of enrolment: day 1.
  let enrolled: LocalDate
  /// Where the person is, oldest first; journeys are known beforehand.
  var stays: [ParticipantTime.ZoneStay]
  var visits: [UUID: Visit] = [:]
  /// The optional parts of the consent agreed to now.
  var agreed: Set<String>
  var arm: String?
  /// The study day on which the arm was drawn.
  var allocatedOn: Int?
  var wantsReminders = true
  var hasLeft = false
  /// The last study day that the person takes part in.
  var lastDay: Int
  let use: SimulatedUse?
  /// The clocks at home, and by number of the study day its beginning and its conversations.
  private var home: ZoneClock
  private var beginnings: [Int: Date] = [:]
  private var conversations: [Int: [UseRecord.Conversation]] = [:]
  /// When each instrument that asks about use was answered last.
  var lastReport: [String: Date] = [:]

  init(
    _ person: SimulatedPerson, pseudonym: String, agreed: Set<String>, use: SimulatedUse?
  ) {
    self.person = person
    self.pseudonym = pseudonym
    self.agreed = agreed
    self.use = use
    home = ZoneClock(person.zone)
    stays = [ParticipantTime.ZoneStay(since: person.enrols, zone: person.zone)]
    enrolled = LocalMoment(person.enrols, in: person.zone).date
    lastDay = 1
  }

  /// The zone that the person's clocks show at a moment.
  func zone(at moment: Date) -> TimeZone {
    stays.last { $0.since <= moment }?.zone ?? person.zone
  }

  /// The number of the study day of a moment.
  func day(at moment: Date) -> Int {
    StudyDay(containing: LocalMoment(moment, in: zone(at: moment))).number(enrolled: enrolled)
  }

  /// The first moment of a study day, by the clocks of then.
  mutating func beginning(ofDay number: Int) -> Date {
    if let known = beginnings[number] { return known }
    let date = StudyDay(number: number, enrolled: enrolled).date
    let atHome = home.resolve(date, StudyDay.start).instant
    let place = zone(at: atHome)
    let begins =
      place == person.zone ? atHome : resolve(date, StudyDay.start, in: place).instant
    beginnings[number] = begins
    return begins
  }

  // MARK: Use of AI systems

  /// The conversations of a study day, which may lie before enrolment.
  mutating func conversations(onDay number: Int, study: Study) -> [UseRecord.Conversation] {
    guard let use else { return [] }
    if let known = conversations[number] { return known }
    var shift = 0.0
    if let arm, let allocatedOn, number > allocatedOn { shift += use.use.shiftByArm[arm] ?? 0 }
    if let phase = study.phase(ofDay: number) { shift += use.use.shiftByPhase[phase.id] ?? 0 }
    let begins = beginning(ofDay: number)
    let place = zone(at: begins)
    let day = use.conversations(onDay: number, shift: shift).map {
      UseRecord.Conversation(
        starts: LocalMoment(begins.addingTimeInterval(Double($0.start)), in: place),
        minutes: $0.minutes, turns: $0.turns)
    }
    conversations[number] = day
    return day
  }

  /// Minutes of the conversations that begin within a stretch of time.
  mutating func minutes(in stretch: Range<Date>, study: Study) -> Double {
    guard use != nil else { return 0 }
    var minutes = 0
    for number in day(
      at: stretch.lowerBound)...max(day(at: stretch.lowerBound), day(at: stretch.upperBound))
    {
      for conversation in conversations(onDay: number, study: study)
      where stretch.contains(conversation.starts.instant) {
        minutes += conversation.minutes
      }
    }
    return Double(minutes)
  }

  /// What the person's states depend on at a moment.
  mutating func circumstances(
    at moment: Date, plan: SimulationPlan, study: Study
  ) -> Circumstances {
    var circumstances = Circumstances(
      weeks: moment.timeIntervalSince(person.enrols) / (7 * 86_400), arm: arm,
      phase: study.phase(ofDay: day(at: moment))?.id)
    guard let use else { return circumstances }
    let usual = use.use.usualHours(personDeviation: use.deviation)
    for (index, course) in plan.courses.enumerated() {
      guard let effect = course.use else { continue }
      let from = moment.addingTimeInterval(-effect.days * 86_400)
      let recent = minutes(in: from..<moment, study: study) / 60 / effect.days
      circumstances.hours[index] = (recent, usual, use.use.averageHours)
    }
    return circumstances
  }

  /// What items about use are answered with: what was since the last report of the day, or since
  /// the day began.
  mutating func reports(
    to instruments: [String], at moment: Date, study: Study
  ) -> [String: [String: Double]] {
    guard let use else { return [:] }
    var reports: [String: [String: Double]] = [:]
    for report in use.use.reports where instruments.contains(report.instrument) {
      let morning = beginning(ofDay: day(at: moment))
      let since = max(lastReport[report.instrument] ?? morning, morning)
      let minutes = since < moment ? self.minutes(in: since..<moment, study: study) : 0
      var items = [report.used: minutes > 0 ? 1.0 : 0]
      if let item = report.minutes { items[item] = minutes }
      reports[report.instrument] = items
      lastReport[report.instrument] = moment
    }
    return reports
  }
}
