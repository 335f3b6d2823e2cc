package import Foundation
package import LocalTime

extension SimulatedUse {
  /// The use of somebody outside of any study, for exports to try things out with.
  ///
  /// - Parameters:
  ///   - person: tells the people of one seed apart.
  ///   - conversations: the mean a day of the median person; a person's own and each day's deviate.
  ///   - minutes: the mean length of a conversation.
  ///   - rise: what each week adds to the logarithm of the mean: a planted trend.
  ///   - days: how many study days from the first on.
  package static func record(
    ofPerson person: Int, seed: UInt64, conversations: Double, minutes: Double, rise: Double,
    days: Int, from first: LocalDate, in zone: TimeZone
  ) -> UseRecord {
    let use = SimulatedUse(
      SimulationPlan.Use(
        conversations: conversations, minutes: minutes, personDeviation: 0.5, dayDeviation: 0.4,
        shiftByArm: [:], shiftByPhase: [:], reports: []),
      seed: seed, person: person)
    var record = UseRecord(
      pseudonym: "person-\(person + 1)", firstDay: first,
      lastDay: first.adding(days: max(days, 1) - 1), conversations: [])
    for number in 0..<max(days, 0) {
      let start = StudyDay(date: first.adding(days: number)).bounds(in: zone).lowerBound
      let shift = rise * Double(number) / 7
      record.conversations += use.conversations(onDay: number + 1, shift: shift).map {
        UseRecord.Conversation(
          starts: LocalMoment(start.addingTimeInterval(Double($0.start)), in: zone),
          minutes: $0.minutes, turns: $0.turns)
      }
    }
    return record
  }
}
