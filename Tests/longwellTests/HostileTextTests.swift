import Foundation
import Testing

@Suite("Text from definitions stays text")
struct HostileTextTests {
  /// Quotes, backticks, a command substitution, gnuplot's macros, markup and a line break.
  static let hostile =
    #"It's "x" `touch planted-1` $(touch planted-2) @term <script>alert(1)</script> {/=40 big} 100%\nend"#

  static let instrument = """
    id: hostile-3
    version: 1.0.0
    title: "\(escaped)"
    construct: wellbeing
    language: en
    recall: now
    wording: original
    scales:
      five: { type: likert, options: { 1: "\(escaped)", 2: two, 3: three, 4: four, 5: five } }
    items:
      - { id: h1, text: "\(escaped)", scale: five }
      - { id: h2, text: two, scale: five }
      - { id: h3, text: three, scale: five }
    scores:
      mood: { mean: [h1, h2, h3] }
    tests:
      - { answers: { h1: 1, h2: 2, h3: 3 }, scores: { mood: 2 } }
      - { answers: { h1: 1 }, scores: { mood: missing } }

    """

  private static var escaped: String { hostile.replacing("\"", with: "\\\"") }

  static let plan = """
    id: hostile
    study: quickstart
    question: "\(escaped)"
    estimand: "\(escaped)"
    table:
      rows: occasion
      occasions: [baseline, followup]
      columns:
        mood: hostile-3.mood
        week: days_since(enrolment) / 7
    models:
      - { id: growth, formula: "mood ~ week * arm + (1 | participant)", primary: true }
    figures: [course, coefficients]

    """

  @Test("in figures, report, tables and the terminal, and no shell ever runs it")
  func everywhere() throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    let study = scratch.url.appending(path: "study")
    let instruments = study.appending(path: "instruments")
    try FileManager.default.createDirectory(at: instruments, withIntermediateDirectories: true)
    try Data(Self.instrument.utf8).write(to: instruments.appending(path: "hostile-3.yaml"))
    try Data(Self.plan.utf8).write(to: study.appending(path: "analysis/hostile.yaml"))
    let file = study.appending(path: "study.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
      .replacing("wisdom-7]", with: "wisdom-7, hostile-3]")
    try Data(text.utf8).write(to: file)
    let checked = try Command.run(["check", "study"], in: scratch.url)
    #expect(checked.status == 0, "\(checked.output)")
    _ = try Command.run(["simulate", "study", "--participants", "16"], in: scratch.url)
    let analysed = try Command.run(
      ["analyse", "study/analysis/hostile.yaml", "--study", "study", "--out", "results"],
      in: scratch.url)
    #expect(analysed.status == 0, "\(analysed.errors)")
    _ = try Command.run(["export", "study", "--out", "out"], in: scratch.url)

    let results = try scratch.contents(of: "results")
    let report = String(decoding: try #require(results["report.html"]), as: UTF8.self)
    #expect(!report.contains("<script"))
    #expect(report.contains("&lt;script&gt;alert(1)"))
    let pictures = results.filter { $0.key.hasSuffix(".svg") }
    #expect(!pictures.isEmpty)
    for (path, bytes) in pictures {
      let picture = String(decoding: bytes, as: UTF8.self)
      #expect(!picture.contains("<script"), "\(path)")
      #expect(try isWellFormed(bytes), "\(path)")
    }
    #expect(
      pictures.values.contains {
        String(decoding: $0, as: UTF8.self).contains("$(touch planted-2)")
      })
    let codebook = String(
      decoding: try #require(scratch.contents(of: "out")["codebook.csv"]), as: UTF8.self)
    #expect(codebook.contains("$(touch planted-2)"))
    for path in try FileManager.default.subpathsOfDirectory(atPath: scratch.url.path) {
      #expect(!path.contains("planted"), "\(path)")
    }
  }

  private func isWellFormed(_ bytes: Data) throws -> Bool {
    // Foundation's parser is another module on Linux; a tag count is enough to catch broken markup.
    let text = String(decoding: bytes, as: UTF8.self)
    return text.contains("<svg") && text.contains("</svg>")
      && text.count(where: { $0 == "<" }) == text.count(where: { $0 == ">" })
  }
}
