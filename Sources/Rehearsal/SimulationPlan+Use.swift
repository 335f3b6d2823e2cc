import Foundation

extension SimulationPlan {
  /// How much people use AI systems.
  ///
  /// The conversations of a day are Poisson with a mean whose logarithm is that of `conversations`,
  /// plus a normal deviation of the person and one of the day, plus what arm and phase add.
  package struct Use: Sendable {
    /// The mean number of conversations on a median day of the median person.
    package var conversations: Double
    /// The mean length of a conversation in minutes.
    package var minutes: Double
    /// Standard deviations of the logarithm of the mean: between people, and between a person's days.
    package var personDeviation: Double
    package var dayDeviation: Double
    /// What an arm adds to the logarithm, from the day after allocation on.
    package var shiftByArm: [String: Double]
    /// What a phase adds to the logarithm on its days.
    package var shiftByPhase: [String: Double]
    /// Items whose answers tell of this use.
    package var reports: [Report]

    /// Hours a day that the person with a deviation of the logarithm is expected to use, before arm
    /// and phase.
    func usualHours(personDeviation deviation: Double) -> Double {
      conversations * minutes / 60
        * exp(deviation + dayDeviation * dayDeviation / 2)
    }

    /// The same for the average person.
    var averageHours: Double {
      conversations * minutes / 60
        * exp(
          (personDeviation * personDeviation + dayDeviation * dayDeviation) / 2)
    }
  }

  /// Items of an instrument that ask about use since the last occasion of the day, or of the day.
  package struct Report: Sendable {
    /// The instrument's id.
    package var instrument: String
    /// The item that asks whether: answered by 1 or 0.
    package var used: String
    /// The item that asks for minutes.
    package var minutes: String?
  }
}
