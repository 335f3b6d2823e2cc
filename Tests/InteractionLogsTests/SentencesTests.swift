import Testing

@testable import InteractionLogs

@Suite("Sentences")
struct SentencesTests {
  static func sentences(of text: String) -> [(text: String, isQuestion: Bool)] {
    var found: [(String, Bool)] = []
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      var reader = Sentences(bytes)
      while let sentence = reader.next() {
        found.append((String(decoding: bytes[sentence.range], as: UTF8.self), sentence.isQuestion))
      }
    }
    return found
  }

  @Test(
    "a text falls into sentences",
    arguments: [
      ("", []), ("  \n ", []), ("One", ["One"]), ("One. Two! Three?", ["One.", "Two!", "Three?"]),
      ("It costs 3.50 or so.", ["It costs 3.50 or so."]),
      ("Wait... what?!", ["Wait...", "what?!"]),
      ("Great! :) And 😀 more. 🎉", ["Great! :)", "And 😀 more. 🎉"]),
      ("He said \"no.\" Then left", ["He said \"no.\"", "Then left"]),
      ("first line\nsecond line", ["first line", "second line"]),
      ("1. wash\n2. dry", ["1. wash", "2. dry"]), ("你好。吃了吗？很好", ["你好。", "吃了吗？", "很好"]),
      (":)", [":)"]), ("a…b… c", ["a…b…", "c"]),
    ])
  func splits(text: String, expected: [String]) {
    #expect(Self.sentences(of: text).map(\.text) == expected)
  }

  @Test(
    "questions are told from the mark",
    arguments: [
      ("What?", true), ("What?!", true), ("What? ", true), ("(what?)", true), ("What.", false),
      ("see a?b", false), ("吗？", true), ("كيف؟", true), ("What", false),
    ])
  func questions(text: String, isQuestion: Bool) {
    #expect(Self.sentences(of: text).last?.isQuestion == isQuestion)
  }

  @Test(
    "a closing question is found behind emoji and emphasis",
    arguments: [
      ("Shall I? 😊", true), ("**Shall I?**", true), ("Shall I? Yes", false), ("", false),
      ("Shall I?\n\n", true), ("吗？", true), ("no", false),
    ])
  func closings(text: String, isQuestion: Bool) {
    let found = Array(text.utf8).withUnsafeBufferPointer { Sentences.endsWithQuestion($0) }
    #expect(found == isQuestion)
  }

  @Test("what goes on without an end is cut at a space")
  func cuts() {
    let text = String(repeating: "word ", count: 5000)
    let found = Self.sentences(of: text)
    #expect(found.count > 4 && found.allSatisfy { $0.text.utf8.count < Sentences.longest + 10 })
    #expect(found.map(\.text).joined(separator: " ") + " " == text)
  }
}
