package import Definitions
import Foundation
import LocalTime
package import Studies

extension SimulationPlan {
  /// Reads `simulation.yaml` and checks it against the study.
  ///
  /// - Parameters:
  ///   - bytes: the file's bytes.
  ///   - file: its name, for the places of problems.
  ///   - folder: the study with its instruments.
  ///   - problems: takes every mistake found.
  /// - Returns: the plan, or `nil` where it has an error.
  package static func load(
    _ bytes: [UInt8], file: String, folder: StudyFolder, problems: inout Problems
  ) -> SimulationPlan? {
    var found = Problems()
    defer { problems.append(found) }
    guard let root = DefinitionNode.parse(bytes, file: file, problems: &found),
      var reader = MappingReader(root, describing: "a simulation", problems: &found)
    else { return nil }
    let enrolment = Enrolment.read(&reader, study: folder.study, problems: &found)
    var courses: [Course] = []
    // The names of courses are needed by what stands before them in the file.
    for node in reader.list("courses", problems: &found) ?? [] {
      guard
        let course = Course.read(node, folder: folder, earlier: courses, problems: &found)
      else { continue }
      courses.append(course)
    }
    let behaviour = Behaviour.read(&reader, courses: courses, problems: &found)
    let useNode = reader.optionalNode("use")
    let use = useNode.flatMap { Use.read($0, folder: folder, problems: &found) }
    if useNode == nil, let course = courses.first(where: { $0.use != nil }) {
      found.report(
        at: reader.place, found: "the course \(course.name), which depends on use",
        expected: "'use', which says how much people use")
    }
    reader.finish(problems: &found)
    guard let enrolment, let behaviour, !found.hasErrors else { return nil }
    return SimulationPlan(
      enrolment: enrolment, behaviour: behaviour, use: use, courses: courses)
  }
}

extension SimulationPlan.Enrolment {
  static func read(
    _ reader: inout MappingReader, study: Study, problems: inout Problems
  ) -> SimulationPlan.Enrolment? {
    guard var part = reader.mapping("enrolment", describing: "the enrolment", problems: &problems)
    else { return nil }
    let start = part.string("from", problems: &problems)
    let days = part.integer("days", in: 1...3650, problems: &problems)
    let zoneNames = part.node("zones", problems: &problems).flatMap {
      bySite($0, study: study, of: "time zone", problems: &problems)
    }
    let languages = part.optionalNode("languages").map {
      bySite($0, study: study, of: "language", problems: &problems)
    }
    part.finish(problems: &problems)
    var from: Date?
    if let start {
      do { from = try instant(iso8601: start.value, in: .gmt) } catch {
        problems.report(at: start.place, found: quoted(start.value), expected: error.expected)
      }
    }
    var zones: [String: [TimeZone]] = [:]
    var refused: Set<Place> = []
    for site in study.sites {
      zones[site] = (zoneNames?[site] ?? []).compactMap { name in
        // One list for all sites is one mistake, not one a site.
        guard !refused.contains(name.place) else { return nil }
        let zone = SimulationPlan.zone(name, problems: &problems)
        if zone == nil { refused.insert(name.place) }
        return zone
      }
    }
    let known = study.languages
    var seen: Set<Place> = []
    for name in study.sites.flatMap({ (languages ?? nil)?[$0] ?? [] })
    where !known.contains(name.value) && seen.insert(name.place).inserted {
      problems.report(
        at: name.place, found: quoted(name.value),
        expected: "one of the study's languages, \(known.joined(separator: ", "))",
        suggestion: nearestName(to: name.value, among: known))
    }
    guard let from, let days, zones.values.allSatisfy({ !$0.isEmpty }) else {
      return nil
    }
    let all = Dictionary(
      uniqueKeysWithValues: study.sites.map { ($0, Array(known.prefix(1))) })
    return SimulationPlan.Enrolment(
      from: from, days: days.value, zones: zones,
      languages: (languages ?? nil)?.mapValues { $0.map(\.value) } ?? all)
  }

  /// A list for all sites, or a mapping with a list for each.
  private static func bySite(
    _ node: DefinitionNode, study: Study, of what: String, problems: inout Problems
  ) -> [String: [Located<String>]]? {
    var lists: [String: [Located<String>]] = [:]
    if case .mapping = node.content {
      guard
        var reader = MappingReader(node, describing: "the \(what)s by site", problems: &problems)
      else { return nil }
      for site in study.sites {
        guard let names = reader.strings(site, problems: &problems) else { continue }
        lists[site] = names
      }
      reader.finish(problems: &problems)
    } else {
      guard let names = node.strings(problems: &problems) else { return nil }
      for site in study.sites { lists[site] = names }
    }
    for site in study.sites where lists[site]?.isEmpty == true {
      problems.report(
        at: node.place, found: "no \(what)", expected: "one \(what) or more for \(site)")
      return nil
    }
    return lists.count == study.sites.count ? lists : nil
  }
}

extension SimulationPlan {
  static func zone(_ name: Located<String>, problems: inout Problems) -> TimeZone? {
    do { return try timeZone(named: name.value) } catch {
      problems.report(
        at: name.place, found: quoted(name.value),
        expected: "an IANA time zone such as Europe/Amsterdam", suggestion: error.suggestion)
      return nil
    }
  }
}
