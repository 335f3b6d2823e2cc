import Foundation
import Testing

@Suite("Inviting, enrolling, consenting and publishing from the command line")
struct EnrolmentCommandsTests {
  private func run(_ arguments: [String], in scratch: ScratchFolder, input: String = "") throws
    -> Command.Outcome
  {
    try Command.run(arguments, in: scratch.url, input: input)
  }

  private func write(_ text: String, to path: String, in scratch: ScratchFolder) throws {
    try Data(text.utf8).write(to: scratch.url.appending(path: path))
  }

  private func edit(_ path: String, _ edits: [(String, String)], in scratch: ScratchFolder) throws {
    let file = scratch.url.appending(path: path)
    var text = try String(contentsOf: file, encoding: .utf8)
    for (old, new) in edits {
      try #require(text.contains(old))
      text = text.replacing(old, with: new)
    }
    try Data(text.utf8).write(to: file)
  }

  @Test("people of a sheet are invited all or none, get links and codes, and join")
  func invitations() throws {
    let scratch = try ScratchFolder()
    _ = try run(["init", "study"], in: scratch)
    try write("name,email\nPlanted Ada,ada@example.org\n,oops\n", to: "bad.csv", in: scratch)
    let bad = try run(["invite", "study", "bad.csv"], in: scratch)
    #expect(bad.status == 1)
    #expect(bad.errors.contains("bad.csv:3:2: error: found a text that is no address"))
    #expect(!FileManager.default.fileExists(atPath: scratch.url.path + "/study/data"))

    try write("name,email\nPlanted Ada,ada@example.org\nBen,\n", to: "good.csv", in: scratch)
    let early = try run(["invite", "study", "good.csv", "--cards", "cards"], in: scratch)
    #expect(early.status == 3)
    #expect(early.errors.contains("--address https://study.example.org"))
    let address = try run(["link", "study", "--address", "https://s.example.org/"], in: scratch)
    #expect(address.status == 0, "\(address.errors)")
    let invited = try run(["invite", "study", "good.csv", "--cards", "cards"], in: scratch)
    #expect(invited.status == 0, "\(invited.errors)")
    let names = invited.output.split(separator: "\n").map(String.init)
    #expect(names.count == 2)
    let again = try run(["invite", "study", "good.csv"], in: scratch)
    #expect(again.output == names.map { "\($0)  known before\n" }.joined())

    let links = try String(
      contentsOf: scratch.url.appending(path: "cards/links.csv"), encoding: .utf8)
    let link = try run(["link", "study", names[0], "--qr", "--svg", "one.svg"], in: scratch)
    let text = try #require(link.output.split(separator: "\n").last.map(String.init))
    #expect(text.wholeMatch(of: #/https:\/\/s\.example\.org\/p\/[0-9a-z]{26}/#) != nil)
    #expect(links.contains("\(names[0]),\(text)\n"))
    let svg = try scratch.contents(of: "cards")["\(names[0]).svg"]
    #expect(svg == (try Data(contentsOf: scratch.url.appending(path: "one.svg"))))
    let revoked = try run(["link", "study", names[0], "--revoke"], in: scratch)
    #expect(revoked.status == 0 && !revoked.output.contains(text))

    let joined = try run(
      ["enrol", "study", "--agree", "surveys", "--invitation", names[0]], in: scratch)
    #expect(joined.status == 0, "\(joined.errors)")
    #expect(joined.output.contains(names[0]))
    let twice = try run(
      ["enrol", "study", "--agree", "surveys", "--invitation", names[0]], in: scratch)
    #expect(twice.status == 3)

    let codes = try run(["invite", "study", "--codes", "2"], in: scratch)
    let code = try #require(codes.output.split(separator: "\n").first.map(String.init))
    let byCode = try run(["enrol", "study", "--agree", "surveys", "--code", code], in: scratch)
    #expect(byCode.status == 0, "\(byCode.errors)")
    let typed = try run(
      ["enrol", "study", "--agree", "surveys", "--ask-contact"], in: scratch,
      input: "Planted Cy\ncy@example.org\n")
    #expect(typed.status == 0, "\(typed.errors)")
    #expect(try run(["verify", "study"], in: scratch).status == 0)
    for (path, bytes) in try scratch.contents(of: "study") {
      #expect(bytes.range(of: Data("Planted".utf8)) == nil, "\(path)")
    }
  }

  @Test("a screening turns away without a trace, and a changed study is published and asked again")
  func screeningAndPublishing() throws {
    let scratch = try ScratchFolder()
    _ = try run(["init", "study"], in: scratch)
    try FileManager.default.createDirectory(
      at: scratch.url.appending(path: "study/instruments"), withIntermediateDirectories: true)
    try write(
      """
      id: screening
      version: 1.0.0
      title: Before we begin
      construct: eligibility
      language: en
      recall: general
      wording: original
      items:
        - { id: age, text: How old are you?, type: number, range: [0, 120], whole: true }

      """, to: "study/instruments/screening.yaml", in: scratch)
    try edit(
      "study/study.yaml",
      [
        (
          "\nconsent:\n",
          "\nenrolment: { screening: { instrument: screening, eligible: age >= 18 } }\nconsent:\n"
        )
      ], in: scratch)
    try write("age\n17\n", to: "young.csv", in: scratch)
    try write("age\n71\n", to: "old.csv", in: scratch)
    let enrol = ["enrol", "study", "--agree", "surveys", "--screening"]
    let young = try run(enrol + ["young.csv"], in: scratch)
    #expect(young.status == 3)
    #expect(young.errors.contains("not eligible"))
    let unasked = try run(["enrol", "study", "--agree", "surveys"], in: scratch)
    #expect(unasked.status == 2)
    let joined = try run(enrol + ["old.csv"], in: scratch)
    #expect(joined.status == 0, "\(joined.errors)")
    let name = try #require(joined.output.firstMatch(of: #/P-\w{6}/#).map { String($0.0) })

    try edit(
      "study/study.yaml",
      [
        ("version: 1.0.0", "version: 1.1.0"), ("  version: 1\n", "  version: 2\n"),
        ("times: 2", "times: 3"),
      ], in: scratch)
    let shown = try run(["study", "publish", "study", "--for", "everyone"], in: scratch)
    #expect(shown.status == 0, "\(shown.errors)")
    #expect(shown.output.contains("  ~ occasions.followup.times: 2 -> 3\n"))
    #expect(shown.output.contains("Nothing was published."))
    let published = try run(
      ["study", "publish", "study", "--for", "everyone", "--yes"], in: scratch)
    #expect(published.output.contains("1 added"), "\(published.output) \(published.errors)")
    let moved = try run(["change", "study", name, "--zone", "Asia/Tokyo"], in: scratch)
    #expect(moved.status == 0 && moved.output.contains("occasions moved"), "\(moved.errors)")
    let waiting = try run(["consent", "study", name], in: scratch)
    #expect(waiting.output.contains("Version 2 of the consent waits"))
    let agreed = try run(["consent", "study", name, "--agree", "surveys"], in: scratch)
    #expect(agreed.output == "\(name) has agreed to surveys (version 2).\n")
    let revoke = try run(["consent", "study", name, "--revoke", "surveys"], in: scratch)
    #expect(revoke.status == 3)
    #expect(revoke.errors.contains("--keep") && revoke.errors.contains("--erase"))
    let both = try run(
      ["consent", "study", name, "--revoke", "surveys", "--keep", "--erase"], in: scratch)
    #expect(both.status == 2)

    try edit(
      "study/study.yaml",
      [("version: 1.1.0", "version: 1.2.0"), ("screening: { instrument: screening", "xx: {")],
      in: scratch)
    let broken = try run(["study", "publish", "study", "--yes"], in: scratch)
    #expect(broken.status == 1)
    try edit(
      "study/study.yaml", [("enrolment: { xx: {, eligible: age >= 18 } }\n", "")], in: scratch)
    let orphaning = try run(["study", "publish", "study", "--yes"], in: scratch)
    #expect(orphaning.status == 1)
    #expect(orphaning.errors.contains("no instrument 'screening', which people have answered"))
    let left = try run(["consent", "study", name, "--revoke", "surveys", "--keep"], in: scratch)
    #expect(left.status == 0, "\(left.errors)")
    #expect(try run(["verify", "study"], in: scratch).status == 0)
    let exported = try run(["export", "study", "--out", "out", "--blinded"], in: scratch)
    #expect(exported.status == 0, "\(exported.errors)")
    let responses = try #require(try scratch.contents(of: "out")["responses.csv"])
    #expect(String(decoding: responses, as: UTF8.self).contains("screening"))
  }
}
