import Collection
import Definitions
import Foundation
import Storage
import Studies
import Testing

struct OpeningTests {
  @Test func `an empty database without a folder says what it needs`() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("longwell-empty-\(UUID().uuidString).db")
    defer { try? FileManager.default.removeItem(at: folder) }
    let database = try ResearchDatabase.open(at: folder, mode: .create(kind: .real))
    let error = await refusal {
      _ = try await StudyDesk.open(database, allocationSeed: 1, now: Stage.start)
    }
    #expect(error?.code == .notPublished)
  }

  @Test func `a running study reads its definitions from the database, not the folder`()
    async throws
  {
    let stage = try await Stage()
    let reopened = try await StudyDesk.open(stage.database, allocationSeed: 1, now: Stage.start)
    #expect(reopened.current.study.source == stage.desk.current.study.source)
    #expect(reopened.current.definitions.instruments.keys.sorted() == ["mood", "use"])
    #expect(
      reopened.current.definitions.consentTexts["en"]?.text == "We ask how you are.\n")

    // The folder changes behind the study's back: nothing is published, and it can be told.
    let changed = FileManager.default.temporaryDirectory
      .appendingPathComponent("longwell-changed-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: changed) }
    try FileManager.default.copyItem(at: Stage.fixture, to: changed)
    let file = changed.appendingPathComponent("study.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
    try text.replacing("A small study", with: "Another study")
      .write(to: file, atomically: true, encoding: .utf8)
    var problems = Problems()
    let folder = try #require(StudyFolder.load(directory: changed, problems: &problems))
    let desk = try await StudyDesk.open(
      stage.database, publishing: folder, allocationSeed: 1, now: Stage.start)
    #expect(desk.current.study.title == "A small study")
    #expect(desk.current.publication.number == 1)
    #expect(!desk.isUpToDate(with: folder))
    #expect(desk.isUpToDate(with: try Stage.study()))
  }

  @Test func `definitions that are not the published ones are not run`() async throws {
    let stage = try await Stage()
    let hash = String(repeating: "a", count: 64)
    try await stage.database.write { transaction in
      _ = try transaction.publish(
        studyID: "small", version: "1.0.0", contentHash: hash,
        definitions: try transaction.definitions(ofPublication: 1), at: Stage.start)
    }
    let error = await refusal {
      _ = try await StudyDesk.open(stage.database, allocationSeed: 1, now: Stage.start)
    }
    #expect(error?.code == .unreadableStudy)
  }
}
