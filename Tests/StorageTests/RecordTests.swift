import Foundation
import Storage
import Testing

struct RecordTests {
  @Test func `what is written about a participant is what is read`() async throws {
    let world = try await World()
    let now = World.start
    let (occasion, session) = try await world.database.write { transaction in
      let occasion = try transaction.enrol("P-7K3M9Q", occasions: 2)[0]
      let session = try transaction.begin(occasion, of: "P-7K3M9Q")
      try transaction.answer("n01", 5, in: session)
      try transaction.answer("n02", 2.5, in: session)
      _ = try transaction.save(
        ResponseToSave(
          session: session, instrument: "needs-6", item: "n03", answer: .text("as \"ever\"\n")),
        at: now)
      try transaction.insert(
        AllocationRecord(
          pseudonym: "P-7K3M9Q", arm: "supportive", method: "simple", draw: 1, drawn: now))
      try transaction.finish(session)
      return (occasion, session)
    }
    try await world.database.read { snapshot throws in
      let participant = try #require(try snapshot.participant("P-7K3M9Q"))
      #expect(participant.site == "main")
      #expect(participant.enrolled == now)
      #expect(try snapshot.zoneHistory(of: "P-7K3M9Q").map(\.zone) == ["Europe/Amsterdam"])
      #expect(try snapshot.consents(of: "P-7K3M9Q").map(\.part) == ["surveys"])
      #expect(try snapshot.allocation(of: "P-7K3M9Q")?.arm == "supportive")
      #expect(try snapshot.occasion(occasion)?.state == .submitted)
      #expect(try snapshot.occasion(of: "P-7K3M9Q", plan: "week", index: 1)?.state == .planned)
      let record = try #require(try snapshot.session(ofOccasion: occasion))
      #expect(record.uuid == session)
      #expect(record.submitted == now)
      #expect(record.instruments.map(\.id) == ["needs-6"])
      let responses = try snapshot.responses(ofSession: session)
      #expect(responses.map(\.item) == ["n01", "n02", "n03", "n06"])
      #expect(
        responses.map(\.answer)
          == [.number(5), .number(2.5), .text("as \"ever\"\n"), .none])
      #expect(responses.map(\.reason) == [nil, nil, nil, .leftBlank])
      #expect(try snapshot.scores(ofSession: session).map(\.value) == [4.25])
    }
    #expect(try await world.database.verify() == [])
  }

  @Test func `definitions come back byte for byte, once each`() async throws {
    let world = try await World()
    let instrument = DefinitionRecord(
      kind: .instrument, id: "needs-6", version: "1.0.0", bytes: Array("items: []\r\n".utf8))
    let second = try await world.database.write { transaction in
      try transaction.publish(
        studyID: "quickstart", version: "1.0.1", contentHash: World.hash,
        definitions: [instrument, instrument], at: World.start)
    }
    #expect(second.number == 2)
    try await world.database.read { snapshot throws in
      #expect(try snapshot.definitions(ofPublication: 2) == [instrument])
      #expect(try snapshot.definitions(ofPublication: 1).map(\.kind) == [.study])
      #expect(try snapshot.latestPublication()?.version == "1.0.1")
    }
  }

  @Test func `the SHA-256 of a definition is the published one`() {
    // FIPS 180-2, appendix B.1.
    let record = DefinitionRecord(kind: .text, id: "t", version: "1", bytes: Array("abc".utf8))
    #expect(
      record.hash == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test func `test participants stay out of every analysis unless asked for`() async throws {
    let world = try await World()
    try await world.database.write { transaction in
      for (name, isTest) in [("P-222222", true), ("P-333333", false)] {
        let occasion = try transaction.enrol(name, isTest: isTest)[0]
        let session = try transaction.begin(occasion, of: name)
        try transaction.answer("n01", 3, in: session)
        try transaction.finish(session)
      }
    }
    try await world.database.read { snapshot throws in
      #expect(try snapshot.participantRows().map(\.participant.pseudonym) == ["P-333333"])
      #expect(try snapshot.occasionRows().map(\.occasion.pseudonym) == ["P-333333"])
      #expect(try Set(snapshot.responseRows().map(\.pseudonym)) == ["P-333333"])
      #expect(try snapshot.scoreRows().map(\.pseudonym) == ["P-333333"])
      #expect(try snapshot.participantRows(includingTests: true).count == 2)
      #expect(try snapshot.occasionRows(includingTests: true).count == 2)
      #expect(try snapshot.responseRows(includingTests: true).count == 4)
      #expect(try snapshot.scoreRows(includingTests: true).count == 2)
    }
  }

  @Test func `what can be answered, and what is overdue, follows window and grace`() async throws {
    let world = try await World()
    try await world.database.write { transaction in
      let begun = try transaction.enrol("P-222222")[0]
      _ = try transaction.begin(begun, of: "P-222222")
      try transaction.enrol("P-333333")
    }
    let closes = World.start.addingTimeInterval(172_800)
    let graceEnds = World.start.addingTimeInterval(259_200)
    func names(
      _ query: @escaping @Sendable (ResearchSnapshot) throws -> [OccasionRecord]
    ) async throws -> [String] {
      try await world.database.read { try query($0).map(\.pseudonym) }
    }
    let before = World.start.addingTimeInterval(-0.001)
    #expect(try await names { try $0.answerableOccasions(at: before) } == [])
    #expect(
      try await names { try $0.answerableOccasions(at: World.start) } == ["P-222222", "P-333333"])
    #expect(try await names { try $0.answerableOccasions(at: closes) } == ["P-222222"])
    #expect(try await names { try $0.answerableOccasions(at: graceEnds) } == [])
    #expect(try await names { try $0.overdueOccasions(at: World.start) } == [])
    #expect(try await names { try $0.overdueOccasions(at: closes) } == ["P-333333"])
    #expect(
      try await names { try $0.overdueOccasions(at: graceEnds) } == ["P-222222", "P-333333"])
  }

  @Test func `one seed gives one database`() async throws {
    func chains() async throws -> [EventRecord] {
      let world = try await World(secrets: .seeded(7))
      return try await world.database.write { transaction in
        let occasion = try transaction.enrol("P-222222")[0]
        let session = try transaction.begin(occasion, of: "P-222222")
        try transaction.answer("n01", 4, in: session)
        let participant = try #require(try transaction.participant("P-222222"))
        return try transaction.events(of: .participant(participant.uuid))
      }
    }
    let first = try await chains()
    #expect(first.count == 6)
    #expect(try await chains() == first)
  }
}
