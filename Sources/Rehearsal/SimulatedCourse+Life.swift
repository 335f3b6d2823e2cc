import Collection
import Foundation
import LocalTime
import Storage
import Studies

extension SimulatedCourse {
  /// Draws what happens to a person beside the occasions, week by week, until the last of them.
  mutating func planLife(of member: inout SimulatedMember, from start: Date) {
    let behaviour = plan.behaviour
    let end = member.visits.values.map(\.closes).max() ?? start
    let weeks = Int((end.timeIntervalSince(start) / Self.week).rounded(.up))
    for number in 0..<max(weeks, 0) {
      let monday = start.addingTimeInterval(Double(number) * Self.week)
      if let travels = behaviour.travels {
        planJourney(travels, of: &member, inWeekFrom: monday)
      }
      if let pauses = behaviour.pauses, member.person.happens(pauses.perWeek) {
        add(.pause, by: member, at: someMoment(of: &member, from: monday))
      }
      if member.person.happens(behaviour.changesConsent) {
        add(.changeConsent, by: member, at: someMoment(of: &member, from: monday))
      }
      if member.person.happens(behaviour.stopsReminders) {
        add(.stopReminders, by: member, at: someMoment(of: &member, from: monday))
      }
    }
    guard study.occasions.contains(where: \.isEvent) else { return }
    for number in 1...member.lastDay {
      add(.day(number), by: member, at: max(member.beginning(ofDay: number), start))
    }
  }

  private func someMoment(of member: inout SimulatedMember, from monday: Date) -> Date {
    monday.addingTimeInterval(member.person.seconds(between: 0..<Self.week))
  }

  private mutating func planJourney(
    _ travels: SimulationPlan.Travel, of member: inout SimulatedMember, inWeekFrom monday: Date
  ) {
    let leaves = someMoment(of: &member, from: monday)
    let destination = member.person.draws.generator.one(of: travels.zones)
    guard member.person.happens(travels.perWeek), let destination,
      // Nobody sets out twice.
      leaves > member.stays.last?.since ?? leaves || member.stays.count == 1
    else { return }
    let returns = leaves.addingTimeInterval(Double(travels.days) * 86_400)
    member.stays += [
      ParticipantTime.ZoneStay(since: leaves, zone: destination),
      ParticipantTime.ZoneStay(since: returns, zone: member.person.zone),
    ]
    add(.move(to: destination.identifier), by: member, at: leaves)
    add(.move(to: member.person.zone.identifier), by: member, at: returns)
  }

  mutating func move(
    to zone: String, as member: inout SimulatedMember, now: Date,
    in transaction: ResearchTransaction
  ) throws {
    try desk.move(member.pseudonym, to: zone, now: now, in: transaction)
    try look(at: &member, from: now, isAgain: true, in: transaction)
  }

  mutating func pause(
    _ member: inout SimulatedMember, now: Date, in transaction: ResearchTransaction
  ) throws {
    guard let pauses = plan.behaviour.pauses else { return }
    let tomorrow = LocalMoment(now, in: member.zone(at: now)).date.adding(days: 1)
    try desk.pause(
      member.pseudonym, on: tomorrow...tomorrow.adding(days: pauses.days - 1), now: now,
      in: transaction)
    try look(at: &member, from: now, isAgain: true, in: transaction)
  }

  /// Agrees to a part that was declined, or takes one back; parts that are required stay.
  mutating func changeConsent(
    of member: inout SimulatedMember, now: Date, in transaction: ResearchTransaction
  ) throws {
    let optional = study.consent.parts.filter { !$0.isRequired }.map(\.id)
    guard let part = member.person.draws.generator.one(of: optional) else { return }
    member.agreed.formSymmetricDifference([part])
    try desk.consent(member.pseudonym, to: member.agreed, now: now, in: transaction)
  }

  private static let week: TimeInterval = 7 * 86_400
}
