import ArgumentParser
import Collection
import Foundation
import Instruments
import Storage
import Studies

/// `longwell answer`: answer what is due, in the terminal.
struct AnswerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "answer",
    abstract: "Answer what is due, one item at a time.",
    discussion: """
      In a terminal: numbers or arrow keys, Enter to answer, left arrow to go back, q to stop. Each
      answer is kept at once; what is left is asked when the command is run again.

      Elsewhere it reads one line for each item: the answer, or an empty line to leave it blank, or
      :back, or :quit. After the last item, what was left blank is asked once more, unless it may
      well be blank; then :submit, or the end of input, decides: only :submit completes the session.

      Numbers may be typed in the digits of any script. The terminal speaks the participant's
      language where it is English, Dutch, Spanish or Arabic, else English.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Option(help: ArgumentHelp("Who answers.", valueName: "pseudonym"))
  var participant: String

  @Option(help: ArgumentHelp("Which due occasion (default: what closes first).", valueName: "id"))
  var occasion: String?

  @Flag(
    help: "Open an occasion because something happened; --occasion names it if there are several.")
  var event = false

  @OptionGroup var clock: ClockOption

  func run() async throws {
    let started = Date()
    let begun = try clock.moment()
    // With --now time goes on from the moment given, so that answering still takes its time.
    let clock: @Sendable () -> Date = {
      begun.addingTimeInterval(Date().timeIntervalSince(started))
    }
    let pseudonym = try StudyDoor.pseudonym(participant)
    let door = try await StudyDoor.open(directory, for: .answering, now: begun)
    try await door.allow(self.clock, for: pseudonym)
    let chosen = try await chosenOccasion(of: pseudonym, through: door, now: begun)
    let session = try await door.desk.begin(chosen, of: pseudonym, now: begun)
    let texts = TextLibrary().texts(try await door.language(of: session.session))
    var interview = try Interview(
      desk: door.desk, session: session, texts: texts, clock: clock)
    let ending =
      if let terminal = RawTerminal() { try await interview.run(on: terminal) } else {
        try await interview.runByLines()
      }
    switch ending {
    case .stopped:
      Console.out(texts("stopped_words"))
    case .submitted:
      Console.out(try await door.thanks(to: session.session) ?? texts("thanks_title"))
      if let safety = interview.safety { Console.out("\n" + safety.prose) }
      try await showCourse(of: pseudonym, through: door, texts: texts, now: clock())
    }
  }

  /// What is to be answered: something due, or an event that is opened for it.
  private func chosenOccasion(
    of pseudonym: String, through door: StudyDoor, now: Date
  ) async throws -> UUID {
    if event {
      let events = door.desk.current.study.occasions.filter(\.isEvent).map(\.id)
      guard let plan = occasion ?? (events.count == 1 ? events[0] : nil) else {
        throw CommandFailure(
          .usage,
          events.isEmpty
            ? "--event: the study has no occasion that participants open"
            : "--event: name one with --occasion: \(events.joined(separator: ", "))")
      }
      return try await door.desk.open(plan, by: pseudonym, now: now).uuid
    }
    let due = try await door.desk.due(of: pseudonym, now: now)
    guard let chosen = occasion.map({ id in due.first { $0.occasion.plan == id } }) ?? due.first
    else {
      let name = occasion.map { " of \(TerminalText.safe($0))" } ?? ""
      throw CommandFailure(.refused, "nothing\(name) is due for \(pseudonym) now")
    }
    return chosen.occasion.uuid
  }

  /// What the study lets the participant see of their own course.
  private func showCourse(
    of pseudonym: String, through door: StudyDoor, texts: Texts, now: Date
  ) async throws {
    let course = try await door.desk.ownCourse(of: pseudonym, now: now)
    if !course.isEmpty { Console.out("") }
    for score in course {
      let values = score.points.map { $0.value.map { NumberText.fixed($0, decimals: 2) } ?? "-" }
      Console.out(
        texts("course_words", ["name": score.name, "values": values.joined(separator: ", ")]))
    }
  }
}

extension StudyDoor {
  /// What the study says after a submission, in the participant's language and version.
  fileprivate func thanks(to session: SessionRecord) async throws -> String? {
    let texts = try desk.version(session.publication).definitions.feedbackTexts
    return texts[try await language(of: session)].map { TerminalText.prose($0.text) }
  }

  /// The language that the participant of a session reads.
  fileprivate func language(of session: SessionRecord) async throws -> String {
    let participant = try await desk.database.read { try $0.participant(session.pseudonym) }
    let study = try desk.version(session.publication).definitions.study
    return participant?.language ?? study.languages.first ?? "en"
  }
}
