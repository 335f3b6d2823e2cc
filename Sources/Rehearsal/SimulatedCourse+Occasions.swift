import Collection
import Foundation
import Instruments
import LocalTime
import Storage
import Studies

extension SimulatedCourse {
  /// Decides at its opening whether an occasion is answered, and when: at once, when reminded, at the
  /// end of the window, or not at all.
  mutating func attend(_ uuid: UUID, as member: inout SimulatedMember, now: Date) {
    // An occasion that moved is decided upon at its new opening.
    guard var visit = member.visits[uuid], visit.due == now else { return }
    let behaviour = plan.behaviour
    visit.states = states(of: &member, on: visit.plan, now: now)
    let misses = member.person.chanceOfMissing(behaviour, states: visit.states)
    let isMissed = member.person.happens(misses) || now >= visit.closes
    visit.isLate = member.person.happens(behaviour.late)
    let leaves = member.person.happens(behaviour.leaves)
    if leaves { add(.leave, by: member, at: visit.closes) }
    let notice = isMissed ? reminder(for: visit, of: &member, after: now) : now
    guard let notice else {
      member.visits[uuid] = nil
      countDone()
      return
    }
    let room = visit.closes.timeIntervalSince(notice)
    let delay =
      visit.isLate
      ? room - member.person.seconds(between: 1..<max(min(room / 4, 600), 2))
      : member.person.seconds(between: 0..<max(room * SimulatedPerson.latestShareOfWindow, 1))
    member.visits[uuid] = visit
    add(.answer(occasion: uuid), by: member, at: notice.addingTimeInterval(max(delay, 0)))
  }

  /// The reminder that brings somebody who would have missed, if one does.
  private func reminder(
    for visit: SimulatedMember.Visit, of member: inout SimulatedMember, after now: Date
  ) -> Date? {
    guard member.wantsReminders, let plan = study.occasion(visit.plan) else { return nil }
    let zone = study.timeZone(participant: member.zone(at: visit.opens))
    let opens = LocalMoment(visit.opens, in: zone)
    for span in plan.reminders {
      let moment = opens.adding(span, in: zone).instant
      guard moment > now, moment < visit.closes else { continue }
      if member.person.happens(self.plan.behaviour.reminded) { return moment }
    }
    return nil
  }

  /// Where somebody stands on what an occasion asks, and on what missing depends on.
  private func states(
    of member: inout SimulatedMember, on id: String, now: Date
  ) -> [Int: SimulatedState] {
    let instruments = Set(study.occasion(id)?.instruments ?? [])
    let asked = plan.behaviour.missesByState?.course
    let circumstances = member.circumstances(at: now, plan: plan, study: study)
    return member.person.states(on: plan.courses, when: circumstances) { index in
      index == asked || instruments.contains(plan.courses[index].instrument)
    }
  }

  /// Answers an occasion, and submits it unless the person breaks off or is late.
  mutating func answer(
    _ uuid: UUID, as member: inout SimulatedMember, now: Date,
    in transaction: ResearchTransaction
  ) throws {
    guard let visit = member.visits.removeValue(forKey: uuid) else { return }
    countDone()
    // An occasion whose condition is not met, or that rests on a part of the consent that was declined,
    // does not take place; who was busy may come too late.
    guard
      var sitting = try unlessRefused(
        [.cancelled, .windowClosed, .consentMissing],
        { () throws -> Sitting in
          try Sitting(
            at: uuid, of: member.pseudonym, now: now, desk: desk, in: transaction)
        })
    else { return }
    guard let end = try answer(&sitting, as: &member, states: visit.states, now: now) else {
      return
    }
    guard visit.isLate else { return try submit(sitting, as: &member, now: end) }
    let grace = visit.graceEnds.timeIntervalSince(visit.closes)
    let delay = member.person.lateness(grace: grace)
    add(
      .submit(session: sitting.current.session.uuid), by: member,
      at: max(end, visit.closes.addingTimeInterval(delay)))
  }

  /// Answers the pages of a session.
  ///
  /// - Returns: when the last was sent, or nil when the person broke off.
  private mutating func answer(
    _ sitting: inout Sitting, as member: inout SimulatedMember,
    states: [Int: SimulatedState], now: Date
  ) throws -> Date? {
    let session = sitting.current
    let breaksOff = member.person.happens(plan.behaviour.breaksOff)
    var context = AnsweringContext(plan: plan, states: states)
    let reports = member.reports(to: session.instruments.map(\.id), at: now, study: study)
    var time = now
    let all = session.instruments.map { instrument in
      context.reports = reports[instrument.id] ?? [:]
      context.carried = session.carried[instrument.id] ?? [:]
      return member.person.answers(to: instrument, in: context)
    }
    var left = all.reduce(0) { $0 + $1.count }
    if breaksOff { left -= left / 2 }
    for (instrument, replies) in zip(session.instruments, all) {
      var page = PageOfAnswers(
        session: session.session.uuid, instrument: instrument.id, entries: [])
      for (item, answer) in replies.prefix(left) {
        time = min(time + member.person.secondsForItem(), boundary.addingTimeInterval(-0.001))
        guard let answer else { continue }
        page.entries.append(
          PageOfAnswers.Entry(item: item, answer: answer, clientTime: time))
      }
      left -= min(left, replies.count)
      if !page.entries.isEmpty { try sitting.save(page, now: time) }
    }
    member.busyUntil = time
    return breaksOff ? nil : time
  }

  private mutating func submit(
    _ sitting: Sitting, as member: inout SimulatedMember, now: Date
  ) throws {
    learn(from: try sitting.submit(now: now), as: &member, now: now)
  }

  /// Submits late a session that was answered before.
  mutating func submit(
    _ session: UUID, as member: inout SimulatedMember, now: Date,
    in transaction: ResearchTransaction
  ) throws {
    // Who is late may have taken back meanwhile what the occasion rests on.
    let submission = try unlessRefused([.consentMissing]) {
      try desk.submit(session, now: now, in: transaction)
    }
    if let submission { learn(from: submission, as: &member, now: now) }
  }

  private func learn(
    from submission: Submission, as member: inout SimulatedMember, now: Date
  ) {
    guard let allocation = submission.allocation else { return }
    member.arm = allocation.arm
    member.allocatedOn = member.day(at: now)
  }

  // MARK: Events

  /// Lives through a day of AI use: after some conversations the person opens an event.
  mutating func live(day number: Int, as member: inout SimulatedMember, now: Date) {
    let conversations = member.conversations(onDay: number, study: study)
    for occasion in study.occasions {
      guard case .event(let event) = occasion.timing else { continue }
      if member.use != nil {
        for conversation in conversations {
          let ends = conversation.starts.instant
            .addingTimeInterval(Double(conversation.minutes) * 60)
          let delay = member.person.seconds(between: Self.secondsAfterConversation)
          guard member.person.happens(plan.behaviour.opensEvents), ends > now else { continue }
          add(.open(plan: occasion.id), by: member, at: ends.addingTimeInterval(delay))
        }
      } else {
        for _ in 0..<(event.period == .day ? event.atMost : 1) {
          let time = member.person.seconds(between: Self.wakingSeconds)
          guard member.person.happens(plan.behaviour.opensEvents) else { continue }
          add(.open(plan: occasion.id), by: member, at: now.addingTimeInterval(time))
        }
      }
    }
  }

  /// Opens an event and answers it, unless the study lets nobody open it now.
  mutating func open(
    _ id: String, as member: inout SimulatedMember, now: Date, in transaction: ResearchTransaction
  ) throws {
    let opened = try unlessRefused([.limitReached, .notYetOpen, .cancelled, .consentMissing]) {
      () throws -> OccasionRecord in
      try desk.open(id, by: member.pseudonym, now: now, in: transaction)
    }
    guard let occasion = opened else { return }
    extendLastClosing(to: occasion.graceEnds)
    let states = states(of: &member, on: id, now: now)
    let begins = min(
      now.addingTimeInterval(Self.secondsToBegin), boundary.addingTimeInterval(-0.001))
    var sitting = try Sitting(
      at: occasion.uuid, of: member.pseudonym, now: begins, desk: desk, in: transaction)
    if let end = try answer(&sitting, as: &member, states: states, now: begins) {
      try submit(sitting, as: &member, now: end)
    }
  }

  /// What a step gives, or nil where `Collection` refuses it for one of the reasons expected.
  private func unlessRefused<Value>(
    _ expected: [CollectionError.Code], _ step: () throws -> Value
  ) throws -> Value? {
    do { return try step() } catch let error as CollectionError where expected.contains(error.code)
    {
      return nil
    }
  }

  /// Somebody who reports a conversation does so within ten minutes.
  private static let secondsAfterConversation: Range<Double> = 20..<600
  /// From pressing the button to the first item.
  private static let secondsToBegin: TimeInterval = 3
  /// 08:00 to 22:00, from the beginning of the study day at 04:00.
  private static let wakingSeconds: Range<Double> = 4 * 3600..<18 * 3600
}
