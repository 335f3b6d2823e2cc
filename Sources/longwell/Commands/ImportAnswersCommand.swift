import ArgumentParser
import Collection
import Definitions
import Foundation

/// `longwell import-answers`: waves that were collected elsewhere, into a running study.
struct ImportAnswersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import-answers",
    abstract: "Bring answers that were collected elsewhere into a study.",
    discussion: """
      The file is an export of REDCap or formr, or any table; the map says which column is what. Rows
      become submitted occasions with their dates, scored by the study's keys and marked as imported.
      Every mistake is reported with its line and cell, and then nothing is stored. Without --write
      nothing is stored either: it says what would be. What was brought in before is not stored twice.

        participant: record_id
        source: redcap 2024
        enrol: { zone: Europe/Amsterdam, agreed: [taking_part] }
        occasion: { column: redcap_event_name, waves: { start_arm_1: baseline, week1_arm_1: week 1 } }
        date: { column: completed, format: "dd.MM.yyyy HH:mm", zone: Europe/Amsterdam }
        missing: [-9]
        items:
          needs-6: { a1: need_1, a2: { column: need_2, recode: { never: 1, always: 5 } } }

      Without 'enrol' only people of the study are taken, by pseudonym. Ticked boxes:
      'kinds: { boxes: { 1: kinds___1, 2: kinds___2 } }'. Repetitions: 'number' beside 'column' is the
      column that counts them. Sessions that were not finished have no date: 'date: { column: ended,
      unfinished: skip, … }' leaves them out, 'column: [ended, created]' takes another. A wide table, several waves in a row: 'occasion: { waves: { t1: baseline,
      t2: week 1 } }', with {wave} in the names of columns: 'n01: "{wave}_need_1"'.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Argument(help: ArgumentHelp("The table, delimited text in UTF-8.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("Which column is what, as YAML.", valueName: "file"))
  var map: String

  @Flag(help: "Store it; without this it is only tried.")
  var write = false

  @Flag(help: "Print what was done as JSON.")
  var json = false

  @OptionGroup var clock: ClockOption

  func run() async throws {
    let now = try clock.moment()
    var problems = Problems()
    guard let map = AnswerMap.load(try Self.bytes(map), file: map, problems: &problems) else {
      throw problems
    }
    guard
      let table = AnswerTable.load(
        try Self.bytes(file), file: file, map: map, problems: &problems)
    else { throw problems }
    let outcome = try await bring(table, now: now)
    guard !json else { return try Console.json(AnswerImportDocument(outcome, isStored: write)) }
    if write {
      for newcomer in outcome.enrolled {
        Console.out(TerminalText.safe("\(newcomer.source) is \(newcomer.pseudonym)"))
      }
    }
    Console.out(
      "\(outcome.sessions) sessions with \(outcome.answers) answers, "
        + "\(outcome.enrolled.count) people enrolled; \(outcome.repeated) brought in before, "
        + "\(outcome.emptyRows) rows without answers"
        + (outcome.unfinishedRows > 0 ? ", \(outcome.unfinishedRows) unfinished" : ""))
    if outcome.hidden > 0 {
      Console.out("\(outcome.hidden) answers are to items that others hide: kept, not scored")
    }
    Console.out(write ? "stored" : "nothing was stored; say --write to store it")
  }

  /// Brings the table into the study, or tries it; a study that nobody has joined begins with the file, once
  /// all of it has been tried elsewhere.
  private func bring(_ table: AnswerTable, now: Date) async throws -> AnswerImport {
    guard !StudyPlaces(directory).hasResearch else {
      let door = try await StudyDoor.open(directory, for: .answering, now: now)
      guard door.isRehearsal || clock.now == nil else {
        throw CommandFailure(
          .refused,
          "this study has real people: answers are brought in at the clock's time, not --now")
      }
      return try await door.desk.importAnswers(table, isTrial: !write, now: now)
    }
    let tried = try await StudyDoor.trying(directory, now: now) { desk in
      try await desk.importAnswers(table, isTrial: true, now: now)
    }
    guard write else { return tried }
    let door = try await StudyDoor.start(directory, isRehearsal: clock.now != nil, now: now)
    return try await door.desk.importAnswers(table, isTrial: false, now: now)
  }

  private static func bytes(_ path: String) throws -> [UInt8] {
    let kind = try FileManager.default.attributesOfItem(
      atPath: URL(filePath: path).resolvingSymlinksInPath().path)[.type]
    guard kind as? FileAttributeType == .typeRegular else {
      throw CommandFailure(.unreadable, "\(path): this is no regular file")
    }
    return Array(try Data(contentsOf: URL(filePath: path)))
  }
}

/// What bringing in answers came to, for programs.
struct AnswerImportDocument: Encodable {
  struct Newcomer: Encodable {
    var source: String
    /// Given once it is stored.
    var pseudonym: String?
  }

  enum CodingKeys: String, CodingKey {
    case stored, enrolled, sessions, answers, hidden, repeated
    case emptyRows = "empty_rows"
    case unfinishedRows = "unfinished_rows"
  }

  var stored: Bool
  var enrolled: [Newcomer]
  var sessions, answers, hidden, repeated, emptyRows, unfinishedRows: Int

  init(_ outcome: AnswerImport, isStored: Bool) {
    stored = isStored
    enrolled = outcome.enrolled.map {
      Newcomer(source: $0.source, pseudonym: isStored ? $0.pseudonym : nil)
    }
    sessions = outcome.sessions
    answers = outcome.answers
    hidden = outcome.hidden
    repeated = outcome.repeated
    emptyRows = outcome.emptyRows
    unfinishedRows = outcome.unfinishedRows
  }
}
