import Foundation
import Storage
import Testing

@Suite("Writes that come together share a transaction")
struct CommitQueueTests {
  private static func open() throws -> (URL, ResearchDatabase) {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "longwell-commits-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let database = try ResearchDatabase.open(
      at: folder.appending(path: "longwell.db"), mode: .create(kind: .simulated),
      secrets: .seeded(1))
    return (folder, database.sharingCommits())
  }

  private struct Refusal: Error, Equatable {
    var number: Int
  }

  @Test("each gets what it gave, or its own error, which undoes nobody else")
  func outcomes() async throws {
    let (folder, database) = try Self.open()
    defer { try? FileManager.default.removeItem(at: folder) }
    let start = Date(timeIntervalSince1970: 1_768_212_000)
    let outcomes = await withTaskGroup(of: (Int, Result<Int, any Error>).self) { group in
      for number in 0..<200 {
        group.addTask {
          do {
            let value = try await database.write { transaction in
              try transaction.recordExport(
                of: ["t\(number)": number], at: start.addingTimeInterval(Double(number)))
              if number % 7 == 0 { throw Refusal(number: number) }
              return number
            }
            return (number, .success(value))
          } catch { return (number, .failure(error)) }
        }
      }
      return await group.reduce(into: [Int: Result<Int, any Error>]()) { $0[$1.0] = $1.1 }
    }
    for number in 0..<200 {
      switch try #require(outcomes[number]) {
      case .success(let value): #expect(value == number && number % 7 != 0)
      case .failure(let error): #expect(error as? Refusal == Refusal(number: number))
      }
    }
    let kept = try await database.read { try $0.events(of: .study).count }
    #expect(kept == (0..<200).count { $0 % 7 != 0 })
    #expect(try await database.verify() == [])
  }
}
