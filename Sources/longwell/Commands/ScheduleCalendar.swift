import Foundation
import LocalTime
import Studies

/// A calendar file of planned occasions (RFC 5545), with reminders as alarms.
///
/// Times are written in UTC, which every calendar program shows by its own clocks.
struct ScheduleCalendar {
  var study: Study
  /// What the calendar's reader reads.
  var language: String
  var occasions: [PlannedOccasion]
  /// The moment that the file says it was written at; the enrolment, so that it can be made again.
  var written: Date

  /// The file, with the line ends that the format asks for.
  var text: String {
    var lines = [
      "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Longwell//\(Release.version)//EN",
      "CALSCALE:GREGORIAN",
    ]
    for occasion in occasions { lines += event(occasion) }
    lines.append("END:VCALENDAR")
    return lines.map { Self.folded($0) + "\r\n" }.joined()
  }

  private func event(_ occasion: PlannedOccasion) -> [String] {
    let name = "\(occasion.id) \(occasion.index + 1)"
    var lines = [
      "BEGIN:VEVENT", "UID:\(study.id)-\(occasion.id)-\(occasion.index)@longwell",
      "DTSTAMP:\(Self.stamp(written))", "DTSTART:\(Self.stamp(occasion.opens.instant))",
      "DTEND:\(Self.stamp(occasion.closes))",
      "SUMMARY:\(Self.escaped("\(name): \(study.title(in: language))"))",
    ]
    for reminder in occasion.reminders {
      lines += [
        "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER;VALUE=DATE-TIME:\(Self.stamp(reminder))",
        "DESCRIPTION:\(Self.escaped(name))", "END:VALARM",
      ]
    }
    return lines + ["END:VEVENT"]
  }

  /// `20260329T060000Z`.
  private static func stamp(_ instant: Date) -> String {
    let moment = LocalMoment(instant, in: .gmt)
    return moment.localText.filter { $0 != "-" && $0 != ":" } + "Z"
  }

  private static func escaped(_ text: String) -> String {
    TerminalText.safe(text).replacing("\\", with: "\\\\").replacing(";", with: "\\;")
      .replacing(",", with: "\\,").replacing("\n", with: "\\n")
  }

  /// A line of at most 75 bytes, the rest on lines that begin with a space.
  private static func folded(_ line: String) -> String {
    var folded = ""
    var length = 0
    for character in line {
      let size = character.utf8.count
      if length + size > 75 {
        folded += "\r\n "
        length = 1
      }
      folded.append(character)
      length += size
    }
    return folded
  }
}
