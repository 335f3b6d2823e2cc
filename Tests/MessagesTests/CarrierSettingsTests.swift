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
      from: { name: The team, email: no-reply@example.org }
      email: { host: smtp.example.org, user: team }
      webhook: { url: "https://gateway.example.org/send" }
      file: { folder: /var/spool/study }
      """
    let settings = try #require(
      CarrierSettings.load(Array(text.utf8), file: "messages.yaml", problems: &problems))
    #expect(problems.isEmpty)
    #expect(settings.channels == [.email, .webhook, .file])
    #expect(settings.mail?.port == 587)
    #expect(settings.mail?.security == .starttls)
  }

  @Test(
    "and every mistake has its place",
    arguments: [
      ("from: { email: a@b.org }", "found no way for messages to go"),
      ("webhook: { url: \"http://a.org\" }", "1:17: error: found 'http://a.org'"),
      ("webhook: { url: \"javascript:alert(1)\" }", "an address such as https"),
      ("webhook: { url: \"https://me:word@a.org\" }", "an address such as https"),
      (
        "email: { host: a.org, password: x }",
        "1:23: error: found a secret in the study's folder"
      ),
      ("webhook: { url: \"https://a.org\", secret: x }", "a secret"),
      ("email: { host: a.org, security: none }", "found no encryption"),
      ("email: { host: \"a.org\\nX\" }", "the name of a mail server"),
      ("email: { hots: a.org }", "did you mean 'host'?"),
      ("email: { host: a.org, security: ssl }", "starttls"),
      ("from: { email: \"a\\r\\nb@c.org\" }\nfile: { folder: x }", "1:16"),
    ])
  func mistakes(text: String, expected: String) {
    let found = Self.problems(text)
    #expect(found.contains { $0.contains(expected) }, "\(found)")
  }
}
