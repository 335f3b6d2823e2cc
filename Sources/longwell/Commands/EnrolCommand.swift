import ArgumentParser
import Collection
import Definitions
import Foundation
import Identities
import Instruments
import LocalTime
import Storage
import Studies

/// `longwell enrol`: one person joins a study.
struct EnrolCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enrol",
    abstract: "Enrol one person and record their consent.",
    discussion: """
      In a terminal it shows the consent text and asks for each part. Elsewhere name with --agree
      the parts that the person has agreed to, once for each; without them nobody is enrolled.
      Prints the pseudonym by which the person is known from then on.

      A study with a screening asks its questions first; elsewhere than in a terminal --screening
      names a CSV file with one row of answers. Nothing is kept of who is not eligible or does not
      agree but their number.

      --ask-contact reads the name and the address from a line each, so that they do not stay in
      the shell's history. --invitation and --code enrol somebody who was invited (longwell invite).
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Option(help: ArgumentHelp("A part of the consent that the person agrees to.", valueName: "part"))
  var agree: [String] = []

  @Option(
    help: ArgumentHelp("The person's time zone (default: this machine's).", valueName: "zone"))
  var zone: String?

  @Option(help: ArgumentHelp("The site, where the study has several.", valueName: "site"))
  var site: String?

  @Option(help: ArgumentHelp("The language the person reads.", valueName: "code"))
  var language: String?

  @Option(help: "The person's name; kept encrypted, apart from the answers.")
  var name: String?

  @Option(help: "The person's e-mail address; kept encrypted, apart from the answers.")
  var email: String?

  @Option(
    help: ArgumentHelp(
      "A telephone number for messages by a gateway.", valueName: "number"))
  var phone: String?

  @Flag(help: "Read name, e-mail address and telephone number from standard input, a line each.")
  var askContact = false

  @Option(help: ArgumentHelp("Who was invited.", valueName: "pseudonym"))
  var invitation: String?

  @Option(help: ArgumentHelp("The code that the person was given.", valueName: "code"))
  var code: String?

  @Option(help: ArgumentHelp("Answers to the screening, one row of CSV.", valueName: "file"))
  var screening: String?

  @Flag(help: "A test participant: left out of every export and analysis.")
  var test = false

  @Flag(help: "Print the result as JSON.")
  var json = false

  @OptionGroup var clock: ClockOption

  func validate() throws {
    if let email, !ContactSheet.isAddress(email) {
      throw ValidationError("--email takes an address such as ann@example.org")
    }
    if let phone, ContactSheet.telephone(phone) == nil {
      throw ValidationError("--phone takes a number with its country, such as +31612345678")
    }
    if askContact, name != nil || email != nil || phone != nil {
      throw ValidationError(
        "--ask-contact reads the contact: leave out --name, --email and --phone")
    }
    if invitation != nil, code != nil {
      throw ValidationError("somebody joins by --invitation or by --code")
    }
  }

  func run() async throws {
    let zone = try resolvedZone()
    let now = try clock.moment()
    let places = StudyPlaces(directory)
    let running =
      places.hasResearch
      ? try await StudyDoor.open(directory, for: .enrolling, now: now) : nil
    if let running { try allowTime(in: running) }
    let definitions = try running?.desk.current.definitions ?? places.loadFolder()
    try refuseUnknownLanguage(definitions.study)
    try refuseUnknownSite(definitions.study)
    let consent = definitions.study.consent
    if agree.isEmpty, !Console.isTyped { throw missingConsent(consent) }
    var opened = running
    var answers: [String: Answer]?
    if definitions.study.enrolment.screening != nil, !test || screening != nil {
      // Who is turned away is counted, so there must be where to count.
      let door = try await started(running, now: now)
      answers = try await screen(through: door, now: now)
      opened = door
    }
    let agreed =
      agree.isEmpty
      ? ConsentQuestions.ask(
        definitions, language: language ?? definitions.study.languages.first ?? "en")
      : Set(agree)
    do throws(CommandFailure) { try refuse(agreed, unlessEnoughFor: consent) } catch {
      if answers != nil, error.exit == .refused, let opened {
        try await opened.desk.turnAway(
          .declined, entry: try entry(), site: site, isTest: test, now: now)
      }
      throw error
    }
    if !definitions.placeholders.isEmpty, !test {
      Console.raw(
        "Note: the consent text still has \(definitions.placeholders.count) placeholders in brackets "
          + "(longwell check lists them); no real person should be asked to agree to it.")
    }
    // A study that nobody has joined yet is not started before the consent is in order.
    let door = try await started(opened, now: now)
    let texts = TextLibrary().texts(language ?? definitions.study.languages.first ?? "en")
    var enrolment = Enrolment(
      zone: zone.identifier, site: site, language: language, isTest: test,
      isSimulated: door.isRehearsal, contact: try contact(in: texts))
    enrolment.entry = try entry()
    enrolment.screening = answers
    var generator = SystemRandomNumberGenerator()
    let joining = try await door.desk.enrol(
      enrolment, agreeingTo: agreed, now: now, using: &generator)
    try show(joining)
  }

  private func started(_ running: StudyDoor?, now: Date) async throws -> StudyDoor {
    if let running { return running }
    let isRehearsal = clock.now != nil && !test
    if isRehearsal {
      Console.raw("Note: with --now this is a rehearsal; real people need a folder of their own.")
    }
    return try await StudyDoor.start(directory, isRehearsal: isRehearsal, now: now)
  }

  private func entry() throws -> Enrolment.Entry {
    if let code { return .code(code) }
    return try invitation.map { .invitation(try StudyDoor.pseudonym($0)) } ?? .team
  }

  /// Asks the questions before joining, or reads their answers.
  ///
  /// - Throws: ``CommandFailure`` when the answers rule it out, once the person is counted.
  private func screen(through door: StudyDoor, now: Date) async throws -> [String: Answer] {
    guard let instrument = door.desk.screeningInstrument else { return [:] }
    let answers: [String: Answer]
    if let screening {
      let rows = try AnswerSheet.read(screening, for: instrument).rows
      guard rows.count == 1 else {
        throw CommandFailure(
          .problems, "\(screening): found \(rows.count) rows, expected one person's answers")
      }
      answers = rows[0]
    } else {
      guard Console.isTyped else {
        throw CommandFailure(
          .usage,
          "nobody was enrolled: the study asks \(instrument.id) first; give the answers with "
            + "--screening FILE")
      }
      var interview = ScreeningInterview(
        instrument, texts: TextLibrary().texts(language ?? instrument.language))
      guard let given = interview.run() else {
        throw CommandFailure(.interrupted, "nobody was enrolled, and nothing was kept")
      }
      answers = given
    }
    guard try door.desk.isEligible(answers) else {
      try await door.desk.turnAway(
        .ineligible, entry: try entry(), site: site, isTest: test, now: now)
      throw CommandFailure(
        .refused, "not eligible for this study: nobody was enrolled, and the answers were not kept")
    }
    return answers
  }

  private func contact(in texts: Texts) throws -> ContactDetails? {
    guard askContact else {
      let contact = ContactDetails(
        name: name, email: email, phone: phone.flatMap(ContactSheet.telephone))
      return contact == ContactDetails() ? nil : contact
    }
    var asked = LineInput.contact(texts)
    if let email = asked.email, !ContactSheet.isAddress(email) {
      throw CommandFailure(
        .usage, "the e-mail address is none such as ann@example.org; nobody was enrolled")
    }
    if let typed = asked.phone {
      asked.phone = ContactSheet.telephone(typed)
      guard asked.phone != nil else {
        throw CommandFailure(
          .usage, "the telephone number is none such as +31 6 12345678; nobody was enrolled")
      }
    }
    return asked == ContactDetails() ? nil : asked
  }

  /// A chosen moment is for rehearsals and test participants; the clock's is for real people.
  private func allowTime(in door: StudyDoor) throws {
    if door.isRehearsal, clock.now == nil {
      throw CommandFailure(
        .refused,
        """
        this folder holds a rehearsal: give the moment with --now, or enrol real people in a \
        folder of their own (longwell init)
        """)
    }
    if !door.isRehearsal, clock.now != nil, !test {
      throw CommandFailure(
        .refused,
        """
        this study has real people: --now is for rehearsal, with test participants (--test) or in a \
        folder that was started with enrol --now
        """)
    }
    if door.isRehearsal, name != nil || email != nil || phone != nil || askContact {
      throw CommandFailure(
        .refused,
        "a rehearsal keeps no contacts: leave out --name, --email, --phone and --ask-contact")
    }
  }

  private func refuseUnknownLanguage(_ study: Study) throws {
    guard let language, !study.languages.contains(language) else { return }
    throw CommandFailure(
      .usage,
      "--language: found \(TerminalText.safe(language)), expected "
        + study.languages.joined(separator: " or "))
  }

  private func refuseUnknownSite(_ study: Study) throws {
    let sites = study.sites
    if let site {
      guard !sites.contains(site) else { return }
      throw CommandFailure(
        .usage,
        "--site: found \(TerminalText.safe(site)), expected \(sites.joined(separator: " or "))")
    }
    guard sites.count > 1, invitation == nil, code == nil else { return }
    throw CommandFailure(
      .usage, "the study has several sites: add --site \(sites.joined(separator: " or "))")
  }

  private func resolvedZone() throws -> TimeZone {
    guard let zone else { return .current }
    do { return try timeZone(named: zone) } catch {
      let hint = error.suggestion.map { "; did you mean \($0)?" } ?? ""
      throw CommandFailure(
        .usage, "--zone: found \(TerminalText.safe(zone)), expected an IANA time zone\(hint)")
    }
  }

  private func missingConsent(_ consent: Consent) -> CommandFailure {
    let example = consent.parts.filter(\.isRequired).map { "--agree \($0.id)" }
    return CommandFailure(
      .usage,
      """
      nobody was enrolled: consent has to be recorded. When the person has read the consent text \
      and agrees, add \(example.joined(separator: " ")); in a terminal, enrol shows the text and asks
      """)
  }

  private func refuse(
    _ agreed: Set<String>, unlessEnoughFor consent: Consent
  ) throws(CommandFailure) {
    let known = consent.parts.map(\.id)
    if let unknown = agreed.sorted().first(where: { !known.contains($0) }) {
      let hint = nearestName(to: unknown, among: known).map { "; did you mean \($0)?" } ?? ""
      throw CommandFailure(
        .usage,
        "--agree: found \(TerminalText.safe(unknown)), expected \(known.joined(separator: " or "))"
          + "\(hint.isEmpty ? ";" : hint) nobody was enrolled")
    }
    let missing = consent.parts.filter { $0.isRequired && !agreed.contains($0.id) }.map(\.id)
    guard missing.isEmpty else {
      throw CommandFailure(
        .refused,
        "nobody was enrolled: the study requires consent to \(missing.joined(separator: ", "))")
    }
  }

  private func show(_ joining: Joining) throws {
    let participant = joining.participant
    if json {
      try Console.json(
        EnrolmentDocument(
          participant: participant.pseudonym, zone: participant.zone, planned: joining.planned))
      return
    }
    Console.out(
      """
      Enrolled \(participant.pseudonym) (\(participant.zone)); \(joining.planned) occasions planned.

        longwell due \(TerminalText.safe(directory))
        longwell answer \(TerminalText.safe(directory)) --participant \(participant.pseudonym)
      """)
  }
}

/// What `enrol` did, for programs.
struct EnrolmentDocument: Encodable {
  var participant, zone: String
  var planned: Int
}
