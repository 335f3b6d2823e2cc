import Foundation
import Instruments
import Studies

/// One simulated participant: where they start, how they change, and how they answer.
///
/// Everything about a person is drawn from a generator of their own, so that a study with more people
/// holds the same first ones.
struct SimulatedPerson: Sendable {
  /// How one person departs from the course of a score, in the score's units.
  struct Departure: Sendable {
    var start: Double
    var slope: Double
  }

  /// Position in the order of enrolment, from 0.
  let number: Int
  let enrols: Date
  let zone: TimeZone
  private let departures: [Departure]
  private(set) var draws: NormalDraws

  init(number: Int, of people: Int, plan: SimulationPlan, seed: UInt64) {
    var draws = NormalDraws(SeededGenerator(seed: seed, stream: "person", String(number)))
    let span = Double(plan.enrolment.days) * 86_400
    let place = (Double(number) + draws.generator.uniform()) / Double(max(people, 1))
    self.number = number
    // Whole seconds keep the times in exports short.
    enrols = plan.enrolment.from.addingTimeInterval((place * span).rounded(.down))
    let zones = plan.enrolment.zones
    zone = zones[Int(draws.generator.below(UInt64(zones.count)))]
    departures = plan.courses.map { course in
      Departure(
        start: draws.next() * course.startDeviation, slope: draws.next() * course.slopeDeviation)
    }
    self.draws = draws
  }

  /// Whether something with this chance happens.
  mutating func happens(_ chance: Double) -> Bool { draws.generator.uniform() < chance }

  /// A number of seconds, uniform between two bounds, whole.
  mutating func seconds(between bounds: Range<Double>) -> TimeInterval {
    (bounds.lowerBound + draws.generator.uniform() * (bounds.upperBound - bounds.lowerBound))
      .rounded(.down)
  }

  /// Answers to an instrument, item by item in the order shown; `nil` is left blank.
  ///
  /// - Parameters:
  ///   - instrument: what is answered; hidden items are passed over.
  ///   - plan: the courses and the chance of a blank.
  ///   - arm: the person's arm, if any.
  ///   - weeks: time since enrolment.
  mutating func answers(
    to instrument: Instrument, plan: SimulationPlan, arm: String?, weeks: Double
  ) -> [(item: String, answer: Answer?)] {
    var states: [String: (mean: Double, deviation: Double)] = [:]
    for (course, departure) in zip(plan.courses, departures)
    where course.instrument == instrument.id {
      let slope = course.slope + (arm.flatMap { course.slopeByArm[$0] } ?? 0) + departure.slope
      let state =
        course.start + departure.start + slope * weeks + draws.next() * course.occasionDeviation
      for item in course.items { states[item] = (state, course.itemDeviation) }
    }
    var given: [String: Answer] = [:]
    var replies: [(item: String, answer: Answer?)] = []
    for item in instrument.items where item.valueType != nil {
      if item.showIf != nil, !instrument.shownItems(answers: given).contains(item) { continue }
      let answer =
        happens(plan.behaviour.leavesBlank)
        ? nil : self.answer(to: item, state: states[item.id])
      given[item.id] = answer
      replies.append((item.id, answer))
    }
    return replies
  }

  private mutating func answer(
    to item: Item, state: (mean: Double, deviation: Double)?
  ) -> Answer? {
    let middle = item.range.map { ($0.lowerBound + $0.upperBound) / 2 } ?? 0
    let spread = item.range.map { ($0.upperBound - $0.lowerBound) / 5 } ?? 1
    let keyed = (state?.mean ?? middle) + draws.next() * (state?.deviation ?? spread)
    let raw = item.isReversed ? 2 * middle - keyed : keyed
    switch item.kind {
    case .single(let scale), .likert(let scale):
      return scale.options.map { Double($0.value) }.min { abs($0 - raw) < abs($1 - raw) }
        .map(Answer.number)
    case .slider(let scale):
      let steps = ((raw - scale.range.lowerBound) / scale.step).rounded()
      let position = scale.range.lowerBound + steps * scale.step
      return .number(min(max(position, scale.range.lowerBound), scale.range.upperBound))
    case .number(let range):
      let bounded = min(max(raw, range.least ?? -.infinity), range.most ?? .infinity)
      return .number(range.isWhole ? bounded.rounded() : (bounded * 10).rounded() / 10)
    case .multiple(let choices):
      let index = draws.generator.below(UInt64(choices.options.count))
      return .list([choices.options[Int(index)].value])
    case .rank(let scale): return .list(draws.generator.shuffled(scale.options.map(\.value)))
    case .text, .own: return .text("simulated")
    case .date: return .text("2026-01-01")
    case .time: return .text("12:00")
    case .computed, .instruction: return nil
    }
  }
}
