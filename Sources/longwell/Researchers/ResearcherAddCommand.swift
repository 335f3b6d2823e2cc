import ArgumentParser
import Collection
import Foundation
import Storage
import Studies

/// `longwell researcher add`: somebody new.
struct ResearcherAddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract:
      "Let somebody sign in: asks for a password, and shows the second factor as a QR code.",
    discussion: """
      The password has \(StudyDesk.shortestPassword) characters or more; without a terminal it is the first \
      line of input. In a terminal nothing is stored before the app has shown a code.
      """)

  @OptionGroup var researcher: ResearcherArguments
  @OptionGroup var duty: DutyOptions

  @Flag(help: "Print the second factor and the recovery codes as JSON.")
  var json = false

  func run() async throws {
    let door = try await StudyDoor.openOrStart(researcher.directory, for: .linking, now: Date())
    let (password, credentials, document) = try await CredentialsInterview(
      name: researcher.name, isJSON: json
    ).run(study: door.desk.current.study.id) { password in
      try await door.desk.checkNewResearcher(
        researcher.name, sites: duty.sites, password: password)
    }
    let record = try await door.desk.addResearcher(
      researcher.name, as: duty.role, sites: duty.sites, password: password, credentials,
      work: PasswordWork(), now: Date())
    if json { return try Console.json(document) }
    document.showRecoveryCodes()
    Console.out("\nAdded \(record.name) as \(record.role.rawValue).")
  }
}

/// `longwell researcher change`: another role or other sites.
struct ResearcherChangeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "change", abstract: "Give somebody another role, or other sites.")

  @OptionGroup var researcher: ResearcherArguments
  @OptionGroup var duty: DutyOptions

  func run() async throws {
    let door = try await StudyDoor.open(researcher.directory, for: .reading, now: Date())
    try await door.desk.changeResearcher(
      researcher.name, to: duty.role, sites: duty.sites, now: Date())
    let sites = duty.sites.map { "the sites \($0.sorted().joined(separator: ", "))" } ?? "all sites"
    Console.out(
      "\(TerminalText.safe(researcher.name)) is \(duty.role.rawValue) for \(sites) from now on.")
  }
}

/// `longwell researcher renew`: a new password and second factor.
struct ResearcherRenewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "renew",
    abstract: "Give somebody a new password, second factor and recovery codes; sittings end.")

  @OptionGroup var researcher: ResearcherArguments

  @Flag(help: "Print the second factor and the recovery codes as JSON.")
  var json = false

  func run() async throws {
    let door = try await StudyDoor.open(researcher.directory, for: .linking, now: Date())
    let (password, credentials, document) = try await CredentialsInterview(
      name: researcher.name, isJSON: json
    ).run(study: door.desk.current.study.id) { password in
      try door.desk.checkPassword(password, of: researcher.name)
    }
    try await door.desk.renewResearcher(
      researcher.name, password: password, credentials, work: PasswordWork(), now: Date())
    if json { return try Console.json(document) }
    document.showRecoveryCodes()
    Console.out("\nThe earlier password, app and codes of \(document.researcher) are worthless.")
  }
}

/// `longwell researcher revoke`: nobody any more.
struct ResearcherRevokeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "Shut every door to somebody at once: sittings end, tokens become worthless.")

  @OptionGroup var researcher: ResearcherArguments

  func run() async throws {
    let door = try await StudyDoor.open(researcher.directory, for: .reading, now: Date())
    try await door.desk.revokeResearcher(researcher.name, now: Date())
    Console.out("\(TerminalText.safe(researcher.name)) is shut out; what they did stays on record.")
  }
}
