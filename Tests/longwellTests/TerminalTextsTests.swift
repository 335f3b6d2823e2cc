import Collection
import Foundation
import Testing

@Suite("What the terminal says to participants")
struct TerminalTextsTests {
  @Test("Every text that the code names is there")
  func names() throws {
    let words = TextLibrary().texts("en").words
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")
    var named = 0
    for room in ["longwell", "Collection"] {
      let walk = FileManager.default.enumerator(
        at: folder.appending(path: room), includingPropertiesForKeys: nil)
      while let url = walk?.nextObject() as? URL {
        guard url.pathExtension == "swift" else { continue }
        let code = try String(contentsOf: url, encoding: .utf8)
          .replacing("TextLibrary().texts(", with: "")
        for match in code.matches(of: #/(?:texts|self)\("([a-z_]+)"/#) {
          #expect(words[String(match.1)] != nil, "\(url.lastPathComponent): \(match.1)")
          named += 1
        }
      }
    }
    #expect(named > 30)
  }
}
