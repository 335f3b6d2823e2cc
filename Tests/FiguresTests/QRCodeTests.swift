import Figures
import Foundation
import Testing

struct QRCodeTests {
  @Test(arguments: [
    // Bytes that a code holds at correction level M, by version, from ISO/IEC 18004:2015, table 7.
    (14, 21), (15, 25), (26, 25), (27, 29), (42, 29), (43, 33), (62, 33), (2331, 177),
  ])
  func `a text gets the smallest code that holds it`(bytes: Int, size: Int) throws {
    let code = try #require(QRCode(String(repeating: "a", count: bytes)))
    #expect(code.size == size)
  }

  @Test(arguments: ["", "a\0b", String(repeating: "a", count: 2332)])
  func `what no code holds has none`(text: String) { #expect(QRCode(text) == nil) }

  @Test func `the finder patterns stand in three corners`() throws {
    let code = try #require(QRCode("https://study.example.org/p/0123456789abcdefghjkmnpqrs"))
    // The pattern of ISO/IEC 18004, 6.3.3: a square of 3 in a ring in a ring.
    let last = code.size - 7
    for (top, left) in [(0, 0), (0, last), (last, 0)] {
      for row in 0..<7 {
        for column in 0..<7 {
          let ring = max(abs(row - 3), abs(column - 3))
          #expect(code.isDark(row: top + row, column: left + column) == (ring != 2))
        }
      }
    }
    #expect(!code.isDark(row: -1, column: 0))
  }

  @Test func `a phone's reader reads it back`() throws {
    // ZBar, where it is installed, is the peer; without it there is nothing to compare with.
    let reader = "/usr/bin/zbarimg"
    let converter = "/usr/bin/rsvg-convert"
    guard [reader, converter].allSatisfy(FileManager.default.isExecutableFile) else { return }
    let text = "https://study.example.org/p/0123456789abcdefghjkmnpqrs"
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("longwell-qr-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let svg = folder.appendingPathComponent("code.svg")
    let png = folder.appendingPathComponent("code.png")
    try Data(try #require(QRCode(text)).svg(title: "A link").utf8).write(to: svg)
    let drawing = try Process.run(
      URL(fileURLWithPath: converter), arguments: ["-w", "400", "-o", png.path, svg.path])
    drawing.waitUntilExit()
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: reader)
    process.arguments = ["-q", "--raw", png.path]
    process.standardOutput = output
    try process.run()
    let read = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(String(decoding: read, as: UTF8.self) == text + "\n")
  }

  @Test func `the drawings show every module, with light around`() throws {
    let code = try #require(QRCode("x"))
    let svg = code.svg(title: "<a> & \"b\"")
    #expect(svg.contains("viewBox=\"0 0 29 29\""))
    #expect(svg.contains("aria-label=\"&lt;a&gt; &amp; &quot;b&quot;\""))
    let dark = (0..<21).reduce(0) { sum, row in
      sum + (0..<21).count { code.isDark(row: row, column: $0) }
    }
    let drawn = svg.matches(of: #/M\d+ \d+h(\d+)v1/#).reduce(0) { $0 + (Int($1.1) ?? 0) }
    #expect(drawn == dark)
    #expect(code.terminalLines.count == 13)
  }
}
