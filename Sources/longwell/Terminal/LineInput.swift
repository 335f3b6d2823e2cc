import Foundation

/// Questions answered by a line of standard input.
enum LineInput {
  /// Asks until the answer is yes or no; the end of input is no.
  static func yesOrNo(_ question: String) -> Bool {
    while true {
      FileHandle.standardOutput.write(Data("\(question) [y/n] ".utf8))
      guard let line = readLine() else { return false }
      switch line.lowercased().filter({ !$0.isWhitespace }) {
      case "y", "yes": return true
      case "n", "no": return false
      default: Console.out("Please type y or n.")
      }
    }
  }
}
