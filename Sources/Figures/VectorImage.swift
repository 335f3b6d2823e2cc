import Foundation

/// A drawn figure: SVG that can stand in a file or within a page.
package struct VectorImage: Hashable, Sendable {
  /// The stem of its files.
  package let name: String
  /// One `<svg>` element, without an XML declaration.
  package let element: String

  /// Tidies what gnuplot wrote, so that equal figures have equal bytes and several can share a page.
  ///
  /// The version in the description goes, identifiers get the figure's name before them (those of
  /// plots, which every panel repeats and nothing refers to, go), colours are written in one way, and a
  /// style sheet swaps them on dark screens.
  init(gnuplot source: String, drawing: Drawing) {
    name = drawing.name
    var svg = source
    if let start = svg.range(of: "<svg") { svg.removeSubrange(..<start.lowerBound) }
    for pair in Palette.pairs {
      for spelling in Self.gnuplotSpellings(of: pair.light) {
        svg = svg.replacing("'\(spelling)'", with: "'\(pair.light)'")
        svg = svg.replacing("\"\(spelling)\"", with: "\"\(pair.light)\"")
      }
    }
    svg = svg.replacing(#/ id="gnuplot_plot_[^"]*" *><title>[^<]*<\/title>/#, with: ">")
    svg = svg.replacing("id='gp", with: "id='\(name)-gp")
    svg = svg.replacing("href='#gp", with: "href='#\(name)-gp")
    svg = svg.replacing("id=\"gnuplot_canvas\"", with: "id=\"\(name)-canvas\"")
    svg = svg.replacing("id='textbox'", with: "id='\(name)-textbox'")
    svg = svg.replacing("id='greybox'", with: "id='\(name)-greybox'")
    let words = Self.escaped(GnuplotText.oneLine(drawing.description))
    svg = Self.replacingFirst(
      "<svg ", with: "<svg role=\"img\" aria-label=\"\(words)\" ", in: svg)
    svg = Self.replacingElement("title", with: "<title>\(words)</title>", in: svg)
    svg = Self.replacingElement("desc", with: "<style>\(Self.darkStyle)</style>", in: svg)
    element = svg
  }

  /// The image as a file of its own.
  package var file: String { "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + element }

  private static let darkStyle: String = {
    let rules = Palette.pairs.map { pair in
      "[stroke='\(pair.light)']{stroke:\(pair.dark)}[fill='\(pair.light)']{fill:\(pair.dark)}"
        + "[color='\(pair.light)']{color:\(pair.dark)}"
    }
    return "@media screen and (prefers-color-scheme:dark){\(rules.joined())}"
  }()

  /// gnuplot pads the channels of strokes to three characters and does not pad those of fills.
  private static func gnuplotSpellings(of color: String) -> [String] {
    let digits = Array(color.dropFirst())
    let channels = stride(from: 0, to: 6, by: 2).compactMap {
      Int(String(digits[$0...$0 + 1]), radix: 16)
    }
    let padded = channels.map { channel in
      String(repeating: " ", count: 3 - String(channel).count) + String(channel)
    }
    return [
      "rgb(\(padded.joined(separator: ", ")))",
      "rgb(\(channels.map(String.init).joined(separator: ",")))",
    ]
  }

  private static func replacingFirst(_ text: String, with new: String, in svg: String) -> String {
    svg.replacing(text, with: new, maxReplacements: 1)
  }

  /// Replaces the first element of this name, content and all.
  private static func replacingElement(_ name: String, with new: String, in svg: String) -> String {
    guard let start = svg.range(of: "<\(name)>"),
      let end = svg.range(of: "</\(name)>", range: start.upperBound..<svg.endIndex)
    else { return svg }
    return svg.replacingCharacters(in: start.lowerBound..<end.upperBound, with: new)
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
