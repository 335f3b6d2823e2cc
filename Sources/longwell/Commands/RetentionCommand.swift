import ArgumentParser
import Collection
import Foundation
import LocalTime
import Studies

/// `longwell retention`: what is kept longer than the study says, and its end.
struct RetentionCommand: AsyncParsableCommand {
  /// What is erased.
  enum Applied: String, ExpressibleByArgument, CaseIterable {
    case contacts
    case data

    var kind: RetentionDue.Kind { self == .contacts ? .identity : .data }
  }

  static let configuration = CommandConfiguration(
    commandName: "retention",
    abstract: "List, or erase, what the study says should be gone by now.",
    discussion: """
      By 'retention' in the study file: contacts so long after their participant's end, data so long
      after the study's. Without --apply it erases nothing.

      --apply contacts erases the contacts that are due; answers stay. --apply data erases everything
      of everybody, once the study's data are due. Both are events of the study's chain, print a
      receipt, and reach the ledger, so that no backup brings back what was erased.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Option(
    help: ArgumentHelp("Erase what is due: contacts or data; may be repeated.", valueName: "what"))
  var apply: [Applied] = []

  @Flag(help: "Do not ask; needed for --apply where nobody can be asked.")
  var yes = false

  @Flag(help: "Print the list, or the receipt, as JSON.")
  var json = false

  @OptionGroup var clock: ClockOption

  func run() async throws {
    let now = try clock.moment()
    let door = try await StudyDoor.open(directory, for: .reading, now: now)
    guard apply.isEmpty else { return try await erase(through: door, now: now) }
    let due = try await door.desk.retentionDue(now: now, contacts: door.places.identities)
    if json { return try Console.json(due.map(RetentionDocument.init)) }
    guard !due.isEmpty else {
      return Console.out(
        door.desk.current.study.retention == nil
          ? "The study says nothing about how long anything is kept."
          : "Nothing is kept longer than the study says.")
    }
    for entry in due {
      let what = entry.pseudonym.map { "the contact of \($0)" } ?? "the study's data"
      Console.out("\(what): to be gone since \(entry.since.utcText)")
    }
  }
}

extension RetentionCommand {
  private func erase(through door: StudyDoor, now: Date) async throws {
    guard clock.now == nil || door.isRehearsal else {
      throw CommandFailure(
        .refused, "this study has real people: what is due is erased at the clock's time, not --now"
      )
    }
    guard yes || Console.isTyped else {
      throw CommandFailure(
        .usage, "nothing was erased: it cannot be undone; add --yes where nobody can be asked")
    }
    let what = Set(apply).map(\.rawValue).sorted().joined(separator: " and ")
    guard yes || LineInput.yesOrNo("The \(what) that are due will be erased. Erase them?") else {
      return Console.out("Nothing was changed.")
    }
    let receipt = try await door.desk.applyRetention(
      to: Set(apply.map(\.kind)), now: now, at: door.erasurePlaces)
    if json { return try Console.json(RetentionReceiptDocument(receipt)) }
    for line in WithdrawalText.lines(receipt) { Console.out(line) }
  }
}

/// One entry of the list, for programs.
struct RetentionDocument: Encodable {
  var kind: String
  var participant: String?
  var sinceUTC: String

  enum CodingKeys: String, CodingKey {
    case kind, participant
    case sinceUTC = "since_utc"
  }

  init(_ due: RetentionDue) {
    kind = due.kind.rawValue
    participant = due.pseudonym
    sinceUTC = due.since.utcText
  }
}
