import Foundation
import Instruments
import Storage
import Testing

@testable import Collection

struct OwnDataTests {
  @Test func `a participant takes along all that was collected, and no identity`() async throws {
    let stage = try await Stage(withIdentities: true)
    let name = try await stage.enrol()
    let session = try await stage.begin("baseline", of: name)
    try await stage.save("m1", .number(4), in: session)
    try await stage.save("used", .number(0), in: session)
    try await stage.save("note", .text("=HYPERLINK(\"http://x\")"), in: session)
    try await stage.desk.submit(session, now: Stage.start)
    let data = try await stage.desk.ownData(of: name, now: Stage.after(hours: 1))
    let files = Dictionary(uniqueKeysWithValues: data.files.map { ($0.name, $0.bytes) })
    #expect(
      files.keys.sorted()
        == ["answers.csv", "consents.csv", "my-data.json", "occasions.csv", "scores.csv"])

    let document = try #require(files["my-data.json"])
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(document)) as? [String: Any])
    #expect(json["participant"] as? String == name)
    #expect((json["consents"] as? [Any])?.count == 2)
    #expect(json["arm"] == nil)
    let occasions = try #require(json["occasions"] as? [[String: Any]])
    #expect(occasions.map { $0["state"] as? String } == ["submitted", "planned", "planned"])
    let answers = try #require(occasions[0]["answers"] as? [[String: Any]])
    let note = try #require(answers.first { $0["item"] as? String == "note" })
    #expect(note["text"] as? String == "=HYPERLINK(\"http://x\")", "JSON has it as it was written")
    #expect(note["question"] as? String == "Anything else?")
    let hidden = try #require(answers.first { $0["item"] as? String == "hours" })
    #expect(hidden["missing_because"] as? String == "not_shown")

    let table = String(decoding: try #require(files["answers.csv"]), as: UTF8.self)
    #expect(table.contains("\"'=HYPERLINK(\"\"http://x\"\")\""))
    #expect(table.contains("baseline,1,mood,m1,I feel well.,4,,"))
    let scores = String(decoding: try #require(files["scores.csv"]), as: UTF8.self)
    #expect(scores.contains("baseline,1,mood,mood,4,1,2\r\n"))

    let chain = try await stage.database.read { snapshot throws in
      let participant = try #require(try snapshot.participant(name))
      return try snapshot.events(of: .participant(participant.uuid))
    }
    #expect(chain.last?.kind == .ownDataGiven)
    #expect(try await stage.database.verify() == [])
  }

  @Test func `who has left can still have what was kept, who was erased has nothing`() async throws
  {
    let stage = try await Stage(kind: .simulated)
    let name = try await stage.randomised()
    try await stage.desk.withdraw(name, .stopAndKeep, now: Stage.start)
    #expect(try await !stage.desk.ownData(of: name, now: Stage.start).files.isEmpty)
    try await stage.desk.withdraw(
      name, .stopAndErase, now: Stage.start, erasingAt: ErasurePlaces())
    let erased = await refusal { _ = try await stage.desk.ownData(of: name, now: Stage.start) }
    #expect(erased?.code == .notTakingPart)
    let unknown = await refusal {
      _ = try await stage.desk.ownData(of: "P-222222", now: Stage.start)
    }
    #expect(unknown?.code == .unknownParticipant)
  }
}
