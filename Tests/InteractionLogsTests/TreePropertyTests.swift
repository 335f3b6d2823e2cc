import Testing

@testable import InteractionLogs

/// Trees at random: what is off the path changes the counts of branches and nothing else.
@Suite("Any tree")
struct TreePropertyTests {
  /// A conversation of so many turns, and so many branches that nobody went on with.
  private static func nodes(
    turns: Int, abandoned: Int, _ generator: inout SplitMix64
  ) -> (path: [String], branches: [String]) {
    var path: [String] = [ChatGPTTests.node("root", nil, "system", "")]
    var parents = ["root"]
    var time = 1_772_352_000
    for turn in 0..<turns {
      for (name, role) in [("u", "user"), ("a", "assistant")] {
        time += Int.random(in: 1...4000, using: &generator)
        path.append(
          ChatGPTTests.node("\(name)\(turn)", parents.last, role, "text \(turn)", at: "\(time)"))
        parents.append("\(name)\(turn)")
      }
    }
    var branches: [String] = []
    for place in 0..<abandoned {
      let parent = parents.randomElement(using: &generator) ?? "root"
      let role = parent.hasPrefix("u") ? "assistant" : "user"
      // Later than everything on the path, so that a first answer stays the first.
      branches.append(
        ChatGPTTests.node("x\(place)", parent, role, "abandoned", at: "\(time + 1 + place)"))
    }
    return (path, branches)
  }

  @Test("is read the same in any order, and with any abandoned branches", arguments: 0..<UInt64(40))
  func shuffled(seed: UInt64) throws {
    var generator = SplitMix64(state: seed)
    let turns = Int.random(in: 1...8, using: &generator)
    let (path, branches) = Self.nodes(turns: turns, abandoned: 12, &generator)
    let current = "a\(turns - 1)"
    let plain = try read(ChatGPTTests.export(path, current: current))
    let grown = try read(ChatGPTTests.export(path + branches, current: current))
    let shuffled = try read(
      ChatGPTTests.export((path + branches).shuffled(using: &generator), current: current))
    #expect(shuffled.conversations == grown.conversations && shuffled.days == grown.days)
    #expect(plain.regenerations == 0 && plain.edits == 0)
    var pruned = try #require(grown.conversations?.first)
    #expect((pruned.regenerations ?? 0) + (pruned.edits ?? 0) > 0)
    pruned.regenerations = 0
    pruned.edits = 0
    #expect(pruned == plain.conversations?.first)
    #expect(grown.sessions == plain.sessions)
  }
}
