import Instruments
import Studies

/// What a person has to go by when answering an instrument.
struct AnsweringContext: Sendable {
  var plan: SimulationPlan
  /// By position of the course.
  var states: [Int: SimulatedState] = [:]
  /// What items that ask about use are answered with.
  var reports: [String: Double] = [:]
  /// What stands from before the session: the person's own goals, answers that are given once.
  var carried: [String: Answer] = [:]
}

extension SimulatedPerson {
  /// Answers to an instrument, item by item in the order shown; `nil` is left blank.
  ///
  /// - Parameters:
  ///   - instrument: what is answered; hidden items are passed over.
  ///   - context: the person's states, and what they report of their use.
  mutating func answers(
    to instrument: Instrument, in context: AnsweringContext
  ) -> [(item: String, answer: Answer?)] {
    var states: [String: (mean: Double, deviation: Double)] = [:]
    for (index, course) in context.plan.courses.enumerated()
    where course.instrument == instrument.id {
      guard let state = context.states[index] else { continue }
      for item in course.items { states[item] = (state.value, course.itemDeviation) }
    }
    let line = drawnLine()
    var given: [String: Answer] = [:]
    var replies: [(item: String, answer: Answer?)] = []
    for item in instrument.items where item.valueType != nil {
      if item.showIf != nil || item.isOnce,
        !instrument.shownItems(answers: given, carried: context.carried)
          .contains(where: { $0.id == item.id })
      {
        continue
      }
      let answer: Answer?
      if isLeftBlank(item, chance: context.plan.behaviour.leavesBlank) {
        answer = nil
      } else if let line, let place = Self.answer(to: item, onLine: line) {
        answer = place
      } else if let report = context.reports[item.id] {
        answer = .number(
          item.range.map { min(max(report, $0.lowerBound), $0.upperBound) } ?? report)
      } else if let check = instrument.checks.first(where: { $0.item == item.id }),
        !happens(context.plan.behaviour.failsChecks)
      {
        answer = check.expected
      } else {
        answer = self.answer(to: item, state: states[item.id])
      }
      given[item.id] = answer
      replies.append((item.id, answer))
    }
    return replies
  }

  /// The place on its scales that somebody who draws a line down a page gives throughout; nil for whoever
  /// reads.
  mutating func drawnLine() -> Double? {
    drawsLines && happens(Self.linesOfLiners) ? draws.generator.uniform() : nil
  }

  /// Whether an item that may be left blank is.
  mutating func isLeftBlank(_ item: Item, chance: Double) -> Bool {
    item.requirement != .hard && happens(chance)
  }

  /// The same place on every scale, from 0 to 1: what somebody answers who does not read. Numbers
  /// that are typed become the least there is.
  static func answer(to item: Item, onLine place: Double) -> Answer? {
    switch item.kind {
    case .single(let scale), .likert(let scale):
      let values = scale.options.map(\.value).sorted()
      let index = min(Int(place * Double(values.count)), values.count - 1)
      return values.isEmpty ? nil : .number(Double(values[index]))
    case .slider(let scale): return .number(position(place, on: scale))
    case .number(let range): return .number(range.least ?? 0)
    case .multiple, .rank, .text, .own, .date, .time, .computed, .instruction: return nil
    }
  }

  private static func position(_ place: Double, on scale: SliderScale) -> Double {
    let (low, high) = (scale.range.lowerBound, scale.range.upperBound)
    return nearest(to: low + place * (high - low), on: scale)
  }

  private static func nearest(to value: Double, on scale: SliderScale) -> Double {
    let steps = ((value - scale.range.lowerBound) / scale.step).rounded()
    let position = scale.range.lowerBound + steps * scale.step
    return min(max(position, scale.range.lowerBound), scale.range.upperBound)
  }

  /// What somebody answers in a state, with the standard deviation of an item around it; without one, by
  /// chance around the middle.
  mutating func answer(
    to item: Item, state: (mean: Double, deviation: Double)?
  ) -> Answer? {
    let middle = item.range.map { ($0.lowerBound + $0.upperBound) / 2 } ?? 0
    let spread = item.range.map { ($0.upperBound - $0.lowerBound) / 5 } ?? 1
    let keyed = (state?.mean ?? middle) + draws.next() * (state?.deviation ?? spread)
    let raw = item.isReversed ? 2 * middle - keyed : keyed
    switch item.kind {
    case .single(let scale), .likert(let scale):
      return scale.options.indices.lazy.map { Double(scale.options[$0].value) }
        .min { abs($0 - raw) < abs($1 - raw) }.map(Answer.number)
    case .slider(let scale): return .number(Self.nearest(to: raw, on: scale))
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

  /// Somebody who draws lines does so on four pages of five.
  private static let linesOfLiners = 0.8
}
