import Collection
import Foundation
import Testing

@testable import Web

@Suite("The files that pages are made of fit together")
struct PageFilesTests {
  static let sources = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")

  /// The text of every file of the room, or of its pages, with an ending.
  static func files(_ ending: String) throws -> [String: String] {
    var found: [String: String] = [:]
    let folder = ending == "swift" ? "Web" : "CEmbedded/Pages"
    let walk = FileManager.default.enumerator(
      at: sources.appending(path: folder), includingPropertiesForKeys: nil)
    while let url = walk?.nextObject() as? URL {
      guard url.pathExtension == ending else { continue }
      found[url.lastPathComponent] = try String(contentsOf: url, encoding: .utf8)
    }
    return found
  }

  @Test("every text that a template or the code names is there")
  func names() throws {
    let participants = TextLibrary().texts("en").words
    let team = try PageRenderer().teamTexts.words
    let teamPages: Set = ["team.mustache", "signin.mustache", "list.mustache", "table.mustache"]
    for (file, text) in try Self.files("mustache") {
      let english = teamPages.contains(file) ? team : participants
      for match in text.matches(of: #/\{\{[#^\/]?t\.(\w+)\}\}/#) {
        #expect(english[String(match.1)] != nil, "\(file): \(match.1)")
      }
    }
    for (file, text) in try Self.files("swift") {
      let english = file.hasPrefix("TeamPages") ? team : participants
      for match in text.matches(of: #/texts\("(\w+)"/#) {
        #expect(english[String(match.1)] != nil, "\(file): \(match.1)")
      }
    }
  }

  @Test("every name in a template is one that the code gives")
  func fields() throws {
    let code = try Self.files("swift").values.joined()
    let partials: Set = [
      "prose", "run", "summary", "question", "layout", "main", "team", "table", "cell",
    ]
    for (file, text) in try Self.files("mustache") {
      for match in text.matches(of: #/\{\{[#^\/>&]?\s*([\w.]+)\}\}/#) {
        let name = String(match.1)
        guard name != ".", !name.hasPrefix("t."), !partials.contains(name) else { continue }
        let last = name.split(separator: ".").last.map(String.init) ?? name
        #expect(code.contains("\"\(last)\""), "\(file): \(name)")
      }
    }
  }

  @Test("Markdown becomes headings, paragraphs and lists, and nothing else")
  func prose() {
    let prose = Prose(
      """
      # Title

      One line
      goes on. **Strong** and *stressed*, 2 * 3 * 4.
      - first
        goes on
      - second

      1. one
      2. two
      """)
    #expect(
      prose.blocks == [
        .heading("Title", level: 1),
        .text("One line goes on. **Strong** and *stressed*, 2 * 3 * 4."),
        .list(["first goes on", "second"], isNumbered: false),
        .list(["one", "two"], isNumbered: true),
      ])
    let runs = Prose.runs("a **b** *c* 2 * 3 * 4 <i>")
    #expect(runs.map(\.words) == ["a ", "b", " ", "c", " 2 * 3 * 4 <i>"])
    #expect(runs.map(\.isStrong) == [false, true, false, false, false])
  }

  @Test("forms are read as browsers write them")
  func forms() throws {
    let form = try #require(
      FormFields(encoded: Array("a=1&b=x+y%26z&b=%E2%82%AC&c&d=1%0D%0A2".utf8)))
    #expect(form["a"] == "1" && form.values("b") == ["x y&z", "€"])
    #expect(form["c"]?.isEmpty == true && form["d"] == "1\n2" && form["e"] == nil)
    #expect(FormFields(encoded: Array("a=%2".utf8)) == nil)
    #expect(FormFields(encoded: Array("a=%ff".utf8)) == nil)
  }
}
