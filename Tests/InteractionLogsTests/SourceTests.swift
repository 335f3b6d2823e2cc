import Foundation
import LocalTime
import Testing

@testable import InteractionLogs

/// A small export of each other source, of our own making.
@Suite("Other sources")
struct SourceTests {
  @Test("Claude: lengths from blocks, unknown blocks, no model")
  func claude() throws {
    let log = try read(
      """
      [{"uuid":"c","name":"x","created_at":"2026-03-01T08:00:00.123456Z","chat_messages":[
      {"uuid":"1","text":"one","content":[{"type":"text","text":"one"}],"sender":"human",
       "created_at":"2026-03-01T08:00:00.5Z","attachments":[{"file_type":"pdf"}]},
      {"uuid":"2","text":"```\\nThis block is not supported\\n```","sender":"assistant",
       "created_at":"2026-03-01T08:00:04.5Z","content":[{"type":"thinking","thinking":"hmm"},
       {"type":"text","text":"ab"},{"type":"tool_use","name":"web_search","input":{}},
       {"type":"tool_result","content":[{"type":"text","text":"zzzz"}]},{"type":"new_kind","text":"q"},
       {"type":"text","text":"cd é"}]}]},
      {"uuid":"e","chat_messages":[]}]
      """)
    #expect(log.source == .claude && log.skipped == [.noMessages: 1])
    let item = try #require(log.conversations?.first)
    #expect(item.totals.user.scalars == 3 && item.totals.assistant.scalars == 6)
    #expect(item.totals.files == 1 && item.totals.searches == 1)
    #expect(item.model == nil && item.interruptions == nil && item.edits == 0)
    #expect(item.totals.replyLatency.value == 4)
  }

  @Test("Claude: branches where messages name their parents")
  func claudeTree() throws {
    func message(_ id: String, _ parent: String, _ sender: String, _ second: Int) -> String {
      """
      {"uuid":"\(id)","parent_message_uuid":"\(parent)","sender":"\(sender)",\
      "created_at":"2026-03-01T08:00:\(second + 10)Z","content":[{"type":"text","text":"t"}]}
      """
    }
    let root = "00000000-0000-4000-8000-000000000000"
    let log = try read(
      """
      [{"uuid":"c","chat_messages":[\(message("u1", root, "human", 0)),
      \(message("u1b", root, "human", 5)),\(message("a1", "u1b", "assistant", 7)),
      \(message("a1b", "u1b", "assistant", 9))]}]
      """)
    #expect(log.edits == 1 && log.regenerations == 1)
    #expect(log.totals?.userMessages == 1 && log.totals?.assistantMessages == 1)
    #expect(log.totals?.replyLatency.value == 2)
  }

  static func activity(_ rows: [(time: String, title: String, answer: String, rest: String)])
    -> String
  {
    "["
      + rows.map {
        """
        {"header":"Gemini Apps","title":"\($0.title)","time":"\($0.time)",\
        "products":["Gemini Apps"],"safeHtmlItem":[{"html":"\($0.answer)"}]\($0.rest)}
        """
      }.joined(separator: ",") + "]"
  }

  @Test("Gemini: newest first, other products refused, conversations only where named")
  func gemini() throws {
    let rows = [
      (time: "2026-03-02T08:00:00.123Z", title: "Prompted later", answer: "<p>ab</p>", rest: ""),
      (time: "2026-03-01T08:00:00Z", title: "Prompted now", answer: "<b>a</b>b<i>c</i>", rest: ""),
    ]
    let other = """
      {"header":"Search","title":"Searched for x","time":"2026-03-01T07:00:00Z","products":["Search"]}
      """
    let log = try read(Self.activity(rows).dropLast() + "," + other + "]")
    #expect(log.source == .gemini && log.conversations == nil && log.skipped == [.otherProduct: 1])
    #expect(log.days?.map(\.date.description) == ["2026-03-01", "2026-03-02"])
    #expect(log.days?.map(\.conversations) == [nil, nil])
    #expect(log.totals?.userMessages == 2 && log.totals?.user.scalars == 8)
    #expect(log.totals?.assistant.scalars == 5 && log.totals?.replyLatency.value == nil)
    let named = rows.map { ($0.time, $0.title, $0.answer, ",\"conversationId\":\"c1\"") }
    #expect(try read(Self.activity(named)).conversations?.count == 1)
    #expect(throws: LogProblem(.unknownShape(.array))) { try read("[\(other)]") }
  }

  @Test("Copilot: the file reversed, quotes with line ends, the person's clock")
  func copilot() throws {
    let text = """
      \u{FEFF}Conversation,Time,Author,Message
      "Bread, again",2026-03-01T23:30:05,AI,"a ""b""
      c"
      "Bread, again",2026-03-01T23:30:05,Human,why
      Bread,2026-03-01T08:00:00,AI,yes
      Bread,2026-03-01T08:00:00,Human,hello
      """
    let log = try read(text, zone: "Europe/Berlin")
    #expect(log.source == .copilot && log.conversations == nil && log.skipped.isEmpty)
    #expect(log.totals?.userMessages == 2 && log.totals?.assistantMessages == 2)
    #expect(log.totals?.assistant.scalars == 10 && log.totals?.user.scalars == 8)
    #expect(log.from?.timeIntervalSince1970 == 1_772_348_400)
    #expect(log.sessions?.count == 2 && log.days?.count == 1)
    #expect(log.totals?.thinkTime.value == nil && log.regenerations == nil)
  }

  @Test("Open WebUI: a tree with a current place, reasoning left out")
  func openWebUI() throws {
    let log = try read(
      """
      [{"id":"c","title":"x","created_at":1772352000,"chat":{"models":["llama3"],"history":{
      "currentId":"a2","messages":{
      "u":{"id":"u","parentId":null,"role":"user","content":"one","timestamp":1772352000},
      "a1":{"id":"a1","parentId":"u","role":"assistant","content":"x","timestamp":1772352002},
      "a2":{"id":"a2","parentId":"u","role":"assistant","model":"llama3.1:8b","timestamp":1772352009,
      "content":"<details type=\\"reasoning\\" done=\\"true\\">long thoughts</details>two<think>no</think>"}
      }}}}]
      """)
    #expect(log.source == .openWebUI && log.regenerations == 1)
    #expect(log.totals?.assistant.scalars == 3 && log.conversations?.first?.model == .llama)
    #expect(log.totals?.replyLatency.value == 2)
  }

  @Test("LibreChat: as a list and as a tree, the same")
  func libreChat() throws {
    func message(_ id: String, _ parent: String, _ isUser: Bool, _ minute: Int, _ rest: String)
      -> String
    {
      """
      "messageId":"\(id)","parentMessageId":"\(parent)","isCreatedByUser":\(isUser),\
      "createdAt":"2026-03-01T08:0\(minute):00.000Z","text":"\(rest)"
      """
    }
    let root = "00000000-0000-0000-0000-000000000000"
    let (u, a, b) = (
      message("u", root, true, 0, "one"), message("a", "u", false, 1, "old"),
      message("b", "u", false, 2, ":::thinking\\nhmm\\n:::four")
    )
    let start = "{\"conversationId\":\"c\",\"endpoint\":\"openAI\",\"messages\":["
    let list = try read("\(start){\(u)},{\(a)},{\(b),\"model\":\"gpt-4o\",\"unfinished\":true}]}")
    let tree = try read(
      "{\"conversationId\":\"c\",\"recursive\":true,\"messagesTree\":[{\(u),\"children\":[{\(a),\"children\":[]},{\(b),\"model\":\"gpt-4o\","
        + "\"unfinished\":true,\"children\":[]}]}]}")
    #expect(list.source == .libreChat && list.conversations == tree.conversations)
    #expect(list.regenerations == 1 && list.interruptions == 1)
    #expect(list.totals?.assistant.scalars == 4 && list.conversations?.first?.model == .gpt4o)
  }

  @Test("LibreChat: what hangs below a message without an id is read")
  func unnamed() throws {
    let log = try read(
      """
      {"conversationId":"c","messagesTree":[{"messageId":"u","isCreatedByUser":true,"text":"one",
      "children":[{"text":"?","children":[
      {"messageId":"a","isCreatedByUser":false,"text":"two","children":[]}]}]}]}
      """)
    #expect(log.totals?.userMessages == 1 && log.totals?.assistantMessages == 1)
  }

  @Test("LibreChat: a tree of many turns is read to its end")
  func deepTree() throws {
    var text = ""
    for number in 0..<1500 {
      text +=
        "{\"messageId\":\"\(number)\",\"isCreatedByUser\":\(number % 2 == 0),\"text\":\"ab\","
        + "\"children\":["
    }
    text += String(repeating: "]}", count: 1500)
    let log = try read("{\"conversationId\":\"c\",\"messagesTree\":[\(text)]}")
    #expect(log.totals?.userMessages == 750 && log.totals?.assistantMessages == 750)
    #expect(log.skipped.isEmpty)
  }

  @Test("ShareGPT: no times, as an array and as lines")
  func shareGPT() throws {
    let one = """
      {"id":"a_0","conversations":[{"from":"human","value":"hi"},{"from":"gpt","value":"there"}]}
      """
    let two = one.replacing("a_0", with: "b")
    for text in ["[\(one),\(two)]", "\(one)\n\(two)\n"] {
      let log = try read(text)
      #expect(log.source == .shareGPT && log.conversations?.count == 2)
      #expect(log.totals?.user.scalars == 4 && log.totals?.assistant.scalars == 10)
      #expect(log.days == nil && log.sessions == nil && log.from == nil && log.missingTimes == nil)
    }
  }

  @Test("WildChat: a conversation that is sent again counts once")
  func wildChat() throws {
    func line(_ hash: String, _ turns: [(String, String)], _ time: String) -> String {
      let turns = turns.map { "{\"role\":\"\($0.0)\",\"content\":\"\($0.1)\"}" }
      return "{\"conversation_hash\":\"\(hash)\",\"model\":\"gpt-3.5-turbo\","
        + "\"timestamp\":\"\(time)\",\"conversation\":[\(turns.joined(separator: ","))]}"
    }
    let turns = [("user", "one"), ("assistant", "two"), ("user", "three"), ("assistant", "four")]
    let log = try read(
      line("h1", Array(turns.prefix(2)), "2023-04-09 00:00:53+00:00") + "\n"
        + line("h1", turns, "2023-04-09 00:02:53+00:00"))
    #expect(log.source == .wildChat && log.conversations?.count == 1)
    #expect(log.totals?.userMessages == 2 && log.totals?.assistantMessages == 2)
    #expect(log.conversations?.first?.model == .gpt35)
    #expect(log.days?.map(\.date.description) == ["2023-04-08"])
  }

  @Test("chat completions: requests carry their history, which counts once")
  func completions() throws {
    func message(_ role: String, _ text: String) -> String {
      "{\"role\":\"\(role)\",\"content\":\"\(text)\"}"
    }
    let first = [message("system", "be kind"), message("user", "one")]
    func line(_ messages: [String], _ answer: String, _ time: Int) -> String {
      "{\"model\":\"gpt-4o\",\"created\":\(time),\"messages\":[\(messages.joined(separator: ","))],"
        + "\"choices\":[{\"message\":\(message("assistant", answer))}]}"
    }
    let second = first + [message("assistant", "two"), message("user", "three")]
    let log = try read(
      [
        line(first, "two", 1_772_352_000), line(second, "four", 1_772_352_060),
        line(first, "again", 1_772_438_400),
      ].joined(separator: "\n"))
    #expect(log.source == .chatCompletions && log.conversations?.count == 2)
    #expect(log.totals?.userMessages == 3 && log.totals?.assistantMessages == 3)
    #expect(log.missingTimes == 0 && log.days?.count == 2 && log.edits == nil)
  }

  @Test("OpenTelemetry: calls with their times, no text, steps with tools left out")
  func telemetry() throws {
    func span(_ operation: String, _ start: Int, _ end: Int, _ reason: String) -> String {
      """
      {"name":"chat","startTimeUnixNano":"\(start)000000000","endTimeUnixNano":"\(end)000000000",\
      "attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"\(operation)"}},\
      {"key":"gen_ai.conversation.id","value":{"stringValue":"c"}},\
      {"key":"gen_ai.response.finish_reasons","value":{"arrayValue":{"values":\
      [{"stringValue":"\(reason)"}]}}},\
      {"key":"gen_ai.response.model","value":{"stringValue":"claude-sonnet-4"}}]}
      """
    }
    let spans = [
      span("chat", 1_772_352_000, 1_772_352_003, "tool_calls"),
      span("execute_tool", 1_772_352_003, 1_772_352_004, "stop"),
      span("chat", 1_772_352_004, 1_772_352_009, "stop"),
      span("chat", 1_772_352_030, 1_772_352_031, "stop"),
    ]
    let log = try read(
      "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[\(spans.joined(separator: ","))]}]}]}\n")
    #expect(log.source == .openTelemetry && log.conversations?.count == 1)
    #expect(log.totals?.userMessages == 2 && log.totals?.replyLatency == Mean(sum: 6, count: 2))
    #expect(log.totals?.thinkTime == Mean(sum: 21, count: 1))
    #expect(log.conversations?.first?.model == .claudeSonnet && log.measures == nil)
    let flat = """
      {"attributes":{"gen_ai.operation.name":"chat"},"start_time":"2026-03-01T08:00:00Z",\
      "end_time":"2026-03-01T08:00:02Z"}
      """
    #expect(try read(flat).totals?.replyLatency.value == 2)
  }

  @Test("OpenTelemetry: without a conversation's id no conversations, failed calls left out")
  func looseCalls() throws {
    func call(_ start: Int, _ status: String = "{\"code\":1}") -> String {
      """
      {"attributes":{"gen_ai.operation.name":"chat"},"status":\(status),\
      "start_time_unix_nano":"\(start)000000000","end_time_unix_nano":"\(start + 2)000000000"}
      """
    }
    let log = try read(
      [
        call(1_772_352_000, "{\"code\":2}"), call(1_772_352_003),
        call(1_772_352_060, "{\"code\":\"STATUS_CODE_ERROR\"}"), call(1_772_352_060),
      ].joined(separator: "\n"))
    #expect(log.conversations == nil && log.days?.map(\.conversations) == [nil])
    #expect(log.totals?.userMessages == 2 && log.totals?.replyLatency == Mean(sum: 4, count: 2))
    #expect(log.totals?.thinkTime == Mean() && log.sessions?.count == 1)
    let wrapped =
      "{\"resource_spans\":[{\"scope_spans\":[{\"spans\":[\(call(1_772_352_000))]}]}]}"
    #expect(try read(wrapped).totals?.userMessages == 1)
  }

  @Test("a CSV of days with capitals and spaces in its first row")
  func dayCapitals() throws {
    #expect(try read("Date, Minutes\n2026-03-01,12.5\n").days?.map(\.minutes) == [12.5])
  }

  @Test("a CSV of days: given minutes, and days that are missing")
  func days() throws {
    let log = try read("date,minutes,sessions\n2026-03-01,12.5,3\n2026-03-02,,\nbad,1,1\n")
    #expect(log.source == .days && log.skipped == [.unrecognised: 1])
    #expect(log.days?.map(\.minutes) == [12.5, nil] && log.days?.first?.sessions == 3)
    #expect(log.totals == nil && log.conversations == nil && log.sessions == nil)
    #expect(log.days?.first?.nightShare == nil)
  }

  @Test(
    "other files are refused with what was found",
    arguments: [
      ("", LogProblem.Kind.empty), ("   ", .empty), ("[]", .unknownShape(.array)),
      ("[1,\"a\",{\"b\":[]}]", .unknownShape(.array)), ("{\"a\":1}", .unknownShape(.object)),
      ("name,age\nx,3\n", .unknownShape(.other)), ("hello", .unknownShape(.other)),
      ("[{\"mapping\":{}", .truncated), ("[{\"mapping\":{}},", .truncated),
      ("[\"a", .truncated), ("{\"mapping\":{", .truncated),
    ])
  func refusals(text: String, kind: LogProblem.Kind) {
    #expect(throws: LogProblem(kind)) { try read(text) }
  }

  @Test("what a source cannot give is nil, and what it can is not", arguments: LogSource.allCases)
  func capabilities(source: LogSource) {
    // Latency and think time rest on times, the rest of a conversation's features on conversations.
    #expect(!source.gives(.replyLatency) || source.gives(.times))
    #expect(!source.gives(.thinkTime) || source.gives(.times))
    #expect(!source.gives(.branches) || source.gives(.conversations))
  }
}
