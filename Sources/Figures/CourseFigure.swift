/// How a score develops in each arm: everyone's own line behind, means with intervals in front.
///
/// One panel per arm, on the same axes, so that a hundred lines stay readable; each panel repeats the
/// other arms' means as thin lines to compare with. After Tufte's small multiples (1983) and the
/// advice to show the data behind a mean (Weissgerber et al. 2015, PLOS Biology 13:e1002128).
package struct CourseFigure: Hashable, Sendable {
  /// One measurement.
  package struct Point: Hashable, Sendable {
    package var x: Double
    package var y: Double

    /// Creates a point.
    package init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// The mean of an arm at one occasion.
  package struct Mean: Hashable, Sendable {
    package var x: Double
    package var mean: Double
    /// Ends of the interval; NaN where one person gives none.
    package var lower: Double
    package var upper: Double
    /// How many people the mean rests on.
    package var count: Int

    /// Creates a mean.
    package init(x: Double, mean: Double, lower: Double, upper: Double, count: Int) {
      self.x = x
      self.mean = mean
      self.lower = lower
      self.upper = upper
      self.count = count
    }
  }

  /// One arm.
  package struct Arm: Hashable, Sendable {
    package var label: String
    /// One line per person, each in order of x.
    package var individuals: [[Point]]
    package var means: [Mean]

    /// Creates an arm.
    package init(label: String, individuals: [[Point]], means: [Mean]) {
      self.label = label
      self.individuals = individuals
      self.means = means
    }
  }

  /// A named place on the horizontal axis.
  package struct Tick: Hashable, Sendable {
    package var x: Double
    package var label: String

    /// Creates a tick.
    package init(x: Double, label: String) {
      self.x = x
      self.label = label
    }
  }

  package var name: String
  /// What it shows, as a sentence.
  package var description: String
  package var yLabel: String
  package var ticks: [Tick]
  package var arms: [Arm]
  /// The range of the score; from the data if not given.
  package var yRange: ClosedRange<Double>?
  /// Whether the panels stand below one another on a narrow screen; see ``narrow``.
  private(set) var isNarrow = false

  /// The same figure for a screen too narrow for panels side by side, under a name of its own.
  package var narrow: CourseFigure {
    var figure = self
    figure.name += Drawing.narrowSuffix
    figure.isNarrow = true
    return figure
  }

  /// Creates a figure.
  package init(
    name: String, description: String, yLabel: String, ticks: [Tick], arms: [Arm],
    yRange: ClosedRange<Double>? = nil
  ) {
    self.name = name
    self.description = description
    self.yLabel = yLabel
    self.ticks = ticks
    self.arms = arms
    self.yRange = yRange
  }
}
