import Collection
import Definitions
import Foundation
import Instruments
import Storage
import Studies
import Testing

@testable import Analysis
@testable import Rehearsal

@Suite("Power by simulated studies")
struct PowerTests {
  static let analysis = """
    id: everything
    study: everything
    question: Does mood rise faster with less use?
    table:
      rows: occasion
      occasions: [baseline, prompt]
      columns:
        mood: state.mood
        week: days_since(enrolment) / 7
        before: lag(mood)
        minutes: exposure_day.minutes
    models:
      - id: growth
        formula: mood ~ week * arm + site + (week | participant)
        primary: true
      - id: carried
        formula: mood ~ before + (1 | participant)
      - id: use
        formula: mood ~ within(minutes) + (1 | participant)
    """

  private func power(
    _ effects: [String], changing change: (inout SimulationPlan) -> Void = { _ in }
  ) throws -> PowerAnalysis {
    let stage = try Stage()
    var problems = Problems()
    var simulation = try #require(stage.plan().plan)
    change(&simulation)
    let study = Stage.study + "logs: { sources: [chatgpt], exposure: 1d }\n"
    try Data(study.utf8).write(to: stage.folder.appending(path: "study.yaml"))
    let folder = try #require(StudyFolder.load(directory: stage.folder, problems: &problems))
    let plan = try #require(
      AnalysisPlan.load(
        Array(Self.analysis.utf8), file: "plan.yaml", checkedAgainst: StudyOutline(folder),
        problems: &problems), "\(problems.sorted.map(\.description))")
    return try PowerAnalysis(
      folder: folder, simulation: simulation, plan: plan,
      effects: try effects.map { try StatedEffect($0, models: plan.modelNames) })
  }

  @Test("one seed gives one result, another seed another")
  func deterministic() async throws {
    let analysis = try power(["week:arm[less]=2"])
    let first = try await analysis.run(participants: 12, replicates: 6, seed: 3)
    let again = try await analysis.run(participants: 12, replicates: 6, seed: 3)
    let other = try await analysis.run(participants: 12, replicates: 6, seed: 4)
    #expect(first.effects.map(\.estimates) == again.effects.map(\.estimates))
    #expect(first.effects.map(\.estimates) != other.effects.map(\.estimates))
    #expect(first.fitted + first.failures == 6)
  }

  @Test("an effect that is put in is found again, with its size and its interval")
  func recovery() async throws {
    let result = try await power(["week:arm[less]=6", "site[south]=5"])
      .run(participants: 24, replicates: 30, seed: 1)
    for effect in result.effects {
      let error = effect.empiricalError / 30.0.squareRoot()
      #expect(abs(effect.bias.value) < 4 * error + 0.1, "\(effect.term): \(effect.bias)")
      #expect(effect.coverage.upper > 0.93, "\(effect.coverage)")
      #expect(effect.typeOneError.lower < 0.1)
    }
    #expect(result.model == "growth" && result.response == "state.mood")
  }

  @Test("what simulation.yaml says of the arms gives way to the effect that is stated")
  func replacing() async throws {
    let result = try await power(["week:arm=0"]) { plan in
      plan.courses[0].slopeByArm = ["less": 40]
    }.run(participants: 30, replicates: 30, seed: 2)
    let effect = try #require(result.effects.first)
    #expect(effect.detected == effect.falselyDetected)
    #expect(effect.power.lower < 0.1)
  }

  @Test(
    "what cannot be simulated is said in words",
    arguments: [
      (["weak:arm[less]=1"], "has no term 'weak:arm[less]'"),
      (["weak:arm[less]=1"], "Did you mean 'week:arm[less]'?"),
      (["(Intercept)=1"], "simulation.yaml"),
      (["carried.before=1"], "rests on the score 'state.mood'"),
      (["use.within(minutes)=1"], "rests on logs"),
      (["week=1", "use.week=1"], "expected effects of one"),
      (["week"], "expected TERM=VALUE"), (["week=much"], "expected TERM=VALUE"),
      (["=1"], "expected TERM=VALUE"), (["week=inf"], "expected TERM=VALUE"),
    ]) func refusals(effects: [String], words: String) async throws
  {
    do {
      _ = try await power(effects).run(participants: 8, replicates: 2, seed: 1)
      Issue.record("\(effects) was accepted")
    } catch let problem as PowerProblem {
      #expect(problem.description.contains(words), "\(problem.description)")
    }
  }

  @Test("nobody to fit is no trap")
  func nobody() async throws {
    await #expect(throws: PowerProblem.self) {
      _ = try await power(["week:arm[less]=1"]).run(participants: 1, replicates: 2, seed: 1)
    }
  }

  @Test("scores are those that the instrument gives", arguments: 0..<40)
  func scoring(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for (id, name) in [
      ("needs-6", "satisfaction"), ("flourishing-12", "secure_flourishing"), ("wisdom-7", "wisdom"),
      ("needs-24", "need_satisfaction"),
    ] {
      let instrument = try #require(ShippedInstruments.instrument(id: id))
      let course = SimulationPlan.Course(
        name: "\(id).\(name)", instrument: id, items: instrument.items.map(\.id), start: 0,
        slope: 0, slopeByArm: [:], startBySite: [:], shiftByPhase: [:], use: nil, coupling: nil,
        autocorrelation: 0, startDeviation: 0, slopeDeviation: 0, occasionDeviation: 0,
        itemDeviation: 0)
      let score = try #require(MeanScore(name, of: instrument, courses: [course]))
      var answers: [String: Answer] = [:]
      for item in instrument.items {
        guard let range = item.range, generator.uniform() > 0.15 else { continue }
        let width = UInt64(range.upperBound - range.lowerBound) + 1
        answers[item.id] = .number(range.lowerBound + Double(generator.below(width)))
      }
      let drawn = score.value { item, _ in
        guard case .number(let number)? = answers[item.id] else { return nil }
        return item.keyed(number)
      }
      let known = instrument.scores(of: answers).first { $0.name == name }?.value
      #expect((drawn == nil) == (known == nil), "\(id).\(name)")
      if let drawn, let known { #expect(abs(drawn - known) < 1e-12, "\(id).\(name)") }
    }
  }

  @Test("people are those of a simulation: as many answers, as high scores, as uneven")
  func likeASimulation() async throws {
    let stage = try Stage()
    func change(_ plan: inout SimulationPlan) {
      plan.use = nil
      plan.behaviour.travels = nil
      plan.behaviour.pauses = nil
      plan.behaviour.changesConsent = 0
      plan.behaviour.stopsReminders = 0
      plan.behaviour.opensEvents = 0
    }
    let lived = try await stage.simulate(people: 60, seed: 8, changing: change)
    let (scores, occasions) = try await lived.desk.database.read { snapshot in
      (try snapshot.scoreRows(), try snapshot.occasionRows())
    }
    let known = scores.filter { $0.isCurrent && !$0.isLate }.compactMap(\.score.value)
    let due = occasions.count(where: \.occasion.state.isDue)

    var plan = try #require(stage.plan().plan)
    change(&plan)
    let schedule = VisitSchedule(
      of: stage.definitions.study, plan: plan, people: 400, asking: [], seed: 8)
    let instrument = try #require(stage.definitions.instruments["state"])
    let draws = ScoreDraws(
      study: stage.definitions.study, plan: plan, schedule: schedule,
      score: try #require(MeanScore("mood", of: instrument, courses: plan.courses)),
      instrument: "state")
    let draw = draws.draw(
      seed: 9, effects: [{ _, _ in 0 }], rowCount: schedule.rows.occasions.count)
    let drawn = draw.responses[0].filter { !$0.isNaN }
    func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(numbers.count) }
    func deviation(_ numbers: [Double]) -> Double {
      PowerResult.Effect.Measure.deviation(numbers)
    }
    // 60 people's own means differ by 8, so their mean by about 1.
    #expect(abs(mean(drawn) - mean(known)) < 4)
    #expect(abs(deviation(drawn) / deviation(known) - 1) < 0.15)
    let perPerson = Double(drawn.count) / 400
    #expect(abs(perPerson / (Double(known.count) / 60) - 1) < 0.15, "\(perPerson), \(due)")
  }

  @Test(
    "shares carry Wilson's interval",
    // prop.test(x, n, correct = FALSE)$conf.int, R 4.2.2.
    arguments: [
      (8, 10, 0.4901625, 0.9433178), (0, 20, 0, 0.1611252), (50, 1000, 0.03813026, 0.06531382),
    ])
  func wilson(count: Int, of all: Int, lower: Double, upper: Double) {
    let measure = PowerResult.Effect.Measure(share: count, of: all)
    #expect(abs(measure.lower - lower) < 1e-6 && abs(measure.upper - upper) < 1e-6, "\(measure)")
  }
}
