import Foundation
import Statistics
import Testing

@testable import longwell

@Suite("Imputed data sets on the command line")
struct ImputationCommandTests {
  /// Three imputations of a covariate in a fifth of the rows.
  private func write(to folder: URL) throws {
    for imputation in 1...3 {
      var generator = FitFuzz.SplitMix64(state: 11)
      var other = FitFuzz.SplitMix64(state: UInt64(100 + imputation))
      var text = "y,x,arm,id\n"
      for id in 1...12 {
        let level = Double.random(in: -1...1, using: &generator)
        for _ in 0..<5 {
          let known = Double.random(in: -1...1, using: &generator)
          let isMissing = Double.random(in: 0...1, using: &generator) < 0.2
          let x = isMissing ? Double.random(in: -1...1, using: &other) : known
          let y = 2 + level + known + Double.random(in: -1...1, using: &generator)
          text += "\(y),\(x),\(id % 2 == 0 ? "control" : "active"),\(id)\n"
        }
      }
      try Data(text.utf8).write(to: folder.appending(path: "m\(imputation).csv"))
    }
  }

  @Test("are fitted one by one and pooled")
  func pooled() throws {
    let scratch = try ScratchFolder()
    try write(to: scratch.url)
    let files = ["m1.csv", "m2.csv", "m3.csv"]
    let options = ["--formula", "y ~ x * arm + (1 | id)", "--contrast", "x + x:armcontrol"]
    func document(_ arguments: [String]) throws -> [String: Any] {
      let run = try Command.run(["fit"] + arguments + options + ["--json"], in: scratch.url)
      #expect(run.status == 0, "\(run.errors)")
      return try #require(
        JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    }
    func effects(_ document: [String: Any], _ key: String) throws -> [[String: Any]] {
      try #require(document[key] as? [[String: Any]])
    }
    let singles = try files.map { try document(["--data", $0]) }
    let pooled = try document(["--imputations"] + files)
    #expect(pooled["imputations"] as? Int == 3)
    for key in ["fixed", "contrasts"] {
      for (position, effect) in try effects(pooled, key).enumerated() {
        let own = try singles.map { try effects($0, key)[position] }
        let freedoms = own.compactMap { $0["df"] as? Double }
        let expected = try PooledEffect(
          name: "", estimates: own.compactMap { $0["estimate"] as? Double },
          standardErrors: own.compactMap { $0["se"] as? Double },
          completeDegreesOfFreedom: freedoms.reduce(0, +) / 3)
        let pairs: [(String, Double)] = [
          ("estimate", expected.estimate), ("se", expected.standardError),
          ("df", expected.degreesOfFreedom), ("p", expected.pValue),
          ("fmi", expected.missingInformation),
        ]
        for (name, value) in pairs {
          let found = try #require(effect[name] as? Double)
          #expect(abs(found - value) < 1e-9 * max(1, abs(value)), "\(key) \(name)")
        }
      }
    }
    let text = try Command.run(
      ["fit", "--imputations"] + files + options + ["--means", "arm"], in: scratch.url)
    for part in [
      "3 imputations pooled by Rubin's rules", "Degrees of freedom: Barnard-Rubin", "fmi",
      "Marginal means of arm:", "armactive - armcontrol", "Contrasts:",
    ] {
      #expect(text.output.contains(part), "\(part)\n\(text.output)")
    }
  }

  @Test("that are not of the same rows are refused")
  func refused() throws {
    let scratch = try ScratchFolder()
    try write(to: scratch.url)
    let file = scratch.url.appending(path: "m2.csv")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    try Data(lines.dropLast(2).joined(separator: "\n").utf8).write(to: file)
    let run = try Command.run(
      ["fit", "--imputations", "m1.csv", "m2.csv", "--formula", "y ~ x + (1 | id)"],
      in: scratch.url)
    #expect(run.status != 0 && run.errors.contains("imputations fill in the same rows"))
  }
}
