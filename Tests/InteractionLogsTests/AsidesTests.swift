import Testing

@testable import InteractionLogs

@Suite("Asides in answers")
struct AsidesTests {
  private func visible(_ text: String) -> String {
    var bytes: [UInt8] = []
    Array(text.utf8).withUnsafeBufferPointer { text in
      HTMLText.forEachPartOutsideAsides(of: text) { bytes += $0 }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(
    "reasoning and calls of tools are left out, wherever they stand",
    arguments: [
      ("plain", "plain"), ("", ""), ("a<think>b</think>c", "ac"), ("a<think>b", "a"),
      ("a<think>b<think>c</think>d</think>e", "ad</think>e"),
      ("<details type=\"reasoning\" done=\"true\">x</details>y", "y"),
      ("Hi <details type=\"tool_calls\" name=\"s\"><summary>x</summary></details>you", "Hi you"),
      ("<details type=\"code_interpreter\">1</details>2", "2"),
      (":::thinking\nhmm\n:::four<think>x</think> five", "four five"),
      ("<details>kept</details>", "<details>kept</details>"),
    ])
  func asides(text: String, expected: String) { #expect(visible(text) == expected) }

  @Test("twenty thousand marks take no longer than their length")
  func many() {
    #expect(visible(String(repeating: "<think></think>", count: 20_000) + "x") == "x")
    #expect(visible(String(repeating: "<think></think>a", count: 20_000)).utf8.count == 20_000)
  }
}
