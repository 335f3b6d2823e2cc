import Collection
import Foundation
import Identities

/// Questions answered by a line of standard input.
enum LineInput {
  /// Asks until the answer is yes or no, in English or in the language of the texts; the end of input is no.
  static func yesOrNo(_ question: String, texts: Texts = TextLibrary().texts("en")) -> Bool {
    let letters = (yes: texts("key_yes"), no: texts("key_no"))
    while true {
      FileHandle.standardOutput.write(
        Data("\(question) [\(letters.yes)/\(letters.no)] ".utf8))
      guard let line = readLine() else { return false }
      switch line.lowercased().filter({ !$0.isWhitespace }) {
      case "y", "yes", letters.yes, texts("answer_yes"): return true
      case "n", "no", letters.no, texts("answer_no"): return false
      default: Console.out(texts("yes_or_no", ["yes": letters.yes, "no": letters.no]))
      }
    }
  }

  /// A name, an e-mail address and a telephone number, a line each; an empty line leaves one out.
  static func contact(_ texts: Texts) -> ContactDetails {
    func line(_ prompt: String) -> String? {
      if Console.isTyped { FileHandle.standardOutput.write(Data(prompt.utf8)) }
      let text = readLine().map { $0.trimmingCharacters(in: .whitespaces) }
      return text?.isEmpty == false ? text : nil
    }
    let name = line(texts("contact_name"))
    let email = line(texts("contact_email"))
    return ContactDetails(name: name, email: email, phone: line(texts("contact_phone")))
  }
}
