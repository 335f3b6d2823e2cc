import Analysis
import Foundation
import LocalTime
import Storage
import Studies

/// When which simulated people are asked what: the same in every replicate of a power analysis.
///
/// Everybody stays where they live and is asked everything that is planned: there are no journeys, pauses,
/// conditions or changes of consent.
struct VisitSchedule: Sendable {
  /// A planned occasion of one person.
  struct Visit: Sendable {
    var plan: String
    /// Weeks from enrolment to its opening.
    var weeks: Double
    var phase: String?
    var instruments: Set<String>
    /// Reminders after the opening.
    var reminders: Int
    /// From the end of the window to the last moment for submitting, in seconds.
    var grace: TimeInterval
    /// The row of the analysis table, if it has one.
    var row: Int?
  }

  /// One person's.
  struct Person: Sendable {
    var site: String
    var language: String
    /// By opening.
    var visits: [Visit]
  }

  private(set) var people: [Person] = []
  /// The same as records, as if everything had been submitted and nothing scored.
  private(set) var rows = StudyRows(
    participants: [], occasions: [], responses: [], scores: [])

  /// - Parameter plans: the occasions that have rows in the analysis table; all if none.
  init(
    of study: Study, plan: SimulationPlan, people count: Int, asking plans: Set<String>,
    seed: UInt64
  ) {
    for number in 0..<count {
      var person = SimulatedPerson(
        number: number, of: count, plan: plan, sites: study.sites, seed: seed)
      // Random prompts are planned from a seed of the person.
      let occasions = study.plannedOccasions(
        enrolled: person.enrols, zone: person.zone, seed: seed &+ UInt64(number))
      let pseudonym = "\(number)"
      let enrolled = LocalMoment(person.enrols, in: person.zone).date
      var visits: [Visit] = []
      for occasion in occasions where study.occasion(occasion.id)?.isEvent != true {
        let opens = occasion.opens.instant
        let day = StudyDay(containing: occasion.opens).number(enrolled: enrolled)
        var visit = Visit(
          plan: occasion.id, weeks: opens.timeIntervalSince(person.enrols) / (7 * 86_400),
          phase: study.phase(ofDay: day)?.id, instruments: Set(occasion.instruments),
          reminders: occasion.reminders.count { $0 > opens },
          grace: occasion.graceEnds.timeIntervalSince(occasion.closes))
        if plans.isEmpty || plans.contains(occasion.id) {
          visit.row = rows.occasions.count
          let room = occasion.closes.timeIntervalSince(opens)
          let begun = opens.addingTimeInterval(
            person.seconds(between: 0..<max(room * SimulatedPerson.latestShareOfWindow, 1)))
          rows.occasions.append(
            Self.record(of: occasion, pseudonym: pseudonym, person: person, begun: begun))
        }
        visits.append(visit)
      }
      people.append(Person(site: person.site, language: person.language, visits: visits))
      rows.participants.append(
        ParticipantRow(
          participant: ParticipantRecord(
            uuid: UUID(), pseudonym: pseudonym, site: person.site, language: person.language,
            enrolled: person.enrols, zone: person.zone.identifier, publication: 1),
          arm: nil, allocated: nil))
    }
  }

  private static func record(
    of occasion: PlannedOccasion, pseudonym: String, person: SimulatedPerson, begun: Date
  ) -> OccasionRow {
    OccasionRow(
      occasion: OccasionRecord(
        uuid: UUID(), pseudonym: pseudonym, plan: occasion.id, index: occasion.index,
        opens: occasion.opens.instant, opensLocal: occasion.opens.localText,
        offsetSeconds: occasion.opens.offsetSeconds, zone: person.zone.identifier,
        zoneDataVersion: "", closes: occasion.closes, graceEnds: occasion.graceEnds,
        instruments: occasion.instruments, state: .submitted, stateSince: begun),
      site: person.site, language: person.language, enrolled: person.enrols, isTest: false,
      arm: nil, session: UUID(), sessionState: .submitted, begun: begun, lastActive: begun,
      submitted: begun, isLate: false)
  }
}
