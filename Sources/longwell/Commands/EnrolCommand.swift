import ArgumentParser
import Collection
import Definitions
import Foundation
import Identities
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

  @Flag(help: "A test participant: left out of every export and analysis.")
  var test = false

  @Flag(help: "Print the result as JSON.")
  var json = false

  @OptionGroup var clock: ClockOption

  func validate() throws {
    if let email, email.firstMatch(of: #/^[^@\s]+@[^@\s]+$/#) == nil {
      throw ValidationError("--email takes an address such as ann@example.org")
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
    let agreed =
      agree.isEmpty
      ? ConsentQuestions.ask(
        definitions, language: language ?? definitions.study.languages.first ?? "en")
      : Set(agree)
    try refuse(agreed, unlessEnoughFor: consent)
    if !definitions.placeholders.isEmpty, !test {
      Console.raw(
        "Note: the consent text still has \(definitions.placeholders.count) placeholders in brackets "
          + "(longwell check lists them); no real person should be asked to agree to it.")
    }
    // A study that nobody has joined yet is not started before the consent is in order.
    let isRehearsal = clock.now != nil && !test
    let door: StudyDoor
    if let running {
      door = running
    } else {
      door = try await StudyDoor.start(directory, isRehearsal: isRehearsal, now: now)
    }
    if running == nil, isRehearsal {
      Console.raw("Note: with --now this is a rehearsal; real people need a folder of their own.")
    }
    var generator = SystemRandomNumberGenerator()
    let contact =
      name == nil && email == nil ? nil : ContactDetails(name: name, email: email)
    let joining = try await door.desk.enrol(
      Enrolment(
        zone: zone.identifier, site: site, language: language, isTest: test,
        isSimulated: door.isRehearsal,
        contact: contact),
      agreeingTo: agreed, now: now, using: &generator)
    try show(joining)
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
    if door.isRehearsal, name != nil || email != nil {
      throw CommandFailure(.refused, "a rehearsal keeps no contacts: leave out --name and --email")
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
    guard sites.count > 1 else { return }
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

  private func refuse(_ agreed: Set<String>, unlessEnoughFor consent: Consent) throws {
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
