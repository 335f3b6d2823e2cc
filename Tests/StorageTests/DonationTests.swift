import Foundation
import Testing

@testable import Storage

extension ResearchTransaction {
  /// Donates a log with a row in each table, and one of each that is kept back.
  @discardableResult
  func donate(
    of pseudonym: String, number: Int = 1, part: String = "logs"
  ) throws -> (DonationRecord, InteractionRows) {
    let donation = DonationRecord(
      uuid: secrets.uuid(for: "donation \(number) of \(pseudonym)"), source: "chatgpt", account: 1,
      isDaily: false, zone: "Europe/Amsterdam", coveredFrom: World.start,
      coveredUntil: World.start.addingTimeInterval(864_000), consentVersion: 1, consentPart: part,
      lists: [ListReference(name: "rules.en", version: "1.0.0", hash: World.hash)],
      donated: World.start.addingTimeInterval(Double(number)))
    let rows = InteractionRows(
      conversations: [
        ConversationRow(
          donation: donation.uuid, token: String(repeating: "1", count: 64), started: World.start,
          ended: World.start.addingTimeInterval(60), day: "2027-01-15",
          dayPart: "morning", model: "gpt-4o",
          language: "en", numbers: [.userMessages: 3, .affectSum: 0.1 + 0.2, .affectCount: 4]),
        ConversationRow(withheld: String(repeating: "2", count: 64), donation: donation.uuid),
      ],
      sessions: [
        InteractionSessionRow(
          donation: donation.uuid, started: World.start,
          ended: World.start.addingTimeInterval(60), numbers: [.userMessages: 3])
      ],
      days: [
        InteractionDayRow(
          donation: donation.uuid, day: "2027-01-15", numbers: [.minutes: 1.5, .conversations: 1]),
        InteractionDayRow(withheld: "2027-01-16", donation: donation.uuid),
      ])
    try record(donation, keeping: rows, of: pseudonym)
    return (donation, rows)
  }
}

struct DonationTests {
  static let name = "P-222222"

  @Test func `what was donated comes back, and chains verify`() async throws {
    let world = try await World()
    let (donation, rows) = try await world.database.write { transaction in
      try transaction.enrol(Self.name)
      return try transaction.donate(of: Self.name)
    }
    try await world.database.read { snapshot throws in
      #expect(try snapshot.donations(of: Self.name) == [donation])
      #expect(try snapshot.interactionRows(of: Self.name) == rows)
      #expect(try snapshot.donors() == [Self.name])
      #expect(try snapshot.interactionRows(of: "P-333333") == InteractionRows())
    }
    #expect(try await world.database.verify() == [])
  }

  @Test func `a second donation takes the place of the first's rows`() async throws {
    let world = try await World()
    let second = try await world.database.write { transaction in
      try transaction.enrol(Self.name)
      try transaction.donate(of: Self.name)
      return try transaction.donate(of: Self.name, number: 2)
    }
    try await world.database.read { snapshot throws in
      #expect(try snapshot.donations(of: Self.name).count == 2)
      #expect(try snapshot.interactionRows(of: Self.name) == second.1)
    }
    #expect(try await world.database.verify() == [])
  }

  @Test(arguments: [
    "UPDATE interaction_conversations SET user_messages = 4 WHERE user_messages = 3",
    "UPDATE interaction_conversations SET affect_sum = 0.3 WHERE affect_count = 4",
    "UPDATE interaction_days SET minutes = NULL", "DELETE FROM interaction_sessions",
    "UPDATE interaction_days SET is_withheld = 0 WHERE is_withheld = 1",
    "UPDATE log_donations SET covered_until = covered_until + 1",
    "UPDATE log_donations SET lists = '[]'",
  ])
  func `verification finds`(change: String) async throws {
    let world = try await World()
    try await world.database.write { transaction in
      try transaction.enrol(Self.name)
      try transaction.donate(of: Self.name)
    }
    try world.tamper(change)
    #expect(try await world.database.verify() != [])
  }

  @Test(arguments: [
    "UPDATE interaction_conversations SET model = 'My private assistant'",
    "UPDATE interaction_conversations SET language = 'in English'",
    "UPDATE interaction_conversations SET user_messages = 'hello'",
    "UPDATE interaction_days SET minutes = 1 WHERE is_withheld = 1",
    "UPDATE interaction_conversations SET user_messages = 1 WHERE is_withheld = 1",
    "UPDATE log_donations SET source = 'my chats'",
  ])
  func `the schema of logs refuses`(change: String) async throws {
    let world = try await World()
    try await world.database.write { transaction in
      try transaction.enrol(Self.name)
      try transaction.donate(of: Self.name)
    }
    #expect(throws: (any Error).self) { try world.tamper(change) }
  }

  @Test(arguments: [true, false])
  func `an erasure leaves nothing of logs but its entry`(isWhole: Bool) async throws {
    let world = try await World(kind: .real)
    let scope =
      isWhole
      ? ErasureScope.everything : .part("logs", occasions: [], instruments: [])
    let wish = try await world.database.write { transaction in
      for name in [Self.name, "P-333333"] {
        let session = try transaction.begin(try transaction.enrol(name)[0], of: name)
        try transaction.answer("n01", 5, in: session)
        try transaction.donate(of: name)
        try transaction.donate(of: name, number: 2)
      }
      let wish = try transaction.requestErasure(scope, of: Self.name, at: World.start)
      return try transaction.performErasure(wish.uuid, at: World.start)
    }
    #expect(wish.counts["interaction_days"] == 2 && wish.counts["log_donations"] == 2)
    try await world.database.read { snapshot throws in
      #expect(try snapshot.donors() == ["P-333333"])
      #expect(try snapshot.interactionRows(of: Self.name) == InteractionRows())
      #expect(try snapshot.responseRows().count == (isWhole ? 1 : 2))
    }
    #expect(try await world.database.verify() == [])
    try await world.database.write { transaction in
      guard !isWhole else { return }
      try transaction.donate(of: Self.name, number: 3)
    }
    #expect(try await world.database.verify() == [])
  }

  @Test func `another part's erasure leaves the logs`() async throws {
    let world = try await World()
    try await world.database.write { transaction in
      try transaction.enrol(Self.name)
      try transaction.donate(of: Self.name)
      let wish = try transaction.requestErasure(
        .part("diary", occasions: ["week"], instruments: []), of: Self.name, at: World.start)
      try transaction.performErasure(wish.uuid, at: World.start)
    }
    #expect(try await world.database.read { try $0.donors() } == [Self.name])
    #expect(try await world.database.verify() == [])
  }
}
