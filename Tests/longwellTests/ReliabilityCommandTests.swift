import Foundation
import Testing

@Suite("reliability")
struct ReliabilityCommandTests {
  private func folder() throws -> ScratchFolder {
    let scratch = try ScratchFolder()
    var lines = ["id,t,a,b,c"]
    for person in 0..<12 {
      for time in 0..<5 {
        let level = Double((person * 5) % 7) + Double((person + time * 3) % 5) / 2
        let noise = (0..<3).map { Double((person * 3 + time * (5 + $0) + $0 * 4) % 7) / 5 }
        lines.append(
          "\(person),\(time),\(level + noise[0]),\(-level - noise[1]),\(level + noise[2])")
      }
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8)
      .write(to: scratch.url.appending(path: "x.csv"))
    return scratch
  }

  private func json(_ arguments: [String], in folder: URL) throws -> [String: Any] {
    let outcome = try Command.run(
      ["reliability", "--data", "x.csv", "--json"] + arguments, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  @Test("a scale has alpha with its interval, omega and six intraclass correlations")
  func scale() throws {
    let scratch = try folder()
    let found = try json(["--items", "a,b,c", "--reverse", "b"], in: scratch.url)
    let alpha = try #require(found["alpha"] as? [String: Any])
    #expect((alpha["estimate"] as? Double ?? 0) > 0.9)
    #expect((alpha["items"] as? [Any])?.count == 3)
    #expect((found["icc"] as? [Any])?.count == 6)
    #expect(found["omega"] is [String: Any])
    let unturned = try json(["--items", "a,b,c"], in: scratch.url)
    #expect(((unturned["alpha"] as? [String: Any])?["estimate"] as? Double ?? 1) < 0)
  }

  @Test("a diary has reliabilities within and between persons")
  func diary() throws {
    let scratch = try folder()
    let arguments = ["--items", "a,b,c", "--reverse", "b", "--by", "id", "--time", "t"]
    let found = try json(arguments, in: scratch.url)
    #expect(found["persons"] as? Int == 12)
    let diary = try #require(found["diary"] as? [String: Any])
    #expect(["r_kf", "r_1r", "r_kr", "r_c"].allSatisfy { diary[$0] is Double })
    #expect(found["icc_of_means"] is [String: Any])
    let text = try Command.run(["reliability", "--data", "x.csv"] + arguments, in: scratch.url)
    #expect(text.output.contains("R_kF"))
  }

  @Test(
    "mistakes are told with their place",
    arguments: [
      (["--items", "a"], "1 items: at least 2"),
      (["--items", "a,z"], "has no column z"),
      (["--items", "a,b", "--reverse", "c"], "is not among --items"),
      (["--items", "a,a"], "twice"),
      (["--items", "a,b", "--time", "t"], "goes with --by"),
    ])
  func mistakes(arguments: [String], expected: String) throws {
    let scratch = try folder()
    let outcome = try Command.run(["reliability", "--data", "x.csv"] + arguments, in: scratch.url)
    #expect(outcome.status != 0 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(expected), "\(outcome.errors)")
  }
}
