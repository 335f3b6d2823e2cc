import Foundation
import Testing

@Suite("Summaries on the command line")
struct SummaryCommandTests {
  static let formula = "y ~ x * arm + (x | id)"

  /// Rows of twelve people, some of them at both sites.
  static func csv(_ keep: (Int) -> Bool) -> Data {
    var text = "y,x,arm,id\n"
    for row in 0..<96 where keep(row) {
      let (id, x) = (row / 8, row % 8)
      let noise = Double(row * row * 31 % 97) / 40
      let y = 2 + 0.4 * Double(x) + noise + 0.3 * Double(id % 5) + 0.1 * Double(id % 3 * x)
      text += "\(y),\(x),\(id % 2 == 0 ? "control" : "active"),\(id)\n"
    }
    return Data(text.utf8)
  }

  @Test("of two sites give the fit of all rows, and rows can be added to them")
  func sites() throws {
    let scratch = try ScratchFolder()
    func write(_ name: String, _ keep: (Int) -> Bool) throws {
      try Self.csv(keep).write(to: scratch.url.appending(path: name))
    }
    try write("all.csv") { _ in true }
    try write("a.csv") { $0 % 3 == 0 }
    try write("b.csv") { $0 % 3 != 0 }
    for site in ["a", "b"] {
      let made = try Command.run(
        [
          "fit", "--data", "\(site).csv", "--formula", Self.formula, "--summary-out",
          "\(site).json",
        ], in: scratch.url)
      #expect(made.status == 0, "\(made.errors)")
      #expect(made.output.contains("id 12"))
    }
    let whole = try Command.run(
      ["fit", "--data", "all.csv", "--formula", Self.formula], in: scratch.url)
    let shared = whole.output
    let merged = try Command.run(
      ["fit", "--summary", "a.json", "b.json", "--same-groups", "id"], in: scratch.url)
    #expect(merged.status == 0 && merged.output == shared, "\(merged.errors)")
    let added = try Command.run(
      ["fit", "--summary", "a.json", "--data", "b.csv", "--add-rows", "--summary-out", "a.json"],
      in: scratch.url)
    #expect(added.status == 0, "\(added.errors)")
    let later = try Command.run(["fit", "--summary", "a.json"], in: scratch.url)
    #expect(later.output == shared)
    let json = try Command.run(["fit", "--summary", "a.json", "--json"], in: scratch.url)
    let document = try #require(
      JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let seconds = try #require(document["seconds"] as? [String: Double])
    #expect(Set(seconds.keys) == ["read", "build", "fit"] && seconds.values.allSatisfy { $0 > 0 })
  }

  @Test("that are damaged, unlike or misused are refused in words")
  func refusals() throws {
    let scratch = try ScratchFolder()
    try Self.csv { _ in true }.write(to: scratch.url.appending(path: "all.csv"))
    func make(_ formula: String, _ file: String) throws {
      _ = try Command.run(
        ["fit", "--data", "all.csv", "--formula", formula, "--summary-out", file],
        in: scratch.url)
    }
    try make(Self.formula, "a.json")
    try make("y ~ x + (1 | id)", "b.json")
    let bytes = try Data(contentsOf: scratch.url.appending(path: "a.json"))
    try bytes.prefix(bytes.count / 2).write(to: scratch.url.appending(path: "half.json"))
    let attempts: [([String], String)] = [
      (["--summary", "a.json", "b.json"], "b.json: not like a.json: summaries of different"),
      (["--summary", "half.json"], "half.json: not a summary that can be used"),
      (["--summary", "all.csv"], "all.csv: not a summary that can be used"),
      (["--summary", "none.json"], "none.json: the file could not be read"),
      (["--summary", "a.json", "--weights", "x"], "leave these options out"),
      (["--summary", "a.json", "--formula", "y ~ x + (1 | id)"], "the summaries are of"),
      (["--summary", "a.json", "--predict", "all.csv"], "need the rows"),
      (["--data", "all.csv"], "--data and --formula are needed"),
    ]
    for (arguments, words) in attempts {
      let refused = try Command.run(["fit"] + arguments, in: scratch.url)
      #expect(refused.status != 0)
      #expect(refused.errors.contains(words), "\(arguments): \(refused.errors)")
    }
  }

  @Test("with groups of one name are taken together only when it is said whose they are")
  func sharedGroups() throws {
    let scratch = try ScratchFolder()
    for (site, rest) in [("a", 0), ("b", 1)] {
      try Self.csv { $0 % 2 == rest }.write(to: scratch.url.appending(path: "\(site).csv"))
      _ = try Command.run(
        [
          "fit", "--data", "\(site).csv", "--formula", Self.formula, "--summary-out",
          "\(site).json",
        ], in: scratch.url)
    }
    func fit(_ arguments: String...) throws -> (status: Int32, output: String, errors: String) {
      let run = try Command.run(["fit", "--summary"] + arguments, in: scratch.url)
      return (run.status, run.output, run.errors)
    }
    let unsaid = try fit("a.json", "b.json")
    #expect(unsaid.status == 1, "\(unsaid.errors)")
    for part in ["b.json: 12 groups of id", "--same-groups id", "--separate-groups id"] {
      #expect(unsaid.errors.contains(part), "\(unsaid.errors)")
    }
    let twice = try fit("a.json", "a.json", "--same-groups", "id")
    #expect(twice.status == 1 && twice.errors.contains("the same summary as a.json"))
    #expect(try fit("a.json", "b.json", "--same-groups", "id").output.contains("groups: id 12"))
    let separate = try fit("a.json", "b.json", "--separate-groups", "id")
    #expect(separate.output.contains("groups: id 24"), "\(separate.errors)")
    let stray = try fit("a.json", "b.json", "--same-groups", "site")
    #expect(stray.errors.contains("no grouping factor site; it has id"))
  }
}
