import Definitions
import Instruments
import Studies

extension SimulationPlan.Course {
  /// Reads one course and checks it against the study's instruments, arms, sites and phases.
  ///
  /// - Parameter earlier: the courses read before it, which may not share an item with it.
  static func read(
    _ node: DefinitionNode, folder: StudyFolder, earlier: [SimulationPlan.Course],
    problems: inout Problems
  ) -> SimulationPlan.Course? {
    guard var reader = MappingReader(node, describing: "a course", problems: &problems) else {
      return nil
    }
    let (study, limits) = (folder.study, -1e6...1e6)
    let isOfItem = reader.has("item") && !reader.has("score")
    let name = reader.string(
      isOfItem ? "item" : "score",
      expecting: isOfItem
        ? "an instrument and an item, such as moment.mood"
        : "an instrument and a score, such as wisdom-7.wisdom", problems: &problems)
    let start = reader.number("start", in: limits, problems: &problems)
    let slope = reader.number("per_week", in: limits, problems: &problems)
    let arms = SimulationPlan.numbers(
      "arms", of: study.arms.map(\.id), &reader, problems: &problems)
    let sites = SimulationPlan.numbers("sites", of: study.sites, &reader, problems: &problems)
    let phases = SimulationPlan.numbers(
      "phases", of: study.phases.map(\.id), &reader, problems: &problems)
    let use = useEffect(&reader, problems: &problems)
    let coupling = coupling(&reader, earlier: earlier, problems: &problems)
    let correlation = reader.optionalNumber(
      "autocorrelation", in: -0.99...0.99, problems: &problems)
    let deviations = deviations(&reader, problems: &problems)
    reader.finish(problems: &problems)
    guard let name, let start, let slope, let deviations,
      let (instrument, items) =
        isOfItem
        ? item(name, in: folder, problems: &problems)
        : score(name, in: folder, problems: &problems)
    else { return nil }
    let taken = Set(earlier.filter { $0.instrument == instrument }.flatMap(\.items))
    if let item = items.first(where: taken.contains) {
      problems.report(
        at: name.place, found: "the item \(quoted(item)), which an earlier course moves as well",
        expected: "scores that share no item")
      return nil
    }
    return SimulationPlan.Course(
      name: name.value, instrument: instrument, items: items, start: start.value,
      slope: slope.value, slopeByArm: arms, startBySite: sites, shiftByPhase: phases, use: use,
      coupling: coupling, autocorrelation: correlation?.value ?? 0,
      startDeviation: deviations.start, slopeDeviation: deviations.slope,
      occasionDeviation: deviations.occasion, itemDeviation: deviations.item)
  }

  /// The place of a course among others by its name.
  static func position(
    of name: Located<String>, among courses: [SimulationPlan.Course], problems: inout Problems
  ) -> Int? {
    if let position = courses.firstIndex(where: { $0.name == name.value }) { return position }
    let known = courses.map(\.name)
    problems.report(
      at: name.place, found: "the course \(quoted(name.value))",
      expected: known.isEmpty
        ? "a course that stands before it" : "one of \(known.joined(separator: ", "))",
      suggestion: nearestName(to: name.value, among: known))
    return nil
  }

  // MARK: What moves

  private static func score(
    _ name: Located<String>, in folder: StudyFolder, problems: inout Problems
  ) -> (instrument: String, items: [String])? {
    let parts = name.value.split(separator: ".", maxSplits: 1).map(String.init)
    if parts.count == 2, let instrument = folder.instruments[parts[0]],
      let score = instrument.score(parts[1]), score.isMean
    {
      return (instrument.id, score.items)
    }
    let means = folder.instruments.values.flatMap { instrument in
      instrument.scores.filter(\.isMean).map { "\(instrument.id).\($0.name)" }
    }.sorted()
    problems.report(
      at: name.place, found: quoted(name.value),
      expected: "a score of the study's instruments that is a mean",
      suggestion: nearestName(to: name.value, among: means))
    return nil
  }

  private static func item(
    _ name: Located<String>, in folder: StudyFolder, problems: inout Problems
  ) -> (instrument: String, items: [String])? {
    let parts = name.value.split(separator: ".", maxSplits: 1).map(String.init)
    if parts.count == 2, let instrument = folder.instruments[parts[0]],
      let item = instrument.item(parts[1]), item.range != nil
    {
      return (instrument.id, [item.id])
    }
    let known = folder.instruments.values.flatMap { instrument in
      instrument.items.filter { $0.range != nil }.map { "\(instrument.id).\($0.id)" }
    }.sorted()
    problems.report(
      at: name.place, found: quoted(name.value),
      expected: "an item of the study's instruments whose answer is a number",
      suggestion: nearestName(to: name.value, among: known))
    return nil
  }

  // MARK: How it moves

  private static func useEffect(
    _ reader: inout MappingReader, problems: inout Problems
  ) -> SimulationPlan.UseEffect? {
    guard
      var part = reader.optionalMapping(
        "use", describing: "the effect of use", problems: &problems)
    else { return nil }
    let days = part.number("days", in: 0.01...365, problems: &problems)
    let within = part.number("within", in: -1e6...1e6, problems: &problems)
    let between = part.number("between", in: -1e6...1e6, problems: &problems)
    let deviation = part.optionalNumber("deviation", in: 0...1e6, problems: &problems)
    part.finish(problems: &problems)
    guard let days, let within, let between else { return nil }
    return SimulationPlan.UseEffect(
      days: days.value, within: within.value, between: between.value,
      deviation: deviation?.value ?? 0)
  }

  private static func coupling(
    _ reader: inout MappingReader, earlier: [SimulationPlan.Course], problems: inout Problems
  ) -> SimulationPlan.Coupling? {
    guard
      var part = reader.optionalMapping(
        "follows", describing: "the course that it follows", problems: &problems)
    else { return nil }
    let name = part.string("course", problems: &problems)
    let slope = part.number("slope", in: -1e6...1e6, problems: &problems)
    let deviation = part.optionalNumber("deviation", in: 0...1e6, problems: &problems)
    part.finish(problems: &problems)
    guard let name, let slope,
      let course = position(of: name, among: earlier, problems: &problems)
    else { return nil }
    return SimulationPlan.Coupling(
      course: course, slope: slope.value, deviation: deviation?.value ?? 0)
  }

  private struct Deviations {
    var start, slope, occasion, item: Double
  }

  private static func deviations(
    _ reader: inout MappingReader, problems: inout Problems
  ) -> Deviations? {
    guard
      var part = reader.mapping(
        "deviations", describing: "the standard deviations", problems: &problems)
    else { return nil }
    let start = part.number("start", in: 0...1e6, problems: &problems)
    let slope = part.number("per_week", in: 0...1e6, problems: &problems)
    let occasion = part.number("occasion", in: 0...1e6, problems: &problems)
    let item = part.number("item", in: 0...1e6, problems: &problems)
    part.finish(problems: &problems)
    guard let start, let slope, let occasion, let item else { return nil }
    return Deviations(
      start: start.value, slope: slope.value, occasion: occasion.value, item: item.value)
  }
}

extension Score {
  /// Whether the score is a mean, so that a course can state its value.
  fileprivate var isMean: Bool {
    if case .mean = formula { true } else { false }
  }
}
