import Collection
import Foundation
import LocalTime
import Storage
import Studies

/// The state of a simulation between two transactions.
struct SimulatedCourse: Sendable {
  private(set) var agenda = Agenda()
  /// Steps done: enrolments, and occasions that were decided upon.
  private(set) var done = 0
  /// The latest end of a window, grace included.
  private(set) var lastClosing: Date
  let desk: StudyDesk
  let plan: SimulationPlan
  let seed: UInt64
  private var newcomers: [SimulatedPerson]
  /// By the person's number.
  private var members: [SimulatedMember?]
  private var names: SeededGenerator
  /// The end of the stretch that is being lived through. Nobody is still answering then, so that what
  /// is closed at that moment comes after all that was done: who would be, answers the rest faster.
  private(set) var boundary: Date

  var study: Study { desk.current.study }

  init(_ simulation: Simulation) {
    desk = simulation.desk
    plan = simulation.plan
    seed = simulation.seed
    names = SeededGenerator(seed: simulation.seed, stream: "pseudonyms")
    lastClosing = simulation.plan.enrolment.from
    boundary = simulation.plan.enrolment.from
    let sites = simulation.desk.current.study.sites
    newcomers = (0..<simulation.people).map {
      SimulatedPerson(
        number: $0, of: simulation.people, plan: simulation.plan, sites: sites,
        seed: simulation.seed)
    }
    members = Array(repeating: nil, count: simulation.people)
    for person in newcomers { agenda.add(.enrol, by: person.number, at: person.enrols) }
  }

  /// Lets happen what happens before a moment, then closes what has expired by then.
  mutating func live(until end: Date, in transaction: ResearchTransaction) throws {
    boundary = end
    try transaction.readAhead(occasionsOpeningBefore: end)
    while let entry = agenda.next(before: end) {
      if case .enrol = entry.action {
        try enrol(newcomers[entry.person], now: entry.time, in: transaction)
        continue
      }
      // Taken out while it lives, so that nothing of it is copied.
      guard var member = members[entry.person].take() else { continue }
      if !member.hasLeft { try live(entry, as: &member, in: transaction) }
      members[entry.person] = member
    }
    _ = try desk.closeExpired(now: end, in: transaction)
  }

  private mutating func live(
    _ entry: Agenda.Entry, as member: inout SimulatedMember, in transaction: ResearchTransaction
  ) throws {
    let now = entry.time
    // Whoever is answering does other things afterwards; deciding about an occasion is nothing done.
    if case .attend = entry.action {
    } else if now < member.busyUntil {
      return add(entry.action, by: member, at: member.busyUntil)
    }
    switch entry.action {
    case .enrol: return
    case .attend(let occasion): attend(occasion, as: &member, now: now)
    case .answer(let occasion): try answer(occasion, as: &member, now: now, in: transaction)
    case .submit(let session): try submit(session, as: &member, now: now, in: transaction)
    case .day(let number): live(day: number, as: &member, now: now)
    case .open(let plan): try open(plan, as: &member, now: now, in: transaction)
    case .move(let zone): try move(to: zone, as: &member, now: now, in: transaction)
    case .pause: try pause(&member, now: now, in: transaction)
    case .changeConsent: try changeConsent(of: &member, now: now, in: transaction)
    case .stopReminders:
      try desk.withdraw(member.pseudonym, .stopReminders, now: now, in: transaction)
      member.wantsReminders = false
    case .leave:
      try desk.withdraw(member.pseudonym, .stopAndKeep, now: now, in: transaction)
      member.lastDay = member.day(at: now)
      member.hasLeft = true
    }
  }

  private mutating func enrol(
    _ newcomer: SimulatedPerson, now: Date, in transaction: ResearchTransaction
  ) throws {
    var person = newcomer
    let enrolment = Enrolment(
      zone: person.zone.identifier, site: person.site, language: person.language,
      isSimulated: true)
    let consent = study.consent
    var parts = Set(consent.parts.filter(\.isRequired).map(\.id))
    for part in consent.parts where !part.isRequired {
      if person.happens(Self.agreesToOptionalPart) { parts.insert(part.id) }
    }
    let record = try desk.enrol(
      enrolment, agreeingTo: parts, now: now, using: &names, in: transaction
    ).participant
    done += 1
    var member = SimulatedMember(
      person, pseudonym: record.pseudonym, agreed: parts,
      use: plan.use.map { SimulatedUse($0, seed: seed, person: person.number) })
    let start = now.addingTimeInterval(2 * Self.secondsToConsent)
    try look(at: &member, from: start, isAgain: false, in: transaction)
    planLife(of: &member, from: start)
    members[person.number] = member
  }

  /// Looks at what is planned, at the beginning and after each change of plan.
  mutating func look(
    at member: inout SimulatedMember, from start: Date, isAgain: Bool,
    in transaction: ResearchTransaction
  ) throws {
    for occasion in try transaction.occasions(of: member.pseudonym) where !occasion.isEvent {
      // What had opened by a change was decided upon.
      guard !isAgain || occasion.opens > start else { continue }
      guard occasion.state == .planned else {
        if occasion.state.isFinal { member.visits[occasion.uuid] = nil }
        continue
      }
      lastClosing = max(lastClosing, occasion.graceEnds)
      guard member.visits[occasion.uuid]?.opens != occasion.opens else { continue }
      let due = max(occasion.opens, start)
      member.visits[occasion.uuid] = SimulatedMember.Visit(
        plan: occasion.plan, opens: occasion.opens, closes: occasion.closes,
        graceEnds: occasion.graceEnds, due: due)
      agenda.add(.attend(occasion: occasion.uuid), by: member.person.number, at: due)
    }
    let last = member.visits.values.map(\.closes).max() ?? start
    member.lastDay = max(member.lastDay, member.day(at: last))
  }

  /// Adds to the agenda of one person.
  mutating func add(_ action: Agenda.Entry.Action, by member: SimulatedMember, at time: Date) {
    agenda.add(action, by: member.person.number, at: time)
  }

  /// Makes the study last until an event that was opened has ended.
  mutating func extendLastClosing(to end: Date) { lastClosing = max(lastClosing, end) }

  /// Counts an occasion that was decided upon.
  mutating func countDone() { done += 1 }

  /// What those who agree to give their logs used AI systems for, by pseudonym.
  mutating func useRecords() -> [UseRecord] {
    guard plan.use != nil, study.consent.parts.contains(where: { $0.id == Self.logsPart }) else {
      return []
    }
    var records: [UseRecord] = []
    for number in members.indices {
      guard var member = members[number], member.agreed.contains(Self.logsPart) else { continue }
      let days = Self.firstDayOfLogs...max(member.lastDay, 1)
      records.append(
        UseRecord(
          pseudonym: member.pseudonym,
          firstDay: StudyDay(number: days.lowerBound, enrolled: member.enrolled).date,
          lastDay: StudyDay(number: days.upperBound, enrolled: member.enrolled).date,
          conversations: days.flatMap { member.conversations(onDay: $0, study: study) }))
    }
    return records.sorted { $0.pseudonym < $1.pseudonym }
  }

  /// Reading the consent text takes two minutes, coming to the first page as long again.
  private static let secondsToConsent: TimeInterval = 120
  /// About half of people let themselves be contacted again.
  private static let agreesToOptionalPart = 0.5
  /// The part of the consent that donating logs rests on.
  private static let logsPart = "logs"
  /// An export holds what was before enrolment as well: a fortnight.
  private static let firstDayOfLogs = -13
}
