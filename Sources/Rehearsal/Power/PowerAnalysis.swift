package import Analysis
import Definitions
import Foundation
import Instruments
package import Studies

/// Power, type I error, bias and coverage of a model of a plan, by studies of simulated people.
///
/// In each replicate the people of `simulation.yaml` are drawn anew, answer or miss as it says, and the
/// plan's model is fitted to their scores; once with the effects that were stated, and once without, with
/// the same people. What `simulation.yaml` says of the arms, of change over time or of sites gives way
/// where a stated effect is about these, so that nothing else makes them. Morris, White and Crowther
/// (2019), Statistics in Medicine 38, 2074-2102, have the measures and their Monte Carlo errors.
package struct PowerAnalysis: Sendable {
  private let folder: StudyFolder
  private let plan: AnalysisPlan
  private let outline: StudyOutline
  private let simulation: SimulationPlan
  /// The effects that are put in.
  package let effects: [StatedEffect]
  /// The model that is fitted; nil for the primary one.
  private let model: String?

  /// - Parameters:
  ///   - plan: checked against the study of the folder.
  ///   - effects: of one model; at least one.
  /// - Throws: ``PowerProblem`` for effects of several models.
  package init(
    folder: StudyFolder, simulation: SimulationPlan, plan: AnalysisPlan, effects: [StatedEffect]
  ) throws(PowerProblem) {
    let models = Set(effects.map { $0.model ?? "" })
    guard models.count <= 1 else {
      throw .severalModels(models.map { $0.isEmpty ? "primary" : $0 }.sorted())
    }
    self.folder = folder
    self.plan = plan
    self.simulation = simulation
    self.effects = effects
    outline = StudyOutline(folder)
    model = effects.first?.model
  }

  /// Simulates and fits.
  ///
  /// The same people, replicates and seed give the same result, whatever the number of processors.
  ///
  /// - Parameters:
  ///   - participants: how many enrol in each replicate, 1 or more.
  ///   - replicates: how many studies, 1 or more.
  ///   - progress: told how many replicates are done.
  /// - Throws: ``PowerProblem``.
  package func run(
    participants: Int, replicates: Int, seed: UInt64,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws -> PowerResult {
    let study = folder.study
    let schedule = VisitSchedule(
      of: study, plan: simulation, people: participants,
      asking: Set(plan.occasions.map(\.value)), seed: seed)
    let design = try ModelDesign(plan, study: outline, rows: schedule.rows, model: model)
    let parts = design.response.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2, let instrument = folder.instruments[parts[0]],
      let score = MeanScore(parts[1], of: instrument, courses: simulation.courses)
    else {
      throw PowerProblem.noCourse(design.response, known: simulation.courses.map(\.name))
    }
    func draws(_ plan: SimulationPlan) -> ScoreDraws {
      ScoreDraws(
        study: study, plan: plan, schedule: schedule, score: score, instrument: instrument.id)
    }
    let names = try pilotNames(design, draws(simulation), seed: seed)
    var columns: [ModelDesign.Column] = []
    for effect in effects { columns.append(try design.column(of: effect.term, among: names)) }
    let trial = Trial(
      design: design,
      draws: draws(Self.plan(simulation, without: columns, courses: score.courses)),
      columns: columns, values: effects.map(\.value))
    var result = PowerResult(
      participants: participants, model: design.model, formula: design.formula,
      response: design.response, effects: effects)
    let batch = 2 * max(1, ProcessInfo.processInfo.activeProcessorCount)
    var done = 0
    progress(0, replicates)
    while done < replicates {
      let next = done..<min(done + batch, replicates)
      // In the order of the replicates, so that sums do not depend on who finished first.
      let outcomes = await withTaskGroup(of: (Int, Trial.Outcome).self) { group in
        for number in next {
          group.addTask { (number, trial.run(seed: Self.seed(seed, replicate: number))) }
        }
        var found: [Int: Trial.Outcome] = [:]
        for await (number, outcome) in group { found[number] = outcome }
        return next.compactMap { found[$0] }
      }
      for outcome in outcomes { result.add(outcome) }
      done = next.upperBound
      progress(done, replicates)
    }
    guard result.fitted > 0 else {
      throw PowerProblem.noFit(result.firstFailure ?? "no reason was given")
    }
    return result
  }

  private static func seed(_ seed: UInt64, replicate: Int) -> UInt64 {
    var generator = SeededGenerator(seed: seed, stream: "replicate", String(replicate))
    return generator.next()
  }

  /// The coefficients of the model, by a first fit.
  private func pilotNames(
    _ design: ModelDesign, _ draws: ScoreDraws, seed: UInt64
  ) throws -> [String] {
    let draw = draws.draw(seed: seed, effects: [{ _, _ in 0 }], rowCount: design.rowCount)
    do {
      return try design.fit(arms: draw.arms, responses: draw.responses[0]).estimates.map(\.name)
    } catch { throw PowerProblem.noFit("\(error)") }
  }

  /// What simulation.yaml says with what the stated effects replace taken out.
  private static func plan(
    _ simulation: SimulationPlan, without columns: [ModelDesign.Column], courses: Set<Int>
  ) -> SimulationPlan {
    var plan = simulation
    for course in courses {
      if columns.contains(where: { $0.arm != nil }) { plan.courses[course].slopeByArm = [:] }
      if columns.contains(where: { $0.arm == nil && $0.hasNumber }) {
        plan.courses[course].slope = 0
      }
      if columns.contains(where: \.hasSite) { plan.courses[course].startBySite = [:] }
    }
    return plan
  }
}

/// One replicate: a study drawn and analysed, with the effects and without.
struct Trial: Sendable {
  let design: ModelDesign
  let draws: ScoreDraws
  let columns: [ModelDesign.Column]
  let values: [Double]

  /// What came of it.
  struct Outcome: Sendable {
    /// For each effect its estimate, with the effects and without; nil where it was not estimated.
    var stated, absent: [ModelDesign.Fit.Estimate?]
    var observations: Int
    /// Why the model could not be fitted, where it could not.
    var failure: String?
  }

  func run(seed: UInt64) -> Outcome {
    let draw = draws.draw(
      seed: seed,
      effects: [
        { row, arm in
          zip(columns, values).reduce(0) { sum, effect in
            effect.0.arm == nil || effect.0.arm == arm
              ? sum + effect.1 * effect.0.values[row] : sum
          }
        }, { _, _ in 0 },
      ], rowCount: design.rowCount)
    do {
      let fits = try draw.responses.map { try design.fit(arms: draw.arms, responses: $0) }
      let found = fits.map { fit in
        columns.map { column in fit.estimates.first { $0.name == column.name } }
      }
      return Outcome(stated: found[0], absent: found[1], observations: fits[0].observations)
    } catch {
      let none = columns.map { _ in ModelDesign.Fit.Estimate?.none }
      return Outcome(stated: none, absent: none, observations: 0, failure: "\(error)")
    }
  }
}
