import Testing

@testable import InteractionLogs

@Suite("Gemini's activity")
struct GeminiTests {
  private func visible(_ html: String) -> String {
    var bytes = Array(html.utf8)
    return bytes.withUnsafeMutableBufferPointer {
      String(decoding: HTMLText.visible(in: UnsafeBufferPointer($0)), as: UTF8.self)
    }
  }

  @Test(
    "what is seen of HTML",
    arguments: [
      ("<b>a</b>b<i>c</i>", "abc"), ("<p>a</p><p>b</p>", "a\nb"),
      ("<p>a</p>\n<p>b</p>\n", "a\nb\n"),
      ("You&#39;re &lt;right&gt; &amp;amp; &quot;so&quot;", "You're <right> &amp; \"so\""),
      ("&#x1F600;&#128512;&nbsp;", "😀😀\u{A0}"),
      ("AT&T; &bogus; & &#0; &#xD800; &#;", "AT&T; &bogus; & &#0; &#xD800; &#;"),
      ("use <code>ls</code>", "use `ls`"),
      (
        "<p>x</p><pre><code class=\"swift\">let a = 1\n</code></pre><p>y</p>",
        "x\n```\nlet a = 1\n```\ny"
      ),
      ("<pre></pre>", "```\n```"), ("a<br>b", "a\nb"), ("a <b", "a "), ("", ""), ("&", "&"),
    ])
  func html(html: String, expected: String) { #expect(visible(html) == expected) }

  private func characters(_ title: String, answer: String? = "yes") throws -> Int? {
    let items = answer.map { ",\"safeHtmlItem\":[{\"html\":\"\($0)\"}]" } ?? ""
    return try read(
      """
      [{"header":"Gemini-Apps","title":"\(title)","time":"2026-03-01T08:00:00Z"\(items)},
      {"header":"Gemini-Apps","title":"Prompted","time":"2026-03-01T08:00:00Z"}]
      """
    ).totals?.user.scalars
  }

  @Test(
    "the question begins after the verb, in whichever language",
    arguments: [
      ("Prompted Wie geht es dir", 15), ("Prompted note: a b", 9),
      ("Eingegebener Prompt: Wie geht es dir", 15), ("Eingegebener Prompt:\u{A0}Wie", 3),
      ("Ingevoerde prompt: hoe is het", 10), ("Vroeg hoe is het", 10), ("今日の天気は", 6),
      ("プロンプトを送信しました:天気は", 3), ("输入了提示：天气", 2),
      ("Vroeg wat betekent dit woord: x", 25),
    ])
  func titles(title: String, scalars: Int) throws { #expect(try characters(title) == scalars) }

  @Test(
    "settings and feedback are no questions, in whichever language",
    arguments: ["Instelling gewijzigd: activiteit uit", "Feedback gegeven: goed", "Used an app"])
  func settings(title: String) throws { #expect(try characters(title, answer: nil) == 0) }

  @Test("a row of nothing but the verb has no question")
  func bareVerb() throws { #expect(try characters("Prompted") == 0) }

  @Test("code in an answer counts as code")
  func code() throws {
    let row = (
      time: "2026-03-01T08:00:00Z", title: "Prompted x", answer: "<pre><code>a = 1</code></pre>",
      rest: ""
    )
    #expect(try read(SourceTests.activity([row])).totals?.assistant.codeScalars == 13)
  }

  @Test("rows of other products before the first of Gemini's are counted and stop nothing")
  func decoys() throws {
    let other = "{\"header\":\"Search\",\"title\":\"Searched\",\"time\":\"2026-03-01T07:00:00Z\"}"
    let row = (time: "2026-03-01T08:00:00Z", title: "Prompted x", answer: "y", rest: "")
    let rows = Array(repeating: other, count: 1500).joined(separator: ",")
    let log = try read("[\(rows),\(SourceTests.activity([row]).dropFirst())")
    #expect(log.source == .gemini && log.skipped == [.otherProduct: 1500])
    #expect(throws: LogProblem(.unknownShape(.array))) { try read("[\(rows)]") }
  }
}
