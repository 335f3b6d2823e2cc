import Testing

@testable import InteractionLogs

@Suite("Branches and places that nobody sees")
struct BranchTests {
  typealias GPT = ChatGPTTests

  @Test("an answer asked for again below a hidden place is a regeneration")
  func regenerations() throws {
    let nodes =
      GPT.plain + [
        GPT.node("h1", "u1", "system", "x"), GPT.node("b1", "h1", "assistant", "again"),
        GPT.node("h2", "u1", "system", "x"), GPT.node("h3", "h2", "tool", "x"),
        GPT.node("b2", "h3", "assistant", "once more"), GPT.node("b3", "h3", "assistant", "more"),
      ]
    #expect(try read(GPT.export(nodes)).regenerations == 3)
    // A step after a tool is a piece of the answer, no other answer.
    let steps =
      GPT.plain + [
        GPT.node("t", "a2", "tool", "x"), GPT.node("a3", "t", "assistant", "five"),
      ]
    #expect(try read(GPT.export(steps, current: "a3")).regenerations == 0)
  }

  @Test("hidden places in a circle end the walk")
  func cycle() throws {
    let nodes =
      GPT.plain + [
        GPT.node("h1", "h2", "system", "x"), GPT.node("h2", "h1", "system", "x"),
        GPT.node("b1", "h1", "assistant", "x"), GPT.node("b2", "h2", "assistant", "x"),
      ]
    let log = try read(GPT.export(nodes))
    #expect(log.regenerations == 0 && log.totals?.userMessages == 2)
  }

  @Test("thousands of answers below thousands of hidden places are counted once each")
  func long() throws {
    var nodes = [GPT.node("u", nil, "user", "one"), GPT.node("h0", "u", "system", "x")]
    for number in 1..<3000 { nodes.append(GPT.node("h\(number)", "h\(number - 1)", "system", "x")) }
    for number in 0..<3000 { nodes.append(GPT.node("a\(number)", "h2999", "assistant", "x")) }
    #expect(try read(GPT.export(nodes, current: "a7")).regenerations == 2999)
  }

  @Test("a current place without a message above it: the newest leaf")
  func currentRoot() throws {
    let root = "\"root\":{\"id\":\"root\",\"parent\":null,\"message\":null}"
    let nodes = [root, GPT.node("u1", "root", "user", "one")] + GPT.plain.dropFirst()
    let log = try read(GPT.export(nodes, current: "root"))
    #expect(log.skipped.isEmpty && log.totals?.userMessages == 2)
  }

  @Test("an empty place before the call of a tool is not the first sight of an answer")
  func emptyPlace() throws {
    let nodes = [
      GPT.node("u1", nil, "user", "one", at: "1772352000"),
      GPT.node("e", "u1", "assistant", "", at: "1772352001"),
      GPT.node("t", "e", "tool", "x", at: "1772352002"),
      GPT.node("a2", "t", "assistant", "two", at: "1772352020"),
    ]
    let item = try #require(try read(GPT.export(nodes)).conversations?.first)
    #expect(item.totals.replyLatency == Mean(sum: 20, count: 1) && item.depth == 2)
  }

  @Test(
    "marks of citations are not visible",
    arguments: [
      ("Paris.\\ue200cite\\ue202turn0search0\\ue202turn0news1\\ue201", 6),
      ("\\ue200cite\\ue202x\\ue201Paris\\ue200cite\\ue202y\\ue201.", 6),
      ("\\ue203Paris\\ue204.", 6), ("Paris\\ue200.", 6), ("Paris\\ue2ff.", 7),
    ])
  func citations(text: String, scalars: Int) throws {
    let nodes = Array(GPT.plain.dropLast()) + [GPT.node("a2", "u2", "assistant", text)]
    #expect(try read(GPT.export(nodes)).totals?.assistant.scalars == 3 + scalars)
  }

  @Test("Open WebUI: first questions written anew, and models side by side")
  func openWebUI() throws {
    func message(_ id: String, _ parent: String?, _ role: String, _ rest: String = "") -> String {
      let parent = parent.map { "\"\($0)\"" } ?? "null"
      return "\"\(id)\":{\"parentId\":\(parent),\"role\":\"\(role)\",\"content\":\"x\"\(rest)}"
    }
    func chat(_ messages: [String]) -> String {
      "[{\"id\":\"c\",\"chat\":{\"history\":{\"currentId\":\"a\",\"messages\":{"
        + messages.joined(separator: ",") + "}}}}]"
    }
    let edited = try read(
      chat([message("v", nil, "user"), message("u", nil, "user"), message("a", "u", "assistant")]))
    #expect(edited.edits == 1 && edited.totals?.userMessages == 1 && edited.regenerations == 0)
    #expect(edited.conversations?.first?.depth == 2)
    let beside = [
      message("u", nil, "user"), message("a", "u", "assistant", ",\"modelIdx\":0"),
      message("b", "u", "assistant", ",\"modelIdx\":1"),
    ]
    #expect(try read(chat(beside)).regenerations == 0)
    let again = beside + [message("c", "u", "assistant", ",\"modelIdx\":1")]
    #expect(try read(chat(again)).regenerations == 1)
  }

  @Test("a day of which no message has a time has no number of messages, and none of minutes")
  func untimedDay() throws {
    let nodes = [GPT.node("u1", nil, "user", "one"), GPT.node("a2", "u1", "assistant", "two")]
    let log = try read(GPT.export(nodes, rest: ",\"create_time\":1772352000"))
    let day = try #require(log.days?.first)
    #expect(day.conversations == 1 && day.begun == 1 && log.days?.count == 1)
    #expect(day.totals == nil && day.minutes == nil && day.sessions == nil && day.models == nil)
  }

  @Test(
    "a sitting over 04:00 is no return, a second one is", arguments: [(600, false), (7200, true)])
  func returned(pause: Int, isReturn: Bool) throws {
    // 2026-03-01 03:55 UTC.
    let start = 1_772_337_300
    let nodes = [
      GPT.node("u1", nil, "user", "one", at: "\(start)"),
      GPT.node("a2", "u1", "assistant", "two", at: "\(start + pause)"),
    ]
    #expect(try read(GPT.export(nodes)).conversations?.first?.returned == isReturn)
  }
}
