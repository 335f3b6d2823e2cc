import Definitions
import Messages
import Testing

@Suite("The file messages.yaml")
struct CarrierSettingsTests {
  static func problems(_ text: String) -> [String] {
    var problems = Problems()
    _ = CarrierSettings.load(Array(text.utf8), file: "messages.yaml", problems: &problems)
    return problems.sorted.map(\.description)
  }

  @Test("says how messages go")
  func whole() throws {
    var problems = Problems()
    let text = """
      link: https://study.example.org/
      from: { name: The team, email: no-reply@example.org }
      email: { host: smtp.example.org, user: team }
      webhook: { url: "https://gateway.example.org/send" }
      file: { folder: /var/spool/study }
      """
    let settings = try #require(
      CarrierSettings.load(Array(text.utf8), file: "messages.yaml", problems: &problems))
    #expect(problems.isEmpty)
    #expect(settings.link == "https://study.example.org")
    #expect(settings.channels == [.email, .webhook, .file])
    #expect(settings.mail?.port == 587)
    #expect(settings.mail?.security == .starttls)
  }

  @Test(
    "and every mistake has its place",
    arguments: [
      ("link: https://a.org", "found no way for messages to go"),
      ("link: http://a.org\nfile: { folder: x }", "1:7: error: found 'http://a.org'"),
      ("link: https://a.org?x=1\nfile: { folder: x }", "without '?' and '#'"),
      ("link: javascript:alert(1)\nfile: { folder: x }", "an address such as https"),
      (
        "link: https://a.org\nemail: { host: a.org, password: x }",
        "2:23: error: found a secret in the study's folder"
      ),
      ("link: https://a.org\nwebhook: { url: \"https://a.org\", secret: x }", "a secret"),
      ("link: https://a.org\nemail: { host: a.org, security: none }", "found no encryption"),
      ("link: https://a.org\nemail: { host: \"a.org\\nX\" }", "the name of a mail server"),
      ("link: https://a.org\nemail: { hots: a.org }", "did you mean 'host'?"),
      ("link: https://a.org\nemail: { host: a.org, security: ssl }", "starttls"),
      ("link: https://a.org\nfrom: { email: \"a\\r\\nb@c.org\" }\nfile: { folder: x }", "2:16"),
      ("file: { folder: x }", "without 'link'"),
    ])
  func mistakes(text: String, expected: String) {
    let found = Self.problems(text)
    #expect(found.contains { $0.contains(expected) }, "\(found)")
  }
}
