import Foundation
import InteractionLogs

/// An export on the disk, as the commands read it.
enum LogFile {
  /// Reads it; from then on, no crash of this process says anything of what was read.
  ///
  /// - Parameter text: reads the words; nil for counts, lengths and times only.
  /// - Throws: ``CommandFailure`` that says what was found, without content.
  static func read(
    _ file: String, zone: TimeZone, gapMinutes: Int, text: TextReader?
  ) throws -> InteractionLog {
    CrashTraces.leaveNone()
    let options = LogOptions(zone: zone, gapMinutes: gapMinutes, text: text)
    do throws(LogProblem) {
      return try InteractionLog.read(path: file, options: options)
    } catch {
      throw CommandFailure(exit(for: error), "\(TerminalText.safe(file)): \(error)")
    }
  }

  /// A file that cannot be read, else one that is no export.
  private static func exit(for problem: LogProblem) -> Exit {
    switch problem.kind {
    case .unreadable, .noMemory: .unreadable
    default: .problems
    }
  }
}
