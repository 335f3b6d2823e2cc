import Studies

/// Draws the scores of simulated people occasion by occasion without a database: the same people, states,
/// answers and reasons for missing as a ``Simulation`` has.
///
/// What a simulation has beside these is left out: use of AI systems and what rests on it, journeys, pauses,
/// changes of consent, events.
struct ScoreDraws: Sendable {
  let study: Study
  let plan: SimulationPlan
  let schedule: VisitSchedule
  /// What is drawn, of the instrument that asks for it.
  let score: MeanScore
  let instrument: String
  /// The courses that are needed: the score's, those it goes along with, and what missing depends on.
  private let needed: Set<Int>

  init(
    study: Study, plan: SimulationPlan, schedule: VisitSchedule, score: MeanScore,
    instrument: String
  ) {
    self.study = study
    self.plan = plan
    self.schedule = schedule
    self.score = score
    self.instrument = instrument
    var needed = score.courses
    if let other = plan.behaviour.missesByState?.course { needed.insert(other) }
    // A course follows an earlier one only.
    for position in plan.courses.indices.reversed() where needed.contains(position) {
      if let other = plan.courses[position].coupling?.course { needed.insert(other) }
    }
    self.needed = needed
  }

  /// One study's people.
  struct Draw: Sendable {
    /// By person; nil for who was not allocated.
    var arms: [String?]
    /// For each set of effects the score by row of the analysis table; NaN where there is none.
    var responses: [[Double]]
  }

  /// Draws one study.
  ///
  /// - Parameters:
  ///   - seed: of the study; with the same one everybody is the same under each set of effects.
  ///   - effects: what is added to somebody's state in each of several worlds.
  ///   - rowCount: of the analysis table.
  func draw(
    seed: UInt64, effects: [(_ row: Int, _ arm: String?) -> Double], rowCount: Int
  ) -> Draw {
    let allocation = AllocationSequence(of: study, seed: seed)
    let after = study.allocation?.after
    var tally = AllocationTally()
    var draw = Draw(
      arms: Array(repeating: nil, count: schedule.people.count),
      responses: effects.map { _ in [Double](repeating: .nan, count: rowCount) })
    for (number, place) in schedule.people.enumerated() {
      var person = SimulatedPerson(
        number: number, of: schedule.people.count, plan: plan, sites: [place.site], seed: seed)
      for visit in place.visits {
        let states = states(of: &person, at: visit, arm: draw.arms[number])
        let attendance = attendance(of: &person, at: visit, states: states)
        if attendance.isThere {
          if visit.plan == after, draw.arms[number] == nil, let allocation {
            let stratum = allocation.stratum(
              site: place.site, language: place.language, isTest: false)
            let arm = allocation.next(stratum: stratum, after: tally)?.id
            if let arm { tally.add(arm, in: stratum) }
            draw.arms[number] = arm
          }
          answer(&draw, number, &person, at: visit, states: states, effects)
        }
        if attendance.leaves { break }
      }
    }
    return draw
  }

  private func states(
    of person: inout SimulatedPerson, at visit: VisitSchedule.Visit, arm: String?
  ) -> [Int: SimulatedState] {
    let asked = plan.behaviour.missesByState?.course
    let isAsked = visit.instruments.contains(instrument)
    return person.states(
      on: plan.courses,
      when: Circumstances(weeks: visit.weeks, arm: arm, phase: visit.phase)
    ) { needed.contains($0) && (isAsked || $0 == asked) }
  }

  /// Whether an occasion is answered, as ``SimulatedCourse`` decides it, and whether the person then leaves.
  private func attendance(
    of person: inout SimulatedPerson, at visit: VisitSchedule.Visit, states: [Int: SimulatedState]
  ) -> (isThere: Bool, leaves: Bool) {
    let behaviour = plan.behaviour
    var isMissed = person.happens(person.chanceOfMissing(behaviour, states: states))
    let isLate = person.happens(behaviour.late)
    let leaves = person.happens(behaviour.leaves)
    for _ in 0..<visit.reminders where isMissed {
      if person.happens(behaviour.reminded) { isMissed = false }
    }
    let breaksOff = person.happens(behaviour.breaksOff)
    let isInTime = !isLate || person.lateness(grace: visit.grace) <= visit.grace
    return (!isMissed && !breaksOff && isInTime, leaves)
  }

  private func answer(
    _ draw: inout Draw, _ number: Int, _ person: inout SimulatedPerson,
    at visit: VisitSchedule.Visit, states: [Int: SimulatedState],
    _ effects: [(_ row: Int, _ arm: String?) -> Double]
  ) {
    guard let row = visit.row, visit.instruments.contains(instrument) else { return }
    // In each world the same person answers, with the same slips.
    let before = person
    for (world, effect) in effects.enumerated() {
      person = before
      let value = score.value(
        of: &person, states: states, shift: effect(row, draw.arms[number]), plan: plan)
      if let value { draw.responses[world][row] = value }
    }
  }
}
