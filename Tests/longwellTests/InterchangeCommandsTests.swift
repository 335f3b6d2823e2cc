import Foundation
import Testing

@Suite("import and convert")
struct InterchangeCommandsTests {
  @Test("what is imported passes check, and is not written over")
  func imports() throws {
    let scratch = try ScratchFolder()
    let form = """
      type,name,label::English (en),label::Deutsch (de),relevant
      select_one yes_no,pet,Do you have a pet?,Haben Sie ein Haustier?,
      text,name,What is its name?,Wie heißt es?,${pet} = '1'
      geopoint,place,Where?,Wo?,

      """
    let choices = """
      list_name,name,label::English (en),label::Deutsch (de)
      yes_no,1,Yes,Ja
      yes_no,0,No,Nein

      """
    try Data(form.utf8).write(to: scratch.url.appending(path: "pets.csv"))
    try Data(choices.utf8).write(to: scratch.url.appending(path: "choices.csv"))
    let first = try Command.run(["import", "pets.csv", "--json", "--out", "in"], in: scratch.url)
    #expect(first.status == 0, "\(first.errors)")
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(first.output.utf8)) as? [String: Any])
    #expect(
      Set(document.keys)
        == ["instruments", "items", "scores", "branching", "translations", "not_carried"])
    #expect(document["instruments"] as? [String] == ["pets"])
    #expect(document["items"] as? Int == 2 && document["branching"] as? Int == 1)
    #expect(document["translations"] as? [String] == ["pets.de"])
    let losses = try #require(document["not_carried"] as? [[String: String]])
    #expect(losses.contains { $0["item"] == "place" && $0["what"] == "item" && $0["why"] != nil })
    for file in ["in/pets.yaml", "in/overlays/imported/pets.de.yaml"] {
      let checked = try Command.run(["check", file], in: scratch.url)
      #expect(checked.status == 0, "\(checked.output)")
    }
    #expect(try Command.run(["import", "pets.csv", "--out", "in"], in: scratch.url).status == 3)
    let wrong = try Command.run(["import", "pets.csv", "--from", "redcap"], in: scratch.url)
    #expect(wrong.status == 1 && wrong.errors.contains("--from xlsform"))
    #expect(try Command.run(["import", "none.csv"], in: scratch.url).status == 4)
    #expect(try Command.run(["import", "pets.csv", "--from", "x"], in: scratch.url).status == 2)
  }

  @Test("an instrument goes out in every format, and comes back")
  func converts() throws {
    let scratch = try ScratchFolder()
    for (format, file) in [("redcap", "a.csv"), ("fhir", "a.json")] {
      let out = try Command.run(
        ["convert", "own-domains", "--to", format, "--out", file], in: scratch.url)
      #expect(out.status == 0 && out.output.isEmpty)
      #expect(out.errors.contains("not carried over: weighted_profile"))
      let back = try Command.run(["import", file, "--out", format], in: scratch.url)
      #expect(back.status == 0, "\(back.errors)")
      let check = try Command.run(["check", "\(format)/own-domains.yaml"], in: scratch.url)
      #expect(check.status == 0, "\(check.output)")
    }
    let page = try Command.run(
      ["convert", "needs-6", "--to", "html", "--language", "ar"], in: scratch.url)
    #expect(page.output.contains("<html lang=\"ar\" dir=\"rtl\">"))
    #expect(try Command.run(["convert", "needs-6", "--to", "pdf"], in: scratch.url).status == 2)
  }
}
