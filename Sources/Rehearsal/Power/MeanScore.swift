import Instruments

/// A score that is a mean of items, or of such means, whose items all follow courses: ready to be drawn
/// many times.
struct MeanScore: Sendable {
  /// What it is the mean of.
  private indirect enum Operand: Sendable {
    case item(Item, course: Int)
    case score(MeanScore)
  }

  private let operands: [Operand]
  /// How many of them must be there.
  private let least: Int

  /// - Parameter courses: those of the simulation, of which each item follows one.
  /// - Returns: nil for a score that is anything else.
  init?(_ name: String, of instrument: Instrument, courses: [SimulationPlan.Course]) {
    guard let score = instrument.score(name), case .mean(let names) = score.formula else {
      return nil
    }
    let operands = names.compactMap { name -> Operand? in
      guard let item = instrument.item(name) else {
        return MeanScore(name, of: instrument, courses: courses).map(Operand.score)
      }
      let course = courses.firstIndex {
        $0.instrument == instrument.id && $0.items.contains(item.id)
      }
      return course.map { .item(item, course: $0) }
    }
    guard operands.count == names.count else { return nil }
    self.operands = operands
    least = max(1, score.least)
  }

  /// The positions of the courses that its items follow.
  var courses: Set<Int> {
    operands.reduce(into: []) { courses, operand in
      switch operand {
      case .item(_, let course): courses.insert(course)
      case .score(let score): courses.formUnion(score.courses)
      }
    }
  }

  /// The score of a person from answers to all of its items; nil with too few.
  ///
  /// - Parameters:
  ///   - states: where the person stands, by position of the course.
  ///   - shift: what is added to each state.
  func value(
    of person: inout SimulatedPerson, states: [Int: SimulatedState], shift: Double,
    plan: SimulationPlan
  ) -> Double? {
    let line = person.drawnLine()
    return value { item, course in
      if person.isLeftBlank(item, chance: plan.behaviour.leavesBlank) { return nil }
      let state = states[course].map {
        (mean: $0.value + shift, deviation: plan.courses[course].itemDeviation)
      }
      let answer =
        line.flatMap { SimulatedPerson.answer(to: item, onLine: $0) }
        ?? person.answer(to: item, state: state)
      guard case .number(let number)? = answer else { return nil }
      return item.keyed(number)
    }
  }

  /// The score of what each item, which follows a course, was answered with; nil is left blank.
  func value(_ answer: (_ item: Item, _ course: Int) -> Double?) -> Double? {
    var (sum, count) = (0.0, 0)
    for operand in operands {
      let value =
        switch operand {
        case .item(let item, let course): answer(item, course)
        case .score(let score): score.value(answer)
        }
      guard let value, !value.isNaN else { continue }
      sum += value
      count += 1
    }
    return count >= least ? sum / Double(count) : nil
  }
}
