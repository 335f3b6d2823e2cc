import Foundation
import Testing

@testable import Figures

/// A folder that goes when the test is over.
private func withFolder(_ body: (URL) async throws -> Void) async throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "figures-\(UUID())")
  defer { try? FileManager.default.removeItem(at: folder) }
  try await body(folder)
}

/// A small course with this text wherever text can stand.
private func course(_ text: String) -> CourseFigure {
  let arms = [0.0, 0.5].map { gain in
    let means = [0.0, 4, 8].map { week in
      CourseFigure.Mean(
        x: week, mean: 3 + gain * week / 8, lower: 2.8 + gain * week / 8,
        upper: 3.2 + gain * week / 8, count: 20)
    }
    let people = (0..<20).map { person in
      [0.0, 4, 8].map { week in
        CourseFigure.Point(x: week, y: 2 + Double(person) / 10 + gain * week / 8)
      }
    }
    return CourseFigure.Arm(label: text, individuals: people, means: means)
  }
  return CourseFigure(
    name: "course", description: text, yLabel: text,
    ticks: [0.0, 4, 8].map { CourseFigure.Tick(x: $0, label: text) }, arms: arms, yRange: 1...5)
}

private func coefficients(_ text: String) -> CoefficientFigure {
  CoefficientFigure(
    name: "coefficients", description: text, xLabel: text,
    rows: [
      .init(label: text, estimate: 0.05, lower: 0.01, upper: 0.09, text: "0.05 [0.01, 0.09]"),
      .init(label: text, estimate: -0.1, lower: -0.3, upper: 0.1, text: text),
    ])
}

/// A reader of the text that an SVG shows; refuses what is not well-formed XML.
private func shownText(_ svg: String) throws -> [String] {
  var texts: [String] = []
  var rest = svg[...]
  while let start = rest.range(of: "<text>") ?? rest.range(of: "<text xml:space=\"preserve\">"),
    let end = rest.range(of: "</text>", range: start.upperBound..<rest.endIndex)
  {
    texts.append(
      String(rest[start.upperBound..<end.lowerBound]).replacing("<tspan>", with: "")
        .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
        .trimmingCharacters(in: .whitespaces))
    rest = rest[end.upperBound...]
  }
  return texts
}

@Suite struct FigureDrawerTests {
  /// Texts that would do something in a shell, in gnuplot or in a page if anyone let them.
  static let hostile = [
    "it's \"quoted\"", "$(touch PLANT)", "`touch PLANT`", "a'; system('touch PLANT'); '",
    "two\nset output 'PLANT'", "<script>PLANT</script>", "@PLANT", "{/Bold x}_2^3", "\\", "%g %s",
    "& &amp; &lt;", "]]>", "<!-- x", "|touch PLANT", "\u{0}\u{7}\r", "木 ünï 𝛽", "#x", "'",
  ]

  @Test(arguments: hostile) func hostileTextIsDrawnAsText(text: String) async throws {
    try await withFolder { folder in
      let plant = folder.appending(path: "plant")
      let planted = text.replacing("PLANT", with: plant.path)
      let short = text.replacing("PLANT", with: "x")
      for drawing in [
        course(planted).drawing(), coefficients(planted).drawing(), course(short).drawing(),
        coefficients(short).drawing(),
      ] {
        let image = try await FigureDrawer().draw(drawing, into: folder)
        #expect(!image.element.contains("<script"))
        #expect(!FileManager.default.fileExists(atPath: plant.path))
        #expect(XMLCheck.isWellFormed(image.element))
      }
      let shown = try shownText(
        String(contentsOf: folder.appending(path: "coefficients.svg"), encoding: .utf8))
      let expected = String(
        String.UnicodeScalarView(short.unicodeScalars.map { $0.value < 32 ? " " : $0 })
      ).trimmingCharacters(in: .whitespaces).replacing("'", with: "\u{2019}")
      #expect(shown.count { $0 == expected } >= (expected.isEmpty ? 0 : 4))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(
        Set(names)
          == Set(["course", "coefficients"].flatMap { ["\($0).svg", "\($0).gp", "\($0).tsv"] }))
    }
  }

  /// Several figures share a page: no identifier may occur twice there, nor within one figure.
  @Test func identifiersAreUniqueAndEveryFigureHasAName() async throws {
    try await withFolder { folder in
      var identifiers: [String] = []
      for drawing in [
        course("an \"arm\" & <more>").drawing(), course("arm").narrow.drawing(),
        coefficients("term").drawing(), coefficients("term").narrow.drawing(),
      ] {
        let image = try await FigureDrawer().draw(drawing, into: folder)
        identifiers += image.element.matches(of: #/\sid=['"]([^'"]*)['"]/#).map { String($0.1) }
        #expect(image.element.contains("role=\"img\" aria-label=\""))
        #expect(XMLCheck.isWellFormed(image.element))
        for used in image.element.matches(of: #/href='\#([^']*)'/#) {
          #expect(identifiers.contains(String(used.1)))
        }
      }
      #expect(!identifiers.isEmpty && Set(identifiers).count == identifiers.count)
    }
  }

  /// A phone shows about 340 pixels: every panel and every number has its place in them.
  @Test func narrowFiguresStackWhatStandsSideBySide() async throws {
    try await withFolder { folder in
      let course = course("arm").narrow.drawing()
      #expect(course.width == 340 && course.name == "course-narrow")
      #expect(course.script.components(separatedBy: "set lmargin at screen 0.17").count == 3)
      let shown = try await shownText(FigureDrawer().draw(course, into: folder).element)
      #expect(shown.count { $0 == "n = 20" } == 6)
      let rows = coefficients("a name of a term that is quite long").narrow.drawing()
      #expect(rows.width == 340)
      let words = try await shownText(FigureDrawer().draw(rows, into: folder).element)
      #expect(words.contains("a name of a term that is quite long"))
      #expect(words.contains("0.05 [0.01, 0.09]"))
    }
  }

  @Test func equalFiguresHaveEqualBytes() async throws {
    try await withFolder { folder in
      for drawing in [course("arm").drawing(), coefficients("term").drawing()] {
        let first = try await FigureDrawer().draw(drawing, into: folder.appending(path: "a"))
        let second = try await FigureDrawer().draw(drawing, into: folder.appending(path: "b"))
        #expect(first == second)
        #expect(!first.element.contains("GNUPLOT"))
      }
    }
  }

  @Test func whatDrewAFigureLiesBesideIt() async throws {
    try await withFolder { folder in
      let drawing = course("arm").drawing()
      _ = try await FigureDrawer().draw(drawing, into: folder)
      let script = try String(contentsOf: folder.appending(path: "course.gp"), encoding: .utf8)
      #expect(script.contains("set output 'course.svg'"))
      #expect(!script.contains(folder.path))
      let data = try String(contentsOf: folder.appending(path: "course.tsv"), encoding: .utf8)
      #expect(data.components(separatedBy: "\n\n\n").count == 4)
    }
  }

  @Test func aMissingGnuplotSaysWhatToInstall() async throws {
    try await withFolder { folder in
      let drawer = FigureDrawer(executable: "gnuplot-that-is-not-there")
      await #expect(throws: FigureProblem.gnuplotMissing("gnuplot-that-is-not-there")) {
        try await drawer.draw(course("arm").drawing(), into: folder)
      }
      #expect(FigureProblem.gnuplotMissing("gnuplot").description.contains("gnuplot-nox"))
    }
  }

  @Test(arguments: ["", "../x", "-x", "A", "x/y", "x'y", "x y"])
  func onlyPlainNamesBecomeFiles(name: String) async throws {
    try await withFolder { folder in
      var drawing = course("arm").drawing()
      drawing.name = name
      await #expect(throws: FigureProblem.unusableName(name)) {
        try await FigureDrawer().draw(drawing, into: folder)
      }
    }
  }

  @Test func emptyAndOddNumbersStillDraw() async throws {
    try await withFolder { folder in
      let arms = [
        CourseFigure.Arm(label: "nobody", individuals: [], means: []),
        CourseFigure.Arm(
          label: "one", individuals: [[.init(x: 0, y: 1)]],
          means: [.init(x: 0, mean: 1, lower: .nan, upper: .nan, count: 1)]),
      ]
      let one = CourseFigure(
        name: "one", description: "", yLabel: "", ticks: [.init(x: 0, label: "only")], arms: arms)
      _ = try await FigureDrawer().draw(one.drawing(), into: folder)
      let none = CourseFigure(name: "none", description: "", yLabel: "", ticks: [], arms: [])
      await #expect(throws: Never.self) {
        _ = try await FigureDrawer().draw(none.drawing(), into: folder)
      }
      let row = CoefficientFigure.Row(
        label: "x", estimate: .nan, lower: .nan, upper: .nan, text: "not estimated")
      let nothing = CoefficientFigure(name: "nothing", description: "", xLabel: "", rows: [row])
      _ = try await FigureDrawer().draw(nothing.drawing(), into: folder)
    }
  }

  @Test(arguments: 0..<5) func everySeriesDiffersInMoreThanColour(index: Int) {
    for other in 0..<index {
      #expect(Palette.style(index).color != Palette.style(other).color)
      #expect(Palette.style(index).pointType != Palette.style(other).pointType)
      #expect(Palette.style(index).dashType != Palette.style(other).dashType)
    }
  }
}
