import Collection
import Figures
import Foundation

/// What somebody is shown once who was added, or got new credentials.
struct CredentialsDocument: Encodable {
  var researcher: String
  /// The secret of the second factor, as apps take it typed, and as an address.
  var totpSecret: String
  var totpURI: String
  var recoveryCodes: [String]

  enum CodingKeys: String, CodingKey {
    case researcher
    case totpSecret = "totp_secret"
    case totpURI = "totp_uri"
    case recoveryCodes = "recovery_codes"
  }

  init(_ credentials: ResearcherCredentials, name: String, study: String) {
    researcher = name
    totpSecret = credentials.secondFactor.spelled
    totpURI = credentials.secondFactor.address(study: study, name: name)
    recoveryCodes = credentials.recoveryCodes
  }

  /// The QR code for the app, and how to go on without it.
  func showSecondFactor() {
    Console.out("Scan this with an app for one-time codes:\n")
    if let code = QRCode(totpURI) { Console.out(code.terminalLines.joined(separator: "\n")) }
    Console.out("\nor type its secret there: \(totpSecret)\n")
  }

  /// The codes for the day that the telephone is lost.
  func showRecoveryCodes() {
    Console.out(
      "Each of these codes takes the app's place once. Keep them apart from the telephone:\n")
    Console.out(recoveryCodes.map { "  \($0)" }.joined(separator: "\n"))
  }
}

/// Asks for a password and hands out a second factor.
struct CredentialsInterview {
  let name: String
  let isJSON: Bool

  /// - Parameter check: refuses a password before anything else is asked for.
  /// - Throws: ``CommandFailure`` where nothing was typed, or no code of the new second factor; what `check`
  ///   throws.
  func run(study: String, check: (String) async throws -> Void) async throws -> (
    password: String, credentials: ResearcherCredentials, document: CredentialsDocument
  ) {
    let password = try LineInput.newSecret("Password of \(TerminalText.safe(name)): ")
    try await check(password)
    let credentials = ResearcherCredentials()
    let document = CredentialsDocument(credentials, name: name.lowercased(), study: study)
    guard !isJSON else { return (password, credentials, document) }
    document.showSecondFactor()
    if Console.isTyped { try confirm(credentials) }
    return (password, credentials, document)
  }

  /// An app that was not set up would lock its owner out: nothing is stored before it has shown a code.
  private func confirm(_ credentials: ResearcherCredentials) throws {
    for _ in 0..<3 {
      FileHandle.standardOutput.write(Data("The code that the app shows now: ".utf8))
      guard let line = readLine() else { break }
      if credentials.secondFactor.shows(line, at: Date()) { return }
      Console.out("That is not its code.")
    }
    throw CommandFailure(.usage, "the app's code was not given; nothing was stored")
  }
}
