import ArgumentParser
import Collection
import Foundation
import LocalTime
import Storage

/// `longwell messages`: what was sent, what failed, and what nobody knows.
struct MessagesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "messages",
    abstract: "List messages, and say what became of uncertain ones.",
    discussion: """
      An uncertain message was handed to its carrier, and no answer came: the process or the
      connection ended between. It is not tried again by itself, because it may have arrived. Look
      into the mail server's log, or ask, then say --sent or --resend.
      """)

  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Option(
    help: ArgumentHelp(
      "Only those in this state: \(MessageState.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "state"))
  var state: MessageState?

  @Option(help: ArgumentHelp("This uncertain message had gone out.", valueName: "id"))
  var sent: String?

  @Option(
    help: ArgumentHelp(
      "Send this message, uncertain or given up, again at the next run.", valueName: "id"))
  var resend: String?

  @Flag(help: "Print the list as JSON.")
  var json = false

  func validate() throws {
    if sent != nil, resend != nil { throw ValidationError("name one of --sent and --resend") }
    for text in [sent, resend].compactMap(\.self) where UUID(uuidString: text) == nil {
      throw ValidationError("found \(text), expected an id from the list")
    }
  }

  func run() async throws {
    let now = Date()
    let door = try await StudyDoor.open(directory, for: .reading, now: now)
    if let id = (sent ?? resend).flatMap(UUID.init(uuidString:)) {
      let record = try await door.desk.decide(
        sent == nil ? .resend : .wasSent, about: id, now: now)
      Console.out("\(id.uuidString.lowercased()): \(record.state.rawValue)")
      return
    }
    let states = state.map { Set([$0]) } ?? Set(MessageState.allCases)
    let rows = try await door.desk.messages(in: states).map(MessageDocument.init)
    if json {
      try Console.json(rows)
    } else if rows.isEmpty {
      Console.out("No messages.")
    } else {
      var table = TextTable(
        header: [
          "id", "participant", "occasion", "kind", "channel", "state", "since (UTC)", "tries", "",
        ],
        leftColumns: [0, 1, 2, 3, 4, 5, 6, 8])
      table.rows = rows.map {
        [
          $0.id, $0.participant, $0.occasion ?? "", $0.kind, $0.channel, $0.state,
          $0.sinceUTC, String($0.attempts), $0.failure ?? "",
        ]
      }
      Console.out(table.lines.joined(separator: "\n"))
    }
  }
}

extension MessageState: ExpressibleByArgument {}

/// One message, for programs.
struct MessageDocument: Encodable {
  var id, kind, channel, state, sinceUTC, participant: String
  var occasion, failure: String?
  var number, attempts: Int

  enum CodingKeys: String, CodingKey {
    case id, kind, channel, state, participant, occasion, failure, number, attempts
    case sinceUTC = "since_utc"
  }

  init(_ listing: MessageListing) {
    let record = listing.record
    id = record.uuid.uuidString.lowercased()
    kind = record.kind.rawValue
    channel = record.channel
    state = record.state.rawValue
    sinceUTC = (record.settled ?? record.claimed ?? record.due).utcText
    participant = listing.pseudonym
    occasion = listing.occasion.map { "\($0.plan) \($0.index + 1)" }
    failure = record.failure
    number = record.number
    attempts = record.attempts
  }
}
