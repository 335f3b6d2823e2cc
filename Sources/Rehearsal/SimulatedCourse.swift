import Collection
import Foundation
import Instruments
import Storage
import Studies

/// The state of a simulation between two transactions.
struct SimulatedCourse: Sendable {
  /// A person who has enrolled.
  struct Member: Sendable {
    var person: SimulatedPerson
    var pseudonym: String
    var arm: String?
    var hasLeft = false
  }

  private(set) var agenda = Agenda()
  /// Steps done: enrolments, and occasions that were answered, missed or cancelled.
  private(set) var done = 0
  /// The latest end of a window, grace included.
  private(set) var lastClosing: Date
  private let desk: StudyDesk
  private let plan: SimulationPlan
  private var newcomers: [SimulatedPerson]
  private var members: [Int: Member] = [:]
  private var names: SeededGenerator

  init(_ simulation: Simulation) {
    desk = simulation.desk
    plan = simulation.plan
    names = SeededGenerator(seed: simulation.seed, stream: "pseudonyms")
    lastClosing = simulation.plan.enrolment.from
    newcomers = (0..<simulation.people).map {
      SimulatedPerson(
        number: $0, of: simulation.people, plan: simulation.plan, seed: simulation.seed)
    }
    for person in newcomers { agenda.add(.enrol, by: person.number, at: person.enrols) }
  }

  /// Lets happen what happens before a moment, then closes what has expired by then.
  mutating func live(until end: Date, in transaction: ResearchTransaction) throws {
    while let entry = agenda.next(before: end) {
      switch entry.action {
      case .enrol: try enrol(newcomers[entry.person], now: entry.time, in: transaction)
      case .answer(let occasion, let breaksOff):
        try answer(
          occasion, by: entry.person, breaksOff: breaksOff, now: entry.time, in: transaction)
      case .leave: try leave(entry.person, now: entry.time, in: transaction)
      }
    }
    _ = try desk.closeExpired(now: end, in: transaction)
  }

  private mutating func enrol(
    _ newcomer: SimulatedPerson, now: Date, in transaction: ResearchTransaction
  ) throws {
    var person = newcomer
    let study = desk.current.study
    // Everybody in turn, so that sites fill evenly.
    let enrolment = Enrolment(
      zone: person.zone.identifier, site: study.sites[person.number % study.sites.count],
      isSimulated: true)
    let record = try desk.enrol(enrolment, now: now, using: &names, in: transaction)
    var parts = Set(study.consent.parts.filter(\.isRequired).map(\.id))
    for part in study.consent.parts where !part.isRequired {
      if person.happens(Self.agreesToOptionalPart) { parts.insert(part.id) }
    }
    _ = try desk.consent(
      record.pseudonym, to: parts, now: now.addingTimeInterval(Self.secondsToConsent),
      in: transaction)
    done += 1
    try plan(
      for: &person, named: record.pseudonym,
      from: now.addingTimeInterval(2 * Self.secondsToConsent), in: transaction)
    members[person.number] = Member(person: person, pseudonym: record.pseudonym)
  }

  /// Draws what the person does on each occasion.
  private mutating func plan(
    for person: inout SimulatedPerson, named pseudonym: String, from start: Date,
    in transaction: ResearchTransaction
  ) throws {
    for occasion in try transaction.occasions(of: pseudonym) {
      lastClosing = max(lastClosing, occasion.graceEnds)
      let opens = max(occasion.opens, start)
      let window = occasion.closes.timeIntervalSince(opens)
      let isMissed = person.happens(plan.behaviour.misses) || window <= 0
      let breaksOff = person.happens(plan.behaviour.breaksOff)
      let leaves = person.happens(plan.behaviour.leaves)
      let delay = person.seconds(between: 0..<max(window * Self.latestShareOfWindow, 1))
      let begins = opens.addingTimeInterval(delay)
      if isMissed {
        done += 1
      } else {
        agenda.add(
          .answer(occasion: occasion.uuid, breaksOff: breaksOff), by: person.number, at: begins)
      }
      if leaves {
        agenda.add(.leave, by: person.number, at: occasion.closes)
        break
      }
    }
  }

  private mutating func answer(
    _ occasion: UUID, by number: Int, breaksOff: Bool, now: Date,
    in transaction: ResearchTransaction
  ) throws {
    guard var member = members[number], !member.hasLeft else { return }
    defer {
      members[number] = member
      done += 1
    }
    // An occasion whose condition is not met does not take place.
    guard let session = try begin(occasion, of: member.pseudonym, now: now, in: transaction) else {
      return
    }
    let weeks = now.timeIntervalSince(member.person.enrols) / (7 * 86_400)
    var time = now
    var replies: [AnswerToSave] = []
    for instrument in session.instruments {
      let given = member.person.answers(
        to: instrument, plan: plan, arm: member.arm, weeks: weeks)
      replies += given.compactMap { item, answer in
        answer.map {
          AnswerToSave(
            session: session.session.uuid, instrument: instrument.id, item: item, answer: $0)
        }
      }
    }
    if breaksOff { replies.removeLast(replies.count / 2) }
    for reply in replies {
      time += member.person.seconds(between: Self.secondsPerItem)
      try desk.save(reply, now: time, in: transaction)
    }
    guard !breaksOff else { return }
    let submission = try desk.submit(session.session.uuid, now: time, in: transaction)
    if let allocation = submission.allocation { member.arm = allocation.arm }
  }

  /// Begins an occasion, or returns nil when it does not take place.
  private func begin(
    _ occasion: UUID, of pseudonym: String, now: Date, in transaction: ResearchTransaction
  ) throws -> SessionInProgress? {
    do {
      return try desk.begin(occasion, of: pseudonym, now: now, in: transaction)
    } catch let error as CollectionError where error.code == .cancelled {
      return nil
    }
  }

  private mutating func leave(
    _ number: Int, now: Date, in transaction: ResearchTransaction
  ) throws {
    guard var member = members[number], !member.hasLeft else { return }
    try desk.withdraw(member.pseudonym, .stopAndKeep, now: now, in: transaction)
    member.hasLeft = true
    members[number] = member
  }

  /// Reading the consent text takes two minutes, coming to the first page as long again.
  private static let secondsToConsent: TimeInterval = 120
  /// About half of people let themselves be contacted again.
  private static let agreesToOptionalPart = 0.5
  /// People begin in the first three quarters of a window, so that nobody runs out of it.
  private static let latestShareOfWindow = 0.75
  /// How long an item takes.
  private static let secondsPerItem: Range<Double> = 2..<9
}
