import Collection
import Foundation
import GRDB
import Testing

@testable import Storage
@testable import Web

@Suite("A full disk loses nothing and says so")
struct FullDiskTests {
  @Test("the page keeps what was typed, with a button that sends it again")
  func kept() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    let session = try await stage.begin("baseline", of: pseudonym, at: home)
    // A limit on the pages is how SQLite lets a test fill the disk.
    func limit(_ pages: Int) throws {
      try stage.desk.database.pool.writeWithoutTransaction {
        try $0.execute(sql: "PRAGMA max_page_count = \(pages)")
      }
    }
    try limit(1)
    var long = ""
    var refused = try await stage.get(home)
    for round in 0..<60 where refused.status != 507 {
      long = String(repeating: "long words ", count: 180) + "\(round)"
      refused = try await stage.post(session + "/2", ["a.words": long, "go": "leave"])
    }
    #expect(refused.status == 507)
    #expect(refused.text.contains("name=\"a.words\" value=\"\(long)\""))
    #expect(refused.text.contains("action=\"\(session)/2\""))
    try limit(100_000)
    let sent = try await stage.post(session + "/2", ["a.words": long, "go": "leave"])
    #expect(sent.status == 303)
    #expect(try await stage.answers(of: pseudonym)["words"] == .text(long))
    #expect(try await stage.desk.database.verify() == [])
  }
}
