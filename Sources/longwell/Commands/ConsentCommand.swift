import ArgumentParser
import Collection
import Definitions
import Foundation
import Storage
import Studies

/// `longwell consent`: what a participant has agreed to, and changes of it.
struct ConsentCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "consent",
    abstract: "Show what a participant has agreed to; ask again, or take a part back.",
    discussion: """
      When the study has a new version of the consent, it shows the text in a terminal and asks for
      each part; elsewhere name with --agree every part that the person agrees to. Later, --agree and
      --revoke change one part and leave the others.

      Revoking a part stops what rests on it. Say whether what was collected under it is kept (--keep)
      or erased (--erase). Revoking a part that the study requires ends the participation; --erase then
      erases all, the contact too.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Argument(help: ArgumentHelp("The participant.", valueName: "pseudonym"))
  var participant: String

  @Option(help: ArgumentHelp("A part that the person agrees to.", valueName: "part"))
  var agree: [String] = []

  @Option(help: ArgumentHelp("A part that the person takes back.", valueName: "part"))
  var revoke: String?

  @Flag(help: "With --revoke: keep what was collected.")
  var keep = false

  @Flag(help: "With --revoke: erase what rests on the part; all, where the part is required.")
  var erase = false

  @Flag(help: "Print what the person has agreed to as JSON.")
  var json = false

  @OptionGroup var clock: ClockOption

  func validate() throws {
    if revoke != nil, !agree.isEmpty {
      throw ValidationError("--agree and --revoke are two decisions: make them one after the other")
    }
    if keep || erase, revoke == nil {
      throw ValidationError("--keep and --erase go with --revoke")
    }
    if keep, erase { throw ValidationError("--keep or --erase, not both") }
  }

  func run() async throws {
    let now = try clock.moment()
    let pseudonym = try StudyDoor.pseudonym(participant)
    let door = try await StudyDoor.open(directory, for: .reading, now: now)
    if revoke != nil || !agree.isEmpty { try await door.allow(clock, for: pseudonym) }
    if let revoke { try await take(revoke, back: pseudonym, through: door, now: now) }
    let standing = try await door.desk.consentStanding(of: pseudonym)
    if !agree.isEmpty {
      try await decide(Set(agree), of: pseudonym, standing, through: door, now: now)
    } else if revoke == nil, Console.isTyped, !json, standing.decided != standing.version {
      try await door.allow(clock, for: pseudonym)
      let parts = try await ask(pseudonym, through: door)
      try await door.desk.consent(pseudonym, to: parts, now: now)
    }
    try show(try await door.desk.consentStanding(of: pseudonym), of: pseudonym)
  }

  /// The whole text where it waits for a decision, else part by part.
  private func decide(
    _ parts: Set<String>, of pseudonym: String, _ standing: ConsentStanding,
    through door: StudyDoor, now: Date
  ) async throws {
    guard standing.decided == standing.version else {
      try await door.desk.consent(pseudonym, to: parts, now: now)
      return
    }
    for part in parts.sorted() {
      _ = try await door.desk.change(part, to: true, of: pseudonym, now: now)
    }
  }

  private func take(
    _ part: String, back pseudonym: String, through door: StudyDoor, now: Date
  ) async throws {
    guard try await door.desk.isRequired(part, for: pseudonym) else {
      return try await takeOptional(part, back: pseudonym, through: door, now: now)
    }
    let question =
      "Without it \(pseudonym) cannot take part. End the participation, and keep "
      + "what was collected?"
    guard keep || erase || Console.isTyped && LineInput.yesOrNo(question) else {
      throw CommandFailure(
        .refused,
        "nobody can take part without \(TerminalText.safe(part)): add --keep to end the "
          + "participation and keep what was collected, or --erase to erase it")
    }
    let receipt = try await door.desk.revokeRequired(
      part, of: pseudonym, erasing: erase, now: now, at: door.erasurePlaces)
    for line in WithdrawalText.lines(receipt) { Console.raw(line) }
  }

  private func takeOptional(
    _ part: String, back pseudonym: String, through door: StudyDoor, now: Date
  ) async throws {
    var isErasing = erase
    let collected = try await door.desk.collected(under: part, of: pseudonym)
    if collected > 0, !keep, !erase {
      guard Console.isTyped else {
        throw CommandFailure(
          .refused,
          "the answers to \(collected) occasions rest on \(TerminalText.safe(part)): add --keep to keep "
            + "them, or --erase to erase them")
      }
      isErasing = LineInput.yesOrNo(
        "The answers to \(collected) occasions rest on it. Erase them? This cannot be undone.")
    }
    let change = try await door.desk.change(
      part, to: false, of: pseudonym, erasing: isErasing, now: now, at: door.erasurePlaces)
    if change.ended > 0 { Console.raw("\(change.ended) begun and not submitted: ended.") }
    for line in WithdrawalText.erasure(change.erasure, waitingFor: change.obstacle) {
      Console.raw(line)
    }
  }

  private func ask(_ pseudonym: String, through door: StudyDoor) async throws -> Set<String> {
    guard let record = try await door.desk.database.read({ try $0.participant(pseudonym) }) else {
      return []
    }
    let definitions = try door.desk.version(record.publication).definitions
    return ConsentQuestions.ask(definitions, language: record.language)
  }

  private func show(_ standing: ConsentStanding, of pseudonym: String) throws {
    if json { return try Console.json(ConsentDocument(pseudonym, standing)) }
    let agreed = standing.agreed.isEmpty ? "nothing" : standing.agreed.joined(separator: ", ")
    let version = standing.decided.map { " (version \($0))" } ?? ""
    Console.out("\(pseudonym) has agreed to \(agreed)\(version).")
    if standing.needsRenewal {
      Console.out("Version \(standing.version) of the consent waits for a decision.")
    }
    if !standing.missing.isEmpty {
      Console.out("Nothing is asked without: \(standing.missing.joined(separator: ", ")).")
    }
  }
}

/// The consent text, and a question for each of its parts.
enum ConsentQuestions {
  /// Shows the text and asks.
  ///
  /// - Returns: the parts agreed to.
  static func ask(_ definitions: StudyFolder, language: String) -> Set<String> {
    if let text = definitions.consentTexts[language]?.text {
      Console.out(TerminalText.prose(text) + "\n")
    }
    let texts = TextLibrary().texts(language)
    var agreed: Set<String> = []
    for part in definitions.study.consent.parts {
      let question = part.question[language] ?? part.id
      if LineInput.yesOrNo(TerminalText.safe(question), texts: texts) { agreed.insert(part.id) }
    }
    return agreed
  }
}

/// What somebody has agreed to, for programs.
struct ConsentDocument: Encodable {
  var participant: String
  var version: Int
  var decided: Int?
  var agreed, missing: [String]
  var needsRenewal: Bool

  enum CodingKeys: String, CodingKey {
    case participant, version, decided, agreed, missing
    case needsRenewal = "needs_renewal"
  }

  init(_ pseudonym: String, _ standing: ConsentStanding) {
    participant = pseudonym
    version = standing.version
    decided = standing.decided
    agreed = standing.agreed
    missing = standing.missing
    needsRenewal = standing.needsRenewal
  }
}
