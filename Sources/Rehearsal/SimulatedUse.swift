import Foundation
package import LocalTime
import Studies

/// The conversations that simulated people have with AI systems, as numbers and times.
///
/// A pure function of the seed, the person and the study day: which days are asked for, and in which
/// order, changes nothing. What an export of an AI service would hold is made from these numbers.
package struct SimulatedUse: Sendable {
  /// One conversation of a day.
  package struct Conversation: Hashable, Sendable {
    /// Seconds from the beginning of the study day, 04:00 by the clocks.
    package var start: Int
    /// From the first message to the last, 1 or more.
    package var minutes: Int
    /// Messages of the person, each with its answer, 1 or more.
    package var turns: Int
  }

  let use: SimulationPlan.Use
  let seed: UInt64
  /// The person's position in the order of enrolment.
  let person: Int
  /// The person's deviation of the logarithm of the mean.
  let deviation: Double

  init(_ use: SimulationPlan.Use, seed: UInt64, person: Int) {
    self.use = use
    self.seed = seed
    self.person = person
    var draws = NormalDraws(SeededGenerator(seed: seed, stream: "use", String(person)))
    deviation = draws.next() * use.personDeviation
  }

  /// The conversations of a study day, in order of their beginning.
  ///
  /// - Parameters:
  ///   - number: the day of the course, 1 on the day of enrolment.
  ///   - shift: what arm and phase add to the logarithm of the mean.
  func conversations(onDay number: Int, shift: Double) -> [Conversation] {
    var draws = NormalDraws(
      SeededGenerator(seed: seed, stream: "use", String(person), String(number)))
    let mean = use.conversations * exp(deviation + draws.next() * use.dayDeviation + shift)
    let count = Self.poisson(min(mean, Self.mostPerDay), &draws.generator)
    return (0..<count).map { _ in
      let isAtNight = draws.generator.uniform() < Self.nightShare
      let hours = isAtNight ? Self.night : Self.waking
      let start = hours.lowerBound + Int(draws.generator.below(UInt64(hours.count)))
      // A log-normal length with the stated mean: most are short, a few long.
      let length =
        use.minutes
        * exp(Self.lengthDeviation * draws.next() - Self.lengthDeviation * Self.lengthDeviation / 2)
      let minutes = min(max(Int(length.rounded()), 1), Self.longestMinutes)
      let turns = 1 + Self.poisson(Double(minutes) / Self.minutesPerTurn, &draws.generator)
      return Conversation(start: start, minutes: minutes, turns: turns)
    }.sorted { $0.start < $1.start }
  }

  /// A Poisson number by inversion: the uniform numbers that it takes to fall below exp(−mean).
  ///
  /// Source: Knuth (1997), The Art of Computer Programming 2, 3.4.1.
  private static func poisson(_ mean: Double, _ generator: inout SeededGenerator) -> Int {
    let limit = exp(-mean)
    var (count, product) = (0, generator.uniform())
    while product > limit {
      count += 1
      product *= generator.uniform()
    }
    return count
  }

  /// Nobody begins more than this a day in the mean, whatever a plan's deviations come to.
  private static let mostPerDay = 200.0
  /// One conversation in twenty is between midnight and four.
  private static let nightShare = 0.05
  /// 07:00 to midnight, and midnight to 03:59:59, from the day's beginning at 04:00.
  private static let waking = 3 * 3600..<20 * 3600
  private static let night = 20 * 3600..<24 * 3600
  /// Deviation of the logarithm of a length, and the longest, half a day.
  private static let lengthDeviation = 0.8
  private static let longestMinutes = 720
  /// A message and its answer take some two minutes.
  private static let minutesPerTurn = 2.0
}

/// The conversations of one simulated person over the study.
package struct UseRecord: Hashable, Sendable {
  /// A conversation with its moments.
  package struct Conversation: Hashable, Sendable {
    /// When it began, as the person's clocks showed it.
    package var starts: LocalMoment
    /// From the first message to the last.
    package var minutes: Int
    /// Messages of the person.
    package var turns: Int

    /// Creates a conversation.
    package init(starts: LocalMoment, minutes: Int, turns: Int) {
      self.starts = starts
      self.minutes = minutes
      self.turns = turns
    }
  }

  /// The person's name in research data.
  package var pseudonym: String
  /// The first and last study day that it covers.
  package var firstDay: LocalDate
  package var lastDay: LocalDate
  /// In the order of beginning.
  package var conversations: [Conversation]

  /// Creates a record.
  package init(
    pseudonym: String, firstDay: LocalDate, lastDay: LocalDate, conversations: [Conversation]
  ) {
    self.pseudonym = pseudonym
    self.firstDay = firstDay
    self.lastDay = lastDay
    self.conversations = conversations
  }
}
