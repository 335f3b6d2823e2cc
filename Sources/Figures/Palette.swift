/// Colours, shapes and dashes that tell arms apart, also without colour.
///
/// Okabe and Ito's palette ("Color universal design", 2008), in the order that keeps neighbours
/// furthest apart for the three kinds of colour blindness, without its yellow, which is too light
/// on paper. Each colour comes with a lighter one for dark backgrounds.
enum Palette {
  /// How one series looks.
  struct Style: Sendable {
    var color: String
    var colorInDark: String
    /// gnuplot's filled shapes: circle, square, triangle, diamond, inverted triangle.
    var pointType: Int
    var dashType: Int
  }

  private static let styles = [
    Style(color: "#0072b2", colorInDark: "#6cb8e8", pointType: 7, dashType: 1),
    Style(color: "#d55e00", colorInDark: "#f5945a", pointType: 5, dashType: 2),
    Style(color: "#009e73", colorInDark: "#4fd1a9", pointType: 9, dashType: 4),
    Style(color: "#cc79a7", colorInDark: "#e6a9c9", pointType: 13, dashType: 3),
    Style(color: "#a97800", colorInDark: "#f0c34e", pointType: 11, dashType: 5),
  ]

  /// The style of the series at this position; beyond five they repeat.
  static func style(_ index: Int) -> Style { styles[index % styles.count] }

  /// Titles and labels.
  static let ink = "#1f2328"
  /// Axes and ticks.
  static let faint = "#57606a"
  /// Grid lines.
  static let grid = "#d8dee4"

  /// Every colour used on a light ground with the one that replaces it on a dark ground.
  static let pairs: [(light: String, dark: String)] =
    styles.map { ($0.color, $0.colorInDark) } + [
      (ink, "#e6edf3"), (faint, "#9da7b1"), (grid, "#30363d"),
    ]

  /// A colour with transparency as gnuplot writes it; 1 is opaque.
  static func translucent(_ color: String, _ opacity: Double) -> String {
    let alpha = String(Int(((1 - opacity) * 255).rounded()), radix: 16)
    return "#" + String(repeating: "0", count: 2 - alpha.count) + alpha + color.dropFirst()
  }
}
