import Figures
import Foundation

/// What `serve` says once requests are taken.
struct ServeGreeting: Encodable, Sendable {
  var address: String
  var participantLink: String?
  /// What the participant's own program shows to the JSON API.
  var apiToken: String?
  var isJSON: Bool

  enum CodingKeys: String, CodingKey {
    case address
    case participantLink = "participant_link"
    case apiToken = "api_token"
  }

  /// Prints it: a line of JSON, or words and a QR code.
  func show() {
    guard !isJSON else {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      if let line = try? encoder.encode(self) {
        Console.out(String(decoding: line, as: UTF8.self))
      }
      return
    }
    Console.out("Serving at \(address); stop it with SIGTERM or Ctrl-C.")
    guard let participantLink else { return }
    if let code = QRCode(participantLink) {
      Console.out(code.terminalLines.joined(separator: "\n"))
    }
    Console.out("A rehearsal: try it out at \(participantLink)")
    if let apiToken { Console.out("Token for the JSON API at \(address)/api/v1: \(apiToken)") }
  }
}
