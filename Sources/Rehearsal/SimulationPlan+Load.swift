package import Definitions
import Foundation
import Instruments
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
    let enrolment = enrolment(&reader, problems: &found)
    let behaviour = behaviour(&reader, problems: &found)
    var courses: [Course] = []
    for node in reader.list("courses", problems: &found) ?? [] {
      guard
        let course = Course.read(node, folder: folder, earlier: courses, problems: &found)
      else { continue }
      courses.append(course)
    }
    reader.finish(problems: &found)
    guard let enrolment, let behaviour, !found.hasErrors else { return nil }
    return SimulationPlan(enrolment: enrolment, behaviour: behaviour, courses: courses)
  }

  private static func enrolment(
    _ reader: inout MappingReader, problems: inout Problems
  ) -> Enrolment? {
    guard var part = reader.mapping("enrolment", describing: "the enrolment", problems: &problems)
    else { return nil }
    let start = part.string("from", problems: &problems)
    let days = part.integer("days", in: 1...3650, problems: &problems)
    let names = part.strings("zones", problems: &problems)
    part.finish(problems: &problems)
    guard let start, let days, let names else { return nil }
    var from: Date?
    do { from = try instant(iso8601: start.value, in: .gmt) } catch {
      problems.report(at: start.place, found: quoted(start.value), expected: error.expected)
    }
    var zones: [TimeZone] = []
    for name in names {
      do { zones.append(try timeZone(named: name.value)) } catch {
        problems.report(
          at: name.place, found: quoted(name.value),
          expected: "an IANA time zone such as Europe/Amsterdam", suggestion: error.suggestion)
      }
    }
    if names.isEmpty {
      problems.report(
        at: part.place(of: "zones"), found: "no time zone", expected: "one time zone or more")
    }
    guard let from, !zones.isEmpty else { return nil }
    return Enrolment(from: from, days: days.value, zones: zones)
  }

  private static func behaviour(
    _ reader: inout MappingReader, problems: inout Problems
  ) -> Behaviour? {
    guard var part = reader.mapping("behaviour", describing: "the behaviour", problems: &problems)
    else { return nil }
    let misses = part.number("misses", in: 0...1, problems: &problems)
    let breaksOff = part.number("breaks_off", in: 0...1, problems: &problems)
    let leaves = part.number("leaves", in: 0...1, problems: &problems)
    let leavesBlank = part.number("leaves_blank", in: 0...1, problems: &problems)
    part.finish(problems: &problems)
    guard let misses, let breaksOff, let leaves, let leavesBlank else { return nil }
    return Behaviour(
      misses: misses.value, breaksOff: breaksOff.value, leaves: leaves.value,
      leavesBlank: leavesBlank.value)
  }
}
