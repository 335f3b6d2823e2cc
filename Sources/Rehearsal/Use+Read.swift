import Definitions
import Foundation
import Instruments
import Studies

extension SimulationPlan.Use {
  static func read(
    _ node: DefinitionNode, folder: StudyFolder, problems: inout Problems
  ) -> SimulationPlan.Use? {
    guard var reader = MappingReader(node, describing: "the use of AI", problems: &problems)
    else { return nil }
    let conversations = reader.number("conversations", in: 0...200, problems: &problems)
    let minutes = reader.number("minutes", in: 1...720, problems: &problems)
    var deviations = (person: 0.0, day: 0.0)
    if var part = reader.mapping(
      "deviations", describing: "the standard deviations", problems: &problems)
    {
      deviations.person = part.number("person", in: 0...5, problems: &problems)?.value ?? 0
      deviations.day = part.number("day", in: 0...5, problems: &problems)?.value ?? 0
      part.finish(problems: &problems)
    }
    let arms = SimulationPlan.numbers(
      "arms", of: folder.study.arms.map(\.id), &reader, problems: &problems)
    let phases = SimulationPlan.numbers(
      "phases", of: folder.study.phases.map(\.id), &reader, problems: &problems)
    var reports: [SimulationPlan.Report] = []
    for node in reader.optionalList("reports", problems: &problems) ?? [] {
      guard let report = report(node, folder: folder, problems: &problems) else { continue }
      reports.append(report)
    }
    reader.finish(problems: &problems)
    guard let conversations, let minutes else { return nil }
    return SimulationPlan.Use(
      conversations: conversations.value, minutes: minutes.value,
      personDeviation: deviations.person, dayDeviation: deviations.day, shiftByArm: arms,
      shiftByPhase: phases, reports: reports)
  }

  private static func report(
    _ node: DefinitionNode, folder: StudyFolder, problems: inout Problems
  ) -> SimulationPlan.Report? {
    guard
      var reader = MappingReader(node, describing: "a report of use", problems: &problems)
    else { return nil }
    let used = reader.string(
      "used", expecting: "an instrument and an item, such as moment.used_ai", problems: &problems)
    let minutes = reader.optionalString("minutes", problems: &problems)
    reader.finish(problems: &problems)
    guard let used, let (instrument, item) = item(used, in: folder, problems: &problems) else {
      return nil
    }
    guard Set(item.options?.map(\.value) ?? []).isSuperset(of: [0, 1]) else {
      problems.report(
        at: used.place, found: quoted(used.value), expected: "an item with the options 0 and 1")
      return nil
    }
    var minutesItem: String?
    if let minutes {
      guard let (other, item) = self.item(minutes, in: folder, problems: &problems) else {
        return nil
      }
      guard other.id == instrument.id, case .number = item.kind else {
        problems.report(
          at: minutes.place, found: quoted(minutes.value),
          expected: "an item of \(instrument.id) that takes a number")
        return nil
      }
      minutesItem = item.id
    }
    return SimulationPlan.Report(
      instrument: instrument.id, used: item.id, minutes: minutesItem)
  }

  private static func item(
    _ name: Located<String>, in folder: StudyFolder, problems: inout Problems
  ) -> (Instrument, Item)? {
    let parts = name.value.split(separator: ".", maxSplits: 1).map(String.init)
    if parts.count == 2, let instrument = folder.instruments[parts[0]],
      let item = instrument.item(parts[1])
    {
      return (instrument, item)
    }
    let known = folder.instruments.values.flatMap { instrument in
      instrument.items.map { "\(instrument.id).\($0.id)" }
    }.sorted()
    problems.report(
      at: name.place, found: quoted(name.value), expected: "an item of the study's instruments",
      suggestion: nearestName(to: name.value, among: known))
    return nil
  }
}

extension SimulationPlan {
  /// Numbers by name: what arms, sites or phases add.
  static func numbers(
    _ key: String, of names: [String], _ reader: inout MappingReader, problems: inout Problems
  ) -> [String: Double] {
    guard
      var part = reader.optionalMapping(
        key, describing: "what \(key) add", problems: &problems)
    else { return [:] }
    var numbers: [String: Double] = [:]
    for name in names where part.has(name) {
      numbers[name] = part.number(name, in: -1e6...1e6, problems: &problems)?.value
    }
    part.finish(knowing: names, problems: &problems)
    return numbers
  }
}
