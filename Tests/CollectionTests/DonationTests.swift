import Foundation
import Identities
import InteractionLogs
import LocalTime
import Storage
import Studies
import Testing

@testable import Collection

struct DonationTests {
  static let now = Stage.after(hours: 24 * 20)

  /// A moment so many days and hours after the start of the stage, 11:00 in Amsterdam.
  static func moment(_ day: Int, _ hour: Double = 0, minutes: Double = 0) -> Date {
    Stage.after(hours: Double(day) * 24 + hour + minutes / 60)
  }

  static func chat(_ id: String, days: [Int]) -> ChatExport.Chat {
    ChatExport.Chat(
      id: id, times: days.flatMap { [moment($0), moment($0, minutes: 2)] })
  }

  /// Three conversations on days 1, 2 and 5; the last goes on on day 6.
  static let export = ChatExport(chats: [
    chat("one", days: [1]), chat("two", days: [2]), chat("three", days: [5, 6]),
  ])

  static func date(_ day: Int) throws -> LocalDate {
    try #require(LocalDate("2026-01-\(12 + day)"))
  }

  private func donor(_ stage: Stage) async throws -> String {
    let name = try await stage.enrol(consenting: false)
    try await stage.desk.consent(name, to: ["surveys", "logs"], now: Stage.start)
    return name
  }

  private func preview(
    _ export: ChatExport, _ stage: Stage, _ name: String, account: Int = 1,
    exported: Date? = nil, withholding days: Set<LocalDate> = [],
    and conversations: Set<String> = [], now: Date = Self.now
  ) async throws -> LogPreview {
    try await stage.desk.previewDonation(
      of: try export.log, lists: RuleLists.shipped.versions, from: name, account: account,
      exported: exported,
      withholding: KeptBack(days: days, conversations: conversations), now: now)
  }

  @discardableResult
  private func donate(
    _ export: ChatExport, _ stage: Stage, _ name: String, account: Int = 1,
    exported: Date? = nil, withholding days: Set<LocalDate> = [],
    and conversations: Set<String> = [], now: Date = Self.now
  ) async throws -> InteractionRows {
    let preview = try await preview(
      export, stage, name, account: account, exported: exported, withholding: days,
      and: conversations, now: now)
    _ = try await stage.desk.donate(preview, now: now)
    let rows = try await stage.database.read { try $0.interactionRows(of: name) }
    #expect(rows == preview.rows, "what was shown is what is kept")
    #expect(try await stage.database.verify() == [])
    return rows
  }

  @Test func `a preview stores nothing, and agreeing stores what was shown`() async throws {
    let stage = try await Stage(withIdentities: true, fixture: "logs")
    let name = try await donor(stage)
    let preview = try await preview(Self.export, stage, name)
    #expect(try await stage.database.read { try $0.donors() } == [])
    #expect(preview.conversations == 3 && preview.days.count == 4 && preview.replaced == 0)
    let dates = try [1, 2, 5, 6].map(Self.date)
    #expect(preview.days.map(\.date) == dates)
    let rows = try await donate(Self.export, stage, name)
    #expect(rows.conversations.count == 3 && rows.sessions.count == 4 && rows.days.count == 4)
    let first = try #require(rows.conversations.first)
    #expect(first.day == "2026-01-13" && first.model == "gpt-4o" && first.language == "en")
    #expect(first.numbers[.userMessages] == 1 && first.numbers[.firstPersonSum] == 3)
    #expect(first.numbers[.affectCount] == 2 && first.numbers[.replyLatencySum] == 120)
    #expect(rows.days.first?.numbers[.minutes] == 2)
    let donation = try #require(try await stage.database.read { try $0.donations(of: name) }.first)
    #expect(donation.coveredFrom == Self.moment(1))
    #expect(donation.coveredUntil == Self.moment(6, minutes: 2), "nothing is known of later days")
    #expect(donation.lists.map(\.name) == ["rules.en", "rules.nl", "vader"])
    #expect(donation.consentPart == "logs" && donation.consentVersion == 1)
  }

  @Test func `donating again adds what is new and counts nothing twice`() async throws {
    let stage = try await Stage(withIdentities: true, fixture: "logs")
    let name = try await donor(stage)
    let first = try await donate(Self.export, stage, name)
    let again = try await donate(Self.export, stage, name, now: Stage.after(hours: 24 * 21))
    func numbers(_ rows: InteractionRows) -> [[InteractionNumber: Double]] {
      rows.conversations.map(\.numbers) + rows.sessions.map(\.numbers) + rows.days.map(\.numbers)
    }
    #expect(numbers(again) == numbers(first))
    #expect(again.conversations.map(\.token) == first.conversations.map(\.token))

    var longer = Self.export
    longer.chats[2] = Self.chat("three", days: [5, 6, 8])
    longer.chats.append(Self.chat("four", days: [9]))
    let preview = try await preview(longer, stage, name, now: Stage.after(hours: 24 * 22))
    #expect(preview.replaced == 3 && preview.conversations == 4)
    let more = try await donate(longer, stage, name, now: Stage.after(hours: 24 * 22))
    #expect(more.conversations.count == 4 && more.sessions.count == 6 && more.days.count == 6)
    #expect(more.conversations.map { $0.numbers[.userMessages] } == [1, 1, 3, 1])
  }

  @Test func `an older export given later takes nothing away`() async throws {
    let stage = try await Stage(withIdentities: true, fixture: "logs")
    let name = try await donor(stage)
    let all = try await donate(Self.export, stage, name)
    let older = ChatExport(chats: [Self.chat("two", days: [2]), Self.chat("three", days: [5])])
    let rows = try await donate(older, stage, name, now: Stage.after(hours: 24 * 21))
    #expect(rows.conversations.map { $0.numbers[.userMessages] } == [1, 1, 2])
    #expect(rows.days.map(\.day) == all.days.map(\.day))
    #expect(rows.sessions.map(\.started) == all.sessions.map(\.started))
  }

  @Test func `conversations that the service has deleted stay`() async throws {
    let stage = try await Stage(withIdentities: true, fixture: "logs")
    let name = try await donor(stage)
    try await donate(Self.export, stage, name)
    let later = ChatExport(chats: [Self.chat("five", days: [10])])
    let rows = try await donate(later, stage, name, now: Stage.after(hours: 24 * 21))
    #expect(rows.conversations.count == 4 && rows.days.count == 5 && rows.sessions.count == 5)
  }

  @Test func `a conversation deleted in between takes nothing of its day away`() async throws {
    let stage = try await Stage(withIdentities: true, fixture: "logs")
    let name = try await donor(stage)
    let all = try await donate(Self.export, stage, name)
    // The second conversation is gone, and a day has come.
    let later = ChatExport(chats: [
      Self.chat("one", days: [1]), Self.chat("three", days: [5, 6]), Self.chat("four", days: [9]),
    ])
    let rows = try await donate(later, stage, name, now: Stage.after(hours: 24 * 21))
    #expect(rows.conversations.count == 4 && rows.sessions.count == 5)
    #expect(rows.days.map(\.day) == all.days.map(\.day) + ["2026-01-21"])
    #expect(rows.days[1].numbers == all.days[1].numbers)
  }

  @Test func `exports that meet within a day are added up there`() async throws {
    let stage = try await Stage(withIdentities: true, fixture: "logs")
    let name = try await donor(stage)
    let first = ChatExport(chats: [Self.chat("one", days: [1]), Self.chat("two", days: [2])])
    let next = ChatExport(chats: [
      ChatExport.Chat(id: "late", times: [Self.moment(2, 6), Self.moment(2, 6, minutes: 4)]),
      Self.chat("three", days: [3]),
    ])
    try await donate(first, stage, name)
    let rows = try await donate(next, stage, name, now: Stage.after(hours: 24 * 21))
    #expect(rows.sessions.count == 4 && rows.days.count == 3)
    let day = rows.days[1].numbers
    #expect(day[.minutes] == 6 && day[.sessions] == 2 && day[.userMessages] == 2)
    #expect(day[.conversations] == 2 && day[.modelFamilies] == 1)
  }

  @Test func `a day between a conversation's messages keeps nothing of it back`() async throws {
    let stage = try await Stage(withIdentities: true, fixture: "logs")
    let name = try await donor(stage)
    let export = ChatExport(chats: [Self.chat("long", days: [1, 5]), Self.chat("two", days: [3])])
    let rows = try await donate(export, stage, name, withholding: [try Self.date(3)])
    #expect(rows.conversations.count(where: \.isWithheld) == 1)
    #expect(rows.days.map(\.isWithheld) == [false, true, false])
  }

  @Test func `two accounts and two services count beside each other`() async throws {
    let stage = try await Stage(withIdentities: true, fixture: "logs")
    let name = try await donor(stage)
    try await donate(Self.export, stage, name)
    let other = ChatExport(chats: [Self.chat("six", days: [2])])
    let rows = try await donate(
      other, stage, name, account: 2, now: Stage.after(hours: 24 * 21))
    #expect(rows.conversations.count == 4)
    #expect(rows.days.filter { $0.day == "2026-01-14" }.count == 2)
  }

  @Test func `a day kept back is withheld, with what touches it, then and later`() async throws {
    let stage = try await Stage(withIdentities: true, fixture: "logs")
    let name = try await donor(stage)
    let rows = try await donate(
      Self.export, stage, name, withholding: [try Self.date(2), try Self.date(6), try Self.date(4)])
    #expect(rows.conversations.map(\.isWithheld) == [false, true, true])
    let touched = rows.days.first { $0.day == "2026-01-17" }
    #expect(
      touched?.numbers == [.withheldConversations: 1], "its conversation went on on a day kept back"
    )
    #expect(rows.conversations[1].numbers.isEmpty && rows.conversations[1].started == nil)
    #expect(rows.sessions.count == 1)
    #expect(
      rows.days.filter(\.isWithheld).map(\.day) == ["2026-01-14", "2026-01-16", "2026-01-18"])

    let again = try await donate(Self.export, stage, name, now: Stage.after(hours: 24 * 21))
    #expect(again.days.filter(\.isWithheld).count == 3)
    #expect(again.conversations.count(where: \.isWithheld) == 2)
    let other = ChatExport(chats: [Self.chat("six", days: [2, 3])])
    let both = try await donate(
      other, stage, name, account: 2, now: Stage.after(hours: 24 * 22))
    #expect(both.conversations.count(where: \.isWithheld) == 3, "in other accounts too")
    #expect(!both.days.contains { $0.day == "2026-01-14" && !$0.isWithheld })
    let late = try await donate(
      Self.export, stage, name, withholding: [try Self.date(1)], now: Stage.after(hours: 24 * 23))
    #expect(!late.conversations.contains { !$0.isWithheld }, "what was given is kept back now")
  }

  /// The token that an export's conversation has in a preview.
  private func token(
    _ id: String, of export: ChatExport, _ stage: Stage, _ name: String
  ) async throws -> String {
    let conversations = try #require(try export.log.conversations)
    let place = try #require(conversations.firstIndex { $0.key == Array(id.utf8) })
    return try await preview(export, stage, name).conversationList[place].token
  }

  @Test func `a conversation kept back is in no number, then and later`() async throws {
    let stage = try await Stage(withIdentities: true, fixture: "logs")
    let name = try await donor(stage)
    var export = Self.export
    export.chats.append(
      ChatExport.Chat(id: "aside", times: [Self.moment(1, 3), Self.moment(1, 3, minutes: 9)]))
    export.chats.append(Self.chat("five", days: [7]))
    let aside = try await token("aside", of: export, stage, name)
    let three = try await token("three", of: export, stage, name)
    let preview = try await preview(export, stage, name, and: [aside, three])
    #expect(preview.conversations == 3 && preview.withheldConversations == 2)
    #expect(preview.conversationList.map(\.isWithheld) == [false, true, false, true, false])
    #expect(preview.days.map(\.withheldConversations) == [1, 0, 1, 1, 0])
    #expect(preview.days.map(\.conversations) == [1, 1, nil, nil, 1])
    let rows = try await donate(export, stage, name, and: [aside, three])
    #expect(rows.conversations.count(where: \.isWithheld) == 2)
    #expect(rows.sessions.count == 3 && rows.sessions[0].numbers[.userMessages] == 1)
    #expect(rows.days[0].numbers[.minutes] == 2, "the nine minutes of the other are not in it")
    #expect(rows.days[2].numbers == [.withheldConversations: 1])
    #expect(rows.days.allSatisfy { !$0.isWithheld })

    // Nothing is chosen any more, and one that was kept back goes on.
    export.chats[2] = Self.chat("three", days: [5, 6, 8])
    let again = try await donate(export, stage, name, now: Stage.after(hours: 24 * 21))
    #expect(again.conversations.count(where: \.isWithheld) == 2)
    #expect(again.days[0].numbers[.minutes] == 2)
    #expect(again.days.last?.numbers == [.withheldConversations: 1])
    #expect(again.sessions.count == 3)
  }

  @Test func `a conversation given before can be taken back, and its numbers with it`() async throws
  {
    let stage = try await Stage(withIdentities: true, fixture: "logs")
    let name = try await donor(stage)
    var export = Self.export
    // On the first day and on the last, of which an export is not believed whole.
    export.chats.append(Self.chat("edges", days: [1, 6]))
    try await donate(export, stage, name)
    let rows = try await donate(
      export, stage, name, and: [try await token("edges", of: export, stage, name)],
      now: Stage.after(hours: 24 * 21))
    let plain = try await Stage(withIdentities: true, fixture: "logs")
    let other = try await donor(plain)
    let without = try await donate(Self.export, plain, other)
    func numbers(_ rows: InteractionRows) -> [[InteractionNumber: Double]] {
      (rows.sessions.map(\.numbers) + rows.days.map(\.numbers)).map { numbers in
        numbers.filter { $0.key != .withheldConversations }
      }
    }
    #expect(numbers(rows) == numbers(without))
    #expect(rows.days.map { $0.numbers[.withheldConversations] } == [1, 0, 0, 1])
  }

  @Test func `a day kept back takes its conversations out of other days and accounts`() async throws
  {
    let stage = try await Stage(withIdentities: true, fixture: "logs")
    let name = try await donor(stage)
    try await donate(Self.export, stage, name)
    let other = ChatExport(chats: [Self.chat("six", days: [9])])
    let rows = try await donate(
      other, stage, name, account: 2, withholding: [try Self.date(6)],
      now: Stage.after(hours: 24 * 21))
    let day = rows.days.first { $0.day == "2026-01-17" }
    #expect(day?.numbers == [.withheldConversations: 1])
    #expect(rows.sessions.count == 3, "those of days 1, 2 and 9")
  }

  @Test func `a conversation that the export does not have cannot be kept back`() async throws {
    let stage = try await Stage(withIdentities: true, fixture: "logs")
    let name = try await donor(stage)
    let error = await refusal {
      _ = try await self.preview(Self.export, stage, name, and: ["0123"])
    }
    #expect(error?.code == .logsRefused)
  }

  @Test func `a donor takes along what was donated`() async throws {
    let stage = try await Stage(withIdentities: true, fixture: "logs")
    let name = try await donor(stage)
    try await donate(Self.export, stage, name, withholding: [try Self.date(2)])
    let data = try await stage.desk.ownData(of: name, now: Self.now)
    let files = Dictionary(
      uniqueKeysWithValues: data.files.map { ($0.name, String(decoding: $0.bytes, as: UTF8.self)) })
    #expect(files["donated-logs.csv"]?.contains("chatgpt,1,") == true)
    #expect(files["donated-conversations.csv"]?.split(separator: "\r\n").count == 4)
    #expect(files["donated-days.csv"]?.contains("2026-01-14,yes,") == true)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data((files["my-data.json"] ?? "").utf8))
        as? [String: Any])
    let logs = try #require(json["logs"] as? [String: Any])
    #expect((logs["sessions"] as? [Any])?.count == 3)
  }

  @Test func `what the study does not take is refused`() async throws {
    let stage = try await Stage(withIdentities: true, fixture: "logs")
    let declined = try await stage.enrol()
    let error = await refusal { _ = try await self.preview(Self.export, stage, declined) }
    #expect(error?.code == .consentMissing)

    let name = try await donor(stage)
    let bytes = Array(#"[{"conversations": [{"from": "human", "value": "hi"}]}]"#.utf8)
    let other = try InteractionLog.read(bytes, options: LogOptions(zone: .gmt))
    let foreign = await refusal {
      _ = try await stage.desk.previewDonation(of: other, lists: [], from: name, now: Self.now)
    }
    #expect(foreign?.code == .logsRefused)
    let future = await refusal {
      _ = try await self.preview(Self.export, stage, name, now: Stage.after(hours: 48))
    }
    #expect(future?.code == .logsRefused)

    let plain = try await Stage(withIdentities: true)
    let person = try await plain.enrol()
    let none = await refusal { _ = try await self.preview(Self.export, plain, person) }
    #expect(none?.code == .logsRefused)

    let keyless = try await Stage(fixture: "logs")
    let donor = try await donor(keyless)
    let noKey = await refusal { _ = try await self.preview(Self.export, keyless, donor) }
    #expect(noKey?.code == .noIdentities)
  }

  @Test func `an agreement that is taken back between preview and donation holds`() async throws {
    let stage = try await Stage(withIdentities: true, fixture: "logs")
    let name = try await donor(stage)
    let preview = try await preview(Self.export, stage, name)
    _ = try await stage.desk.change("logs", to: false, of: name, now: Self.now)
    let error = await refusal { _ = try await stage.desk.donate(preview, now: Self.now) }
    #expect(error?.code == .consentMissing)
    #expect(try await stage.database.read { try $0.donors() } == [])
  }

  @Test func `a preview that another donation has overtaken is refused`() async throws {
    let stage = try await Stage(withIdentities: true, fixture: "logs")
    let name = try await donor(stage)
    let preview = try await preview(Self.export, stage, name)
    try await donate(Self.export, stage, name)
    let error = await refusal { _ = try await stage.desk.donate(preview, now: Self.now) }
    #expect(error?.code == .logsRefused)
  }

  @Test func `taking the agreement back erases what was donated, and its key`() async throws {
    let stage = try await Stage(withIdentities: true, fixture: "logs")
    let name = try await donor(stage)
    let tokens = try await donate(Self.export, stage, name).conversations.map(\.token)
    let change = try await stage.desk.change("logs", to: false, of: name, now: Self.now)
    #expect(change.erasure != nil)
    let ledger = ErasureLedger(at: stage.folder.appendingPathComponent("ledger"))
    let places = ErasurePlaces(
      contacts: stage.folder.appendingPathComponent("identities.db"), ledger: ledger)
    #expect(try await stage.desk.completeErasures(at: places, now: Self.now) == [])
    let erasure = try #require(change.erasure)
    let entry = try await stage.database.read { try $0.erasure(erasure.uuid) }
    #expect(entry?.completed != nil && entry?.counts["interaction_conversations"] == 3)
    #expect(try await stage.database.read { try $0.interactionRows(of: name) } == InteractionRows())
    #expect(try await stage.database.verify() == [])

    _ = try await stage.desk.change("logs", to: true, of: name, now: Self.now)
    let again = try await donate(Self.export, stage, name, now: Stage.after(hours: 24 * 21))
    #expect(Set(again.conversations.map(\.token)).isDisjoint(with: tokens))
  }

  @Test func `every source that logs are read from can be named in a study`() {
    #expect(LogPlan.knownSources.sorted() == LogSource.allCases.map(\.rawValue).sorted())
  }

  @Test func `nothing that was said survives a donation`() async throws {
    let stage = try await Stage(withIdentities: true, fixture: "logs")
    let name = try await donor(stage)
    var words = PlantedWords()
    let export = ChatExport(
      chats: (0..<20).map { number in
        ChatExport.Chat(
          id: "chat \(words.next())",
          times: [Self.moment(number % 9), Self.moment(number % 9, minutes: 1)],
          texts: [
            "I always \((0..<25).map { _ in words.next() }.joined(separator: " ")).",
            "Maybe \((0..<25).map { _ in words.next() }.joined(separator: " "))?",
          ])
      })
    #expect(String(decoding: try export.bytes, as: UTF8.self).contains(words.mark))
    try await donate(export, stage, name)
    let data = try await stage.desk.ownData(of: name, now: Self.now)
    #expect(
      !data.files.contains { String(decoding: $0.bytes, as: UTF8.self).contains(words.mark) })
    #expect(try words.found(in: stage.folder) == [:])
  }
}
