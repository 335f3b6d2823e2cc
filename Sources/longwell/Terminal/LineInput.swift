import Foundation
import Identities

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

  /// A name, an e-mail address and a telephone number, a line each; an empty line leaves one out.
  static func contact() -> ContactDetails {
    func line(_ prompt: String) -> String? {
      if Console.isTyped { FileHandle.standardOutput.write(Data(prompt.utf8)) }
      let text = readLine().map { $0.trimmingCharacters(in: .whitespaces) }
      return text?.isEmpty == false ? text : nil
    }
    let name = line("Name (Enter to leave it out): ")
    let email = line("E-mail (Enter to leave it out): ")
    return ContactDetails(
      name: name, email: email, phone: line("Telephone (Enter to leave it out): "))
  }
}
