import Definitions
import Foundation

extension SimulationPlan.Behaviour {
  static func read(
    _ reader: inout MappingReader, courses: [SimulationPlan.Course], problems: inout Problems
  ) -> SimulationPlan.Behaviour? {
    guard var part = reader.mapping("behaviour", describing: "the behaviour", problems: &problems)
    else { return nil }
    let misses = part.number("misses", in: 0...1, problems: &problems)
    let breaksOff = part.number("breaks_off", in: 0...1, problems: &problems)
    let leaves = part.number("leaves", in: 0...1, problems: &problems)
    let leavesBlank = part.number("leaves_blank", in: 0...1, problems: &problems)
    var behaviour = SimulationPlan.Behaviour(
      misses: misses?.value ?? 0, breaksOff: breaksOff?.value ?? 0, leaves: leaves?.value ?? 0,
      leavesBlank: leavesBlank?.value ?? 0)
    for (key, path) in Self.chances {
      guard let chance = part.optionalNumber(key, in: 0...1, problems: &problems) else { continue }
      behaviour[keyPath: path] = chance.value
    }
    if let deviation = part.optionalNumber("misses_deviation", in: 0...10, problems: &problems) {
      behaviour.missesDeviation = deviation.value
    }
    behaviour.missesByState = dependence(&part, courses: courses, problems: &problems)
    behaviour.travels = travel(&part, problems: &problems)
    behaviour.pauses = pausing(&part, problems: &problems)
    part.finish(problems: &problems)
    guard misses != nil, breaksOff != nil, leaves != nil, leavesBlank != nil else { return nil }
    return behaviour
  }

  /// The chances that need not be stated, by their names in the file.
  private static var chances: [(String, WritableKeyPath<Self, Double>)] {
    [
      ("reminded", \.reminded), ("late", \.late), ("straight_lines", \.straightLines),
      ("hurries", \.hurries), ("fails_checks", \.failsChecks),
      ("changes_consent", \.changesConsent), ("stops_reminders", \.stopsReminders),
      ("opens_events", \.opensEvents),
    ]
  }

  private static func dependence(
    _ reader: inout MappingReader, courses: [SimulationPlan.Course], problems: inout Problems
  ) -> SimulationPlan.StateDependence? {
    guard
      var part = reader.optionalMapping(
        "misses_by_state", describing: "what missing depends on", problems: &problems)
    else { return nil }
    let name = part.string(
      "course", expecting: "a course, such as wisdom-7.wisdom", problems: &problems)
    let odds = part.number("log_odds", in: -10...10, problems: &problems)
    part.finish(problems: &problems)
    guard let name, let odds,
      let course = SimulationPlan.Course.position(of: name, among: courses, problems: &problems)
    else { return nil }
    return SimulationPlan.StateDependence(course: course, logOdds: odds.value)
  }

  private static func travel(
    _ reader: inout MappingReader, problems: inout Problems
  ) -> SimulationPlan.Travel? {
    guard
      var part = reader.optionalMapping("travels", describing: "journeys", problems: &problems)
    else { return nil }
    let perWeek = part.number("per_week", in: 0...1, problems: &problems)
    let names = part.strings("to", problems: &problems)
    let days = part.integer("days", in: 1...365, problems: &problems)
    let zones = (names ?? []).compactMap { SimulationPlan.zone($0, problems: &problems) }
    if names?.isEmpty == true {
      problems.report(
        at: part.place(of: "to"), found: "no time zone", expected: "one time zone or more")
    }
    part.finish(problems: &problems)
    guard let perWeek, let days else { return nil }
    return SimulationPlan.Travel(perWeek: perWeek.value, zones: zones, days: days.value)
  }

  private static func pausing(
    _ reader: inout MappingReader, problems: inout Problems
  ) -> SimulationPlan.Pausing? {
    guard var part = reader.optionalMapping("pauses", describing: "pauses", problems: &problems)
    else { return nil }
    let perWeek = part.number("per_week", in: 0...1, problems: &problems)
    let days = part.integer("days", in: 1...365, problems: &problems)
    part.finish(problems: &problems)
    guard let perWeek, let days else { return nil }
    return SimulationPlan.Pausing(perWeek: perWeek.value, days: days.value)
  }
}
