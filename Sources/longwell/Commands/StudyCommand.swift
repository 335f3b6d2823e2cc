import ArgumentParser
import Collection
import Definitions
import Foundation
import Storage
import Studies

/// `longwell study`: the versions of a running study.
struct StudyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study", abstract: "Change a running study: publish its next version.",
    subcommands: [StudyPublishCommand.self])
}

/// `longwell study publish`: the folder as it is now becomes the next version.
struct StudyPublishCommand: AsyncParsableCommand {
  /// Whom the version is for, as the command line names them.
  enum Scope: String, ExpressibleByArgument, CaseIterable {
    case new
    case everyone
  }

  static let configuration = CommandConfiguration(
    commandName: "publish",
    abstract: "Show what changed in the study's files, and make it the next version.",
    discussion: """
      Shows each change. Refuses what would orphan data, each with its place and what to do instead:
      occasions, instruments and items that people have answered keep their names.

      --for new: those who enrol from now on answer the new version; the others go on with theirs.
      --for everyone: so do all who take part, from what has not opened yet. What has opened, and
      every session that was begun, finishes on the version it began on.

      Asks before it publishes; elsewhere than in a terminal, --yes publishes.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Option(name: .customLong("for"), help: ArgumentHelp("new or everyone.", valueName: "whom"))
  var scope: Scope = .new

  @Flag(help: "Publish without asking.")
  var yes = false

  @Flag(help: "Print the changes, and what publishing came to, as JSON.")
  var json = false

  @OptionGroup var clock: ClockOption

  func run() async throws {
    let now = try clock.moment()
    let places = StudyPlaces(directory)
    let folder = try places.loadFolder()
    let door = try await StudyDoor.open(directory, for: .reading, now: now)
    if clock.now != nil, !door.isRehearsal {
      throw CommandFailure(
        .refused, "this study has real people: it is published at the clock's time")
    }
    let problems = try await door.desk.publicationProblems(
      of: folder, for: published, now: now)
    let differences = folder.differences(from: door.desk.current.definitions)
    if !json { show(differences, from: door.desk.current.study, to: folder.study) }
    guard !problems.hasErrors else {
      throw CommandFailure(
        .problems,
        "nothing was published; this would orphan data:\n"
          + problems.sorted.map { TerminalText.safe($0.description) }.joined(separator: "\n"))
    }
    guard yes || Console.isTyped && !json && LineInput.yesOrNo("Publish it for \(whom)?") else {
      if json { try Console.json(PublishDocument(differences, nil)) }
      if !json { Console.out("Nothing was published. Add --yes to publish it for \(whom).") }
      return
    }
    let publishing = try await door.desk.publish(
      folder, for: published, now: now)
    if json { return try Console.json(PublishDocument(differences, publishing)) }
    Console.out(outcome(of: publishing))
  }

  private var published: PublicationScope { scope == .new ? .newParticipants : .everyone }

  private var whom: String {
    scope == .new ? "new participants" : "everyone's future occasions"
  }

  private func show(_ differences: [StudyDifference], from old: Study, to new: Study) {
    Console.out("\(new.id) \(old.version) -> \(new.version)\n")
    var document: String?
    for difference in differences {
      if difference.document != document {
        Console.out(TerminalText.safe(difference.document))
        document = difference.document
      }
      Console.out(Self.line(difference))
    }
    Console.out("")
  }

  private static func line(_ difference: StudyDifference) -> String {
    // Values of a definition are cut; the words that participants read are shown as they are.
    let isProse = difference.path.hasPrefix("line ")
    func shown(_ text: String) -> String {
      isProse ? TerminalText.safe(text) : TerminalText.cell(text, width: 60)
    }
    let name = difference.path.isEmpty ? "" : TerminalText.safe(difference.path) + ": "
    return switch (difference.old, difference.new) {
    case (nil, let new?): "  + \(name)\(shown(new))"
    case (let old?, nil): "  - \(name)\(shown(old))"
    case (let old, let new): "  ~ \(name)\(shown(old ?? "")) -> \(shown(new ?? ""))"
    }
  }

  private func outcome(of publishing: Publishing) -> String {
    let version = publishing.desk.current.study.version
    guard scope == .everyone else {
      return "Published version \(version): those who enrol from now on answer it."
    }
    let change = publishing.change
    return """
      Published version \(version) for \(publishing.participants) \
      participant\(publishing.participants == 1 ? "" : "s") and all who enrol \
      from now on: \(change.moved) occasions moved, \(change.skipped) dropped, \
      \(change.cancelled) cancelled, \(publishing.added) added.
      """
  }
}

/// What `study publish` shows and does, for programs.
struct PublishDocument: Encodable {
  struct Change: Encodable {
    var document, path: String
    var old, new: String?
  }

  struct Outcome: Encodable {
    var version: String
    var publication, participants, moved, dropped, cancelled, added: Int
  }

  var changes: [Change]
  var published: Outcome?

  init(_ differences: [StudyDifference], _ publishing: Publishing?) {
    changes = differences.map {
      Change(document: $0.document, path: $0.path, old: $0.old, new: $0.new)
    }
    published = publishing.map {
      Outcome(
        version: $0.publication.version, publication: $0.publication.number,
        participants: $0.participants, moved: $0.change.moved, dropped: $0.change.skipped,
        cancelled: $0.change.cancelled, added: $0.added)
    }
  }
}
