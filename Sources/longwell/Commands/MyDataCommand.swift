import ArgumentParser
import Collection
import Foundation
import Tables

/// `longwell mydata`: what was collected of one participant, to hand to that person.
struct MyDataCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mydata",
    abstract: "Write what was collected of one participant, for that person to keep.",
    discussion: """
      my-data.json has everything as it was given; the tables open in a spreadsheet, and nothing in
      them is run as a formula. Neither the contact nor the arm is in them. That they were handed out
      is an event of the participant's chain.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Argument(help: ArgumentHelp("The participant.", valueName: "pseudonym"))
  var participant: String

  @Option(help: ArgumentHelp("The folder to write to.", valueName: "dir"))
  var out: String

  @OptionGroup var clock: ClockOption

  func run() async throws {
    let now = try clock.moment()
    let pseudonym = try StudyDoor.pseudonym(participant)
    let door = try await StudyDoor.open(directory, for: .reading, now: now)
    try await door.allow(clock, for: pseudonym)
    let folder = PrivateFolder(URL(filePath: out, directoryHint: .isDirectory))
    let data = try await door.desk.ownData(of: pseudonym, now: try await door.moment(clock))
    for file in data.files {
      try folder.write(file.bytes, to: file.name)
      Console.out("\(out)/\(file.name)")
    }
  }
}
