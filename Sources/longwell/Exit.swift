import ArgumentParser
import Foundation

/// A reason to stop that is already worded for the person at the terminal.
struct CommandFailure: Error {
  var exit: Exit
  var message: String

  init(_ exit: Exit, _ message: String) {
    self.exit = exit
    self.message = message
  }
}

/// The exit codes of `longwell`, which scripts may rely on.
enum Exit: Int32 {
  case ok = 0
  case problems = 1
  case usage = 2
  case refused = 3
  case unreadable = 4
  case interrupted = 130

  /// One line for the help text.
  static let explanation =
    "0 done; 1 problems found; 2 wrong usage; 3 not possible now (unknown participant, closed "
    + "window, wrong kind of study); 4 a file or database cannot be read or written; "
    + "130 interrupted"

  /// Prints what the error says, if anything, and ends the process.
  static func leave(because error: any Error) -> Never {
    if let failure = error as? CommandFailure {
      if !failure.message.isEmpty { Console.error(failure.message) }
      Foundation.exit(failure.exit.rawValue)
    }
    let parserCode = Longwell.exitCode(for: error)
    if error is ExitCode { Foundation.exit(parserCode.rawValue) }
    if parserCode.isSuccess {
      Console.out(Longwell.fullMessage(for: error))
      Foundation.exit(ok.rawValue)
    }
    if parserCode == .validationFailure {
      Console.raw(Longwell.fullMessage(for: error))
      Foundation.exit(usage.rawValue)
    }
    let failure = CommandFailure(describing: error)
    Console.error(failure.message)
    Foundation.exit(failure.exit.rawValue)
  }
}
