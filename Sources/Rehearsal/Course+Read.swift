import Definitions
import Instruments
import Studies

extension SimulationPlan.Course {
  /// Reads one course and checks it against the study's instruments and arms.
  ///
  /// - Parameter earlier: the courses read before it, which may not share an item with it.
  static func read(
    _ node: DefinitionNode, folder: StudyFolder, earlier: [SimulationPlan.Course],
    problems: inout Problems
  ) -> SimulationPlan.Course? {
    guard var reader = MappingReader(node, describing: "a course", problems: &problems) else {
      return nil
    }
    let name = reader.string(
      "score", expecting: "an instrument and a score, such as wisdom-7.wisdom", problems: &problems)
    let start = reader.number("start", in: -1e6...1e6, problems: &problems)
    let slope = reader.number("per_week", in: -1e6...1e6, problems: &problems)
    let slopeByArm = effects(&reader, study: folder.study, problems: &problems)
    let deviations = deviations(&reader, problems: &problems)
    reader.finish(problems: &problems)
    guard let name, let start, let slope, let deviations else { return nil }
    guard let (instrument, score) = score(name, in: folder, problems: &problems) else { return nil }
    let taken = Set(earlier.filter { $0.instrument == instrument.id }.flatMap(\.items))
    if let item = score.items.first(where: taken.contains) {
      problems.report(
        at: name.place, found: "the item \(quoted(item)), which an earlier course moves as well",
        expected: "scores that share no item")
      return nil
    }
    return SimulationPlan.Course(
      instrument: instrument.id, score: score.name, items: score.items, start: start.value,
      slope: slope.value, slopeByArm: slopeByArm, startDeviation: deviations.start,
      slopeDeviation: deviations.slope, occasionDeviation: deviations.occasion,
      itemDeviation: deviations.item)
  }

  private static func score(
    _ name: Located<String>, in folder: StudyFolder, problems: inout Problems
  ) -> (Instrument, Score)? {
    let means = folder.instruments.values.flatMap { instrument in
      instrument.scores.filter(\.isMean).map { "\(instrument.id).\($0.name)" }
    }.sorted()
    let parts = name.value.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2, let instrument = folder.instruments[parts[0]],
      let score = instrument.score(parts[1]), score.isMean
    else {
      problems.report(
        at: name.place, found: quoted(name.value),
        expected: "a score of the study's instruments that is a mean",
        suggestion: nearestName(to: name.value, among: means))
      return nil
    }
    return (instrument, score)
  }

  private static func effects(
    _ reader: inout MappingReader, study: Study, problems: inout Problems
  ) -> [String: Double] {
    guard
      var part = reader.optionalMapping(
        "arms", describing: "the effects by arm", problems: &problems)
    else { return [:] }
    var effects: [String: Double] = [:]
    for arm in study.arms where part.has(arm.id) {
      effects[arm.id] = part.number(arm.id, in: -1e6...1e6, problems: &problems)?.value
    }
    part.finish(knowing: study.arms.map(\.id), problems: &problems)
    return effects
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
