import Testing

@testable import InteractionLogs

/// Logs of requests that carry their history, with answers in them and without, and conversations that no
/// id tells apart.
@Suite("Logs of requests")
struct RequestLogTests {
  private func message(_ role: String, _ text: String) -> String {
    "{\"role\":\"\(role)\",\"content\":\"\(text)\"}"
  }

  /// A line with its messages, by turns of the person and the assistant.
  private func line(
    _ texts: [String], answer: String? = nil, at time: Int? = nil, id: String? = nil,
    call: Bool = false
  ) -> String {
    var messages = texts.enumerated().map { message($0 % 2 == 0 ? "user" : "assistant", $1) }
    if call {
      messages.append("{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{}]}")
      messages.append(message("tool", "found"))
    }
    var members = ["\"model\":\"gpt-4o\"", "\"messages\":[\(messages.joined(separator: ","))]"]
    if let answer { members.append("\"choices\":[{\"message\":\(message("assistant", answer))}]") }
    if let time { members.append("\"created\":\(1_772_352_000 + time)") }
    if let id { members.append("\"conversation_id\":\"\(id)\"") }
    return "{\(members.joined(separator: ","))}"
  }

  private func counts(_ lines: [String]) throws -> [Int?] {
    let log = try read(lines.joined(separator: "\n"))
    return [log.conversations?.count, log.totals?.userMessages, log.totals?.assistantMessages]
  }

  @Test("without answers the first question counts once", arguments: [nil, "c"])
  func requestsOnly(id: String?) throws {
    let lines = [
      line(["one"], at: 0, id: id), line(["one", "a", "two"], at: 60, id: id),
      line(["one", "a", "two", "b", "three"], at: 120, id: id),
    ]
    #expect(try counts(lines) == [1, 3, 2])
  }

  @Test("a question whose first answer is the call of a tool counts once", arguments: [nil, "c"])
  func toolCall(id: String?) throws {
    let lines = [
      line(["one"], at: 0, id: id), line(["one"], at: 1, id: id, call: true),
      line(["one"], answer: "done", at: 2, id: id, call: true),
      line(["one", "done", "two"], answer: "b", at: 60, id: id),
    ]
    #expect(try counts(lines) == [1, 2, 2])
  }

  @Test("words before the call of a tool are a piece of the answer")
  func pieces() throws {
    let before = message("user", "one") + "," + message("assistant", "I look")
    let lines = [
      line(["one"], answer: "I look", at: 0),
      "{\"messages\":[\(before),\(message("tool", "x"))],\"created\":1772352005,"
        + "\"choices\":[{\"message\":\(message("assistant", "found"))}]}",
    ]
    #expect(try counts(lines) == [1, 1, 1])
    #expect(try read(lines.joined(separator: "\n")).totals?.assistant.scalars == 11)
  }

  @Test("people begin alike: first questions without what follows are conversations of their own")
  func alike() throws {
    #expect(try counts([line(["hi"], at: 0), line(["hi"], at: 86_400)]) == [2, 2, 0])
    #expect(
      try counts([line(["hi"], answer: "a", at: 0), line(["hi"], answer: "b", at: 9)]) == [2, 2, 2])
    // The later of two that began alike is gone on with.
    #expect(
      try counts([line(["hi"], at: 0), line(["hi"], at: 60), line(["hi", "a", "so"], at: 90)])
        == [2, 3, 1])
  }

  @Test("one conversation with an id in which the same is asked again later counts it again")
  func askedAgain() throws {
    let lines = [
      line(["yes"], answer: "a", at: 0, id: "c"), line(["no"], answer: "b", at: 60, id: "c"),
      line(["yes"], answer: "c", at: 120, id: "c"),
    ]
    #expect(try counts(lines) == [1, 3, 3])
  }

  @Test("of a conversation with an id, its end sent alone is known")
  func cut() throws {
    func user(_ texts: [String], _ answer: String, _ time: Int) -> String {
      line(texts, answer: answer, at: time, id: "c")
    }
    let lines = [
      user(["one", "a", "two"], "b", 0), user(["two", "b", "three"], "c", 60),
      user(["three", "c", "four"], "d", 120),
    ]
    #expect(try counts(lines) == [1, 4, 4])
  }

  @Test("WildChat: a question has the time of its answer, so that its day has it")
  func wildChat() throws {
    let log = try read(
      """
      {"conversation_hash":"h","model":"gpt-4","conversation":[
      {"role":"user","content":"a","timestamp":null},
      {"role":"assistant","content":"b","timestamp":"2023-04-09T08:02:50Z"},
      {"role":"user","content":"c","timestamp":null},
      {"role":"assistant","content":"d","timestamp":"2023-04-10T08:02:50Z"}]}
      """)
    #expect(log.missingTimes == 0 && log.days?.map(\.totals?.userMessages) == [1, 1])
  }

  @Test("conversations without an id that only begin in the same lengths are not one")
  func lengths() throws {
    #expect(
      try counts([
        line(["abcd ef"], answer: "xyz", at: 5), line(["ghij kl"], answer: "uvw", at: 5),
      ]) == [2, 2, 2])
    #expect(
      try counts([line(["yes ok?"], answer: "No"), line(["are you"], answer: "Hi")]) == [2, 2, 2])
  }

  private func shared(_ texts: [String]) -> String {
    let turns = texts.enumerated().map {
      "{\"from\":\"\($0 % 2 == 0 ? "human" : "gpt")\",\"value\":\"\($1)\"}"
    }
    return "{\"conversations\":[\(turns.joined(separator: ","))]}"
  }

  @Test("without ids, one is the beginning of the other or they are two")
  func duplicates() throws {
    let texts = [["ab", "cd"], ["ef", "gh"], ["ab", "cd", "more"], ["ab", "cd"]]
    let log = try read(texts.map(shared).joined(separator: "\n"))
    #expect(log.conversations?.count == 2 && log.skipped == [.duplicate: 2])
    #expect(log.totals?.userMessages == 3)
  }

  @Test("a conversation without an id keeps its key when it has been gone on with")
  func keys() throws {
    func keys(_ texts: [[String]]) throws -> [[UInt8]] {
      try read(texts.map(shared).joined(separator: "\n")).pieces.conversations.map(\.features.key)
    }
    let before = try keys([["ab", "cd"], ["ef", "gh"]])
    #expect(Set(before).count == 2)
    #expect(
      try keys([["ab", "cd", "more"], ["ef", "gh", "and", "on"], ["ij", "kl"]]).prefix(2)
        == before[...])
  }

  @Test("nothing that tells texts apart is kept")
  func fingerprints() throws {
    let log = try read(shared(["ab", "cd"]))
    #expect(log.pieces.conversations.map(\.fingerprint) == [[]])
  }
}
